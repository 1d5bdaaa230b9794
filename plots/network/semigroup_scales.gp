# What a scale of the Gaussian factor costs; how fast the VP score tends to the VE score.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside top center enhanced samplen 2
row(s) = stringcolumn('series') eq s ? column('y') : NaN

set title 'π = G: the best scale is (E X^2)^{1/2}'
set xlabel 'scale σ'
set ylabel 'KL(π | N(0, σ^2)) − KL(π | N(0, E X^2))  [nats]'
set xrange [0.65:3.2]
set yrange [-0.05:1]
plot table using 'x':(row('scale')) with linespoints ls 1 title 'KL, excess', \
     0 with lines ls 10 title 'its least value', \
     '+' using (sqrt(2.398)):(0) with points lt 1 pt 7 lc 'black' title 'σ^2 = E X^2', \
     '+' using (sqrt(1.8355)):(0.01957) with points lt 1 pt 4 ps 1.4 lc 'gray40' title 'control, σ^2 = Var X'

set title 'σ^2β = ½: VP tends to VE'
set xlabel 'speed β'
set ylabel 'difference of the scores at x = 0.9, t = 0.4'
@LOGX; @LOGY
set xrange [5e-4:2]
set yrange [1e-7:2]
set key top left
plot 0.1509*x with lines ls 10 title 'order 1', \
     150.9*x*x with lines ls 12 title 'control, order 2', \
     table using 'x':(abs(row('ve'))) with points ls 1 title '|VP − VE|'
unset multiplot
