# Left: exponentially loose for OU. Middle: bounded in T where the drift contracts. Right: without L it fails.
PANELS = '1,3'
load style
set multiplot layout 1,3
at(panel) = stringcolumn('panel') eq panel ? column('T') : NaN
set bmargin 6.5
set key outside bottom center vertical maxrows 2
set xlabel 'horizon T'
@LOGY

set title 'OU, N(0,1), score −x + 0.1'
set ylabel 'W_2^2(p_{data}, law of Y_T)'
set xrange [0:4.2]
set yrange [1e-4:1e11]
plot table using (at('OU')):'bound' with lines ls 10 title 'bound, best h', \
     '' using (at('OU')):'w2sq' with linespoints ls 1 title 'measured'

set title 'f = 2x, g = 1, N(0,1), exact score + 0.1'
set yrange [1e-4:1e-1]
plot table using (at('r=2')):'bound' with lines ls 10 title 'bound, best h', \
     0.01 with lines lc rgb '#777777' dt (3,3) title 'its limit: ε²/(r − 1)²', \
     table using (at('r=2')):'w2sq' with linespoints ls 3 title 'measured'

set title 'CVP, β = 1, N(0,1), score +2x (L = 2)'
set xrange [0:3.1]
set yrange [1e-2:1e7]
plot table using (at('unstable')):'bound' with lines ls 10 title 'bound, best h', \
     '' using (at('unstable')):'w2sq' with linespoints ls 1 title 'measured', \
     '' using (at('unstable')):'no_lipschitz' with lines ls 12 lw 3 title 'control: no L'
unset multiplot
