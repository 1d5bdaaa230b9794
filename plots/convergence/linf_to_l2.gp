# Left: W_2^2 grows exponentially with an unbounded error, and not with the bounded one of the same slope at 0.
# Right: TV of both below the bound, which grows like the root of B.
PANELS = '1,2'
load style
set multiplot layout 1,2
linear(name) = stringcolumn('error') eq 'linear' && column('slope') == 0.6 ? column(name) : NaN
bounded(name) = stringcolumn('error') eq 'tanh-0.4' && column('slope') == 0.6 ? column(name) : NaN

set title 'N(0,1), VP, score −x + e(x), slope 0.6 at 0'
set xlabel 'B = ∫β'
set ylabel 'W_2^2(p_{data}, law of Y_T)'
set bmargin 8
set key outside bottom center vertical maxrows 3 enhanced
@LOGY
set xrange [0:42]
set yrange [0.02:5e4]
variance(x) = 6*exp(0.2*x) - 5
plot (sqrt(variance(x)) - 1)**2 with lines ls 10 title 'predicted', \
     table using 'B':(linear('w2sq')) with points ls 2 ps 1 title 'e = 0.6 x, ε_2 = 0.6', \
     4*0.6**2 with lines ls 12 title 'control: 4ε_2², e = 0.6 x', \
     table using 'B':(bounded('w2sq')) with points ls 1 ps 1 title '|e| ≤ A = 0.4', \
     4*0.4**2 with lines ls 10 dt (10,5) title 'bound 4A²'

set title 'the same: total variation'
set ylabel 'TV(p_{data}, law of Y_T)'
unset logscale y
set format y '%g'
set yrange [0:2.1]
stats table using (bounded('tv_bound')/sqrt(column('B'))) name 'C' nooutput
plot 0.3*sqrt(x) with lines ls 2 dt 1 lw 1.2 title '½ ε_2 √B, e = 0.6 x', \
     table using 'B':(linear('tv')) with points ls 2 ps 1 title 'TV, e = 0.6 x', \
     C_mean*sqrt(x) with lines ls 1 lw 1.2 title '½ ε_2 √B, |e| ≤ 0.4', \
     table using 'B':(bounded('tv')) with points ls 1 ps 1 title 'TV, |e| ≤ 0.4'
unset multiplot
