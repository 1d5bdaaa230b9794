# Left: the score error along p_t does not bound W2: the parabola is crossed at theta = 0.309.
# Right: e^{-2B} for every schedule; the printed exponent holds for p = 1 only.
PANELS = '1,2'
load style
set multiplot layout 1,2
theta(x) = stringcolumn('panel') eq 'theta' && column('p') < 11 ? x : NaN
power(p) = stringcolumn('panel') eq 'power' && column('p') == p ? column('x') : NaN

set title 'N(0,1), score −(1 − θ) x, VP(0.1, 20), B = 10.05'
set xlabel 'score error ε = θ along p_t'
set ylabel 'W_2^2(p_{data}, law of Y_T)'
set bmargin 6.5
set key outside bottom center vertical maxrows 2
@LOGY
set xrange [0:0.66]
set yrange [1e-3:1e2]
set arrow 1 from 0.30902, graph 0 to 0.30902, graph 1 nohead lc rgb '#777777' lw 1.5
set label 1 'θ = (√5 − 1)/4' at 0.318, 2e-3
set label 2 'bound violated' at 0.318, 40
plot table using (theta(column('x'))):'bound' with lines ls 11 title 'printed hypothesis: 4θ²', \
     '' using (theta(column('x'))):'w2sq' with linespoints ls 1 title 'measured'
unset arrow 1
unset label 1
unset label 2

set title 'N(3,1), exact score, β = 0.1 + 19.9 (t/T)^p'
set xlabel 'B = ∫β'
set ylabel 'W_2^2(p_{data}, law of Y_T)'
set bmargin 6.5
set key outside bottom center vertical maxrows 2
@LOGY
set xrange [0:10.5]
set yrange [1e-9:1e2]
plot 9*exp(-2*x) with lines ls 10 title 'm² exp(−2B)', \
     NaN with lines lc rgb '#777777' dt (10,5) title 'as printed', \
     table using (power(1)):'w2sq' with points ls 1 title 'p = 1', \
     '' using (power(2)):'w2sq' with points ls 2 title 'p = 2', \
     '' using (power(3)):'w2sq' with points ls 3 title 'p = 3', \
     '' using (power(9)):'w2sq' with points ls 4 title 'p = 9', \
     '' using (power(1)):'bound' with lines ls 1 dt (10,5) notitle, \
     '' using (power(2)):'bound' with lines ls 2 dt (10,5) notitle, \
     '' using (power(3)):'bound' with lines ls 3 dt (10,5) notitle, \
     '' using (power(9)):'bound' with lines ls 4 dt (10,5) notitle
unset multiplot
