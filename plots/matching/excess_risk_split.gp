# Left over right side of R2 along four classes; the terms of R1 and the excess risk against the sample size.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside enhanced

only(s, c) = stringcolumn('series') eq s ? column(c) : NaN

set title 'R2: E|ŝ-u|^2 over E|ŝ-s_*|^2 + E|s_*-u|^2'
set xlabel 'θ̂ - θ_*'
set ylabel 'left side / right side'
set xrange [-0.65:1.05]
set yrange [0.9:2.3]
set key off
set object 1 rectangle from graph 0, first 0.9 to graph 1, first 1 behind fillstyle solid noborder fillcolor rgb '#E9E9E9'
set label 1 'constant 1 holds (control)' at 1.02, 0.95 right textcolor rgb '#777777' font ',12'
set label 2 'factor 2' at -0.6, 2.06 font ',12'
set label 3 '-x + θ on N(0,1), θ in [1, 2]' at 0.42, 1.5 textcolor rgb '#D55E00' font ',12'
set label 4 '-θx, θ in [0.3, 0.5]' at -0.22, 1.46 right textcolor rgb '#B37700' font ',12'
set label 5 '-2 tanh θx' at -0.6, 1.13 textcolor rgb '#0072B2' font ',12'
set label 6 '-θx' at 0.62, 1.06 textcolor rgb '#009E73' font ',12'
plot 2 with lines ls 10, \
     1 with lines ls 12, \
     table using 'x':(only('shift', 'value')) with linespoints ls 6 pointinterval 4, \
     table using 'x':(only('interval', 'value')) with linespoints ls 2 dt 1 pointinterval 4, \
     table using 'x':(only('tanh', 'value')) with linespoints ls 1 pointinterval 4, \
     table using 'x':(only('linear', 'value')) with linespoints ls 3 dt 1 pointinterval 4

set key on
unset object 1
unset label
set title 'R1: its terms and the excess risk, -2 tanh θx'
set xlabel 'sample size n'
set ylabel 'mean over samples'
set logscale x
set xtics (250, 1000, 4000, 16000)
set format x '%.0f'
set xrange [200:20000]
@LOGY
set yrange [1e-6:1]
set key bottom left
plot table using 'x':(only('sample-error', 'predicted')) with lines ls 10 title 'predicted, n^{-1/2} and n^{-1}', \
     table using 'x':(only('excess', 'predicted')) with lines ls 10 notitle, \
     table using 'x':(only('empirical', 'predicted')) with lines ls 12 title 'J(θ_*)', \
     table using 'x':(only('empirical', 'value')):(only('empirical', 'lo')):(only('empirical', 'hi')) with yerrorbars ls 3 dt 1 title 'second term, Ê|ŝ-u|^2', \
     table using 'x':(only('sample-error', 'value')):(only('sample-error', 'lo')):(only('sample-error', 'hi')) with yerrorbars ls 1 title 'first term, |E - Ê|', \
     table using 'x':(only('excess', 'value')):(only('excess', 'lo')):(only('excess', 'hi')) with yerrorbars ls 6 dt 1 title 'excess J(θ̂) - J(θ_*)'
unset multiplot
