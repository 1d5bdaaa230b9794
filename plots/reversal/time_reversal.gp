# Variance of the reversed OU for both signs of the score; the diffusion a = 2 + sin 2x reversed with and without
# div a: the laws it ends with, and their distance from M.
PANELS = '1,3'
load style
set multiplot layout 1,3

rows(s) = stringcolumn('series') eq s ? column('value') : NaN
M(x) = 0.3/sqrt(2*pi*0.09)*exp(-0.5*(x + 1.5)**2/0.09) + 0.7/sqrt(2*pi*0.16)*exp(-0.5*(x - 1)**2/0.16)
v(v0, t) = 1 + (v0 - 1)*exp(-2*(1 - t))

set key inside enhanced top left
set title 'Reversed OU, data N(0, v_0)'
set xlabel 'backward time t'
set ylabel 'Var Y_t'
set xrange [0:1.12]
set xtics 0.25
@LOGY
set yrange [0.1:3e4]
do for [i = 1:3] { set label i sprintf('v_0 = %g', word('0.25 1 4', i) + 0) \
    at 1.02, word('9000 700 110', i) + 0 textcolor rgb '#D55E00' font ',12' }
plot [0:1.12] (x <= 1 ? v(0.25, x) : NaN) with lines ls 10 title 'Var X_{T-t}', \
     for [v0 in '1 4'] (x <= 1 ? v(v0 + 0, x) : NaN) with lines ls 10 notitle, \
     table using 'x':(rows('sign+1')) every 4 with points ls 1 title 'with +2∇log μ', \
     table using 'x':(rows('sign-1')) with points ls 11 pt 6 ps 0.5 title 'printed, -2∇log μ'
do for [i = 1:3] { unset label i }

unset logscale y
set format y '%g'
set title 'a = 2 + sin 2x: end of the reversal, 128 Euler steps'
set xlabel 'y'
set ylabel 'density'
set xrange [-3.5:3.5]
set xtics 1
set yrange [0:1.05]
set samples 400
plot M(x) with lines ls 10 title 'data M', \
     table using 'x':(rows('law0')) with lines ls 1 title 'with ∇·a', \
     table using 'x':(rows('law1')) with lines ls 12 lw 2.5 title 'control: without ∇·a'

set title 'a = 2 + sin 2x: distance from M'
set xlabel 'Euler steps N'
set ylabel 'TV'
set logscale x 2
set xrange [28:600]
set xtics (32, 64, 128, 256, 512)
@LOGY
set yrange [0.0015:0.6]
set key bottom left
plot 2.487/x with lines ls 10 title 'order 1', \
     table using 'x':(rows('tv0')) with linespoints ls 1 title 'with ∇·a', \
     0.2837 with lines ls 10 dt (6,4) title '0.2837', \
     table using 'x':(rows('tv1')) with linespoints ls 12 pt 7 lw 2.5 title 'control: without ∇·a'
unset multiplot
