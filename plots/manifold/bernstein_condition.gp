# Left: loss differences have both signs. Right: the criticised step needs R_1 <= 1, R_1 grows like 1/delta;
# the constant of Bernstein's condition stays far below its bound.
PANELS = '1,2'
load style
set multiplot layout 1,2
at(s, t0) = stringcolumn('series') eq s && column('t0') == t0 ? column('y') : NaN

set title 't_0 = 0.05: loss difference at a point of the line'
set xlabel 'x'
set ylabel 'Δl(x) / δ'
set xrange [-0.8:0.8]
set bmargin 9
set key inside top center
plot 0 with lines ls 10 notitle, \
     table using 'x':(at('difference:0.2', 0.05)/0.2) with lines ls 2 title 'δ = 0.2', \
     '' using 'x':(at('difference:0.1', 0.05)/0.1) with lines ls 3 title 'δ = 0.1', \
     '' using 'x':(at('difference:0.025', 0.05)/0.025) with lines ls 1 dt 1 title 'δ = 0.025'

set title 'second moment over the mean'
set xlabel 'δ'
set ylabel 'R_1 and Bernstein constant'
@LOGX
set format x '%g'
@LOGY
set xrange [0.005:0.3]
set yrange [1e-2:1e2]
set bmargin 9
set key outside bottom center vertical maxrows 4 enhanced
plot 1 with lines ls 11 title 'R_1 by the printed step: at most 1', \
     0.4/x with lines ls 10 title 'slope −1', \
     table using 'x':(at('ratio', 0.05)) with points ls 1 ps 1 title 'R_1, t_0 = 0.05', \
     '' using 'x':(at('ratio', 0.01)) with points ls 2 ps 1 title 'R_1, t_0 = 0.01', \
     18 with lines ls 7 title 'its bound, 18', \
     '' using 'x':(at('constant', 0.05)) with linespoints ls 3 ps 1 title 'Bernstein constant, t_0 = 0.05', \
     '' using 'x':(at('constant', 0.01)) with linespoints ls 4 ps 1 title 'Bernstein constant, t_0 = 0.01'
unset multiplot
