# err against the number of training points; the function of time whose Riemann sum it is.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside enhanced

only(s) = stringcolumn('series') eq s ? column('value') : NaN
low(s) = stringcolumn('series') eq s ? column('lo') : NaN
high(s) = stringcolumn('series') eq s ? column('hi') : NaN

set title 'N((-5, 5), 10 I_2),  h = 0.02,  T = 5'
set xlabel 'training points N'
set ylabel 'err = mean over time of E|∇log p̂_t - ∇log p_t|^2'
set logscale x
set format x '%.0f'
set xtics (100, 200, 500, 1000, 2000)
set xrange [85:2400]
@LOGY
set yrange [0.02:6]
set key bottom left
plot 318/x with lines ls 10 title 'slope -1', \
     table using 'x':(only('err')):(low('err')):(high('err')) with yerrorbars ls 1 title 'measured', \
     table using 'x':(only('printed')) with points ls 11 pt 2 ps 1 title 'as printed, mean of 10', \
     table using 'x':(only('slip')):(low('slip')):(high('slip')) with yerrorbars ls 12 pt 1 ps 1.2 title 'control, σ_t  in place of σ_t^2'

h = 0.02
set title 'The Riemann sum at N = 500'
set xlabel 'time t'
set ylabel 'e(t) = E|∇log p̂_t - ∇log p_t|^2'
unset logscale
set format x '%g'
set format y '%g'
set xtics 0.02
set xrange [0:0.2]
set yrange [0:*]
set key top right
plot table using (column('x') + 0.5*h):(only('profile')):(h) with boxes ls 12 fs solid 0.25 title 'summed by T err, 1.8 times the integral', \
     table using 'x':(only('profile')) with linespoints ls 1 title 'measured at kh'
unset multiplot
