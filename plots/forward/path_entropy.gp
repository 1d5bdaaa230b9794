# Skeleton entropies, the balance coefficient and the energy of the reversed drift, each with 1/4 and with 1/2.
PANELS = '1,3'
load style
set multiplot layout 1,3
set key enhanced inside

only(s) = stringcolumn('series') eq s ? column('value') : NaN

set title 'skeletons X_0, X_h, .., OU from N(0,v), T = 1'
set xlabel 'number of steps N'
set ylabel '[ H(P_N|W_N) - H(μ_0) ] / E∫|b|^2 dt'
set logscale x
set format x '10^{%L}'
set yrange [0.1:0.6]
set xrange [0.7:1.5e4]
set key center right
plot 0.25 with lines ls 10 title '1/4', \
     0.5 with lines ls 11 title '1/2, as printed', \
     table using 'x':(only('v=1')) with points ls 1 ps 1 title 'v = 1', \
     table using 'x':(only('v=4')) with points ls 6 ps 1.3 title 'v = 4'

unset logscale x
set format x '%g'
set title 'time reversal, OU, four initial laws'
set xlabel 'horizon T'
set ylabel 'c = [ H(μ_0) - H(μ_T) ] / E∫(|b̄|^2 - |b|^2) dt'
set xrange [0.3:2.2]
set xtics (0.5, 1, 2)
set yrange [0.1:0.75]
set key top right maxrows 4
place(s, shift) = stringcolumn('series') eq s ? column('x') + shift : NaN
plot 0.25 with lines ls 10 title '1/4', \
     0.5 with lines ls 11 title '1/2, as printed', \
     0.125 with lines ls 12 title '1/8, control', \
     table using (place('M', -0.06)):'value' with points ls 1 ps 1 title 'M', \
     table using (place('G', -0.02)):'value' with points ls 2 ps 1 title 'G', \
     table using (place('N(0,4)', 0.02)):'value' with points ls 3 ps 1 title 'N(0,4)', \
     table using (place('N(0,0.25)', 0.06)):'value' with points ls 4 ps 1 title 'N(0,1/4)'

set title 'from one point, b = 0, D = 1'
set xlabel 'log(1/η)'
set ylabel '¼ E∫|b̄|^2 dt up to T - η'
set xrange [0:14.5]
set xtics auto
set yrange [0:14.5]
set key top left maxrows auto
plot 0.5*x with lines ls 10 title '½ log(1/η)', \
     x with lines ls 12 title 'log(1/η), control', \
     table using 'x':(only('point')) with points ls 1 ps 1 title 'quadrature'
unset multiplot
