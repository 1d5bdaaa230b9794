# Left: the cost of a Taylor polynomial falls at least like N^{-2 beta}, below both bounds.
# Right: the instance that exceeds both printed bounds, not the corrected ones.
PANELS = '1,2'
load style
set multiplot layout 1,2
of(beta, name) = stringcolumn('series') eq 'line:0.3' && column('beta') == beta ? column(name) : NaN
B = '0.5 1 1.5 2'
b(k) = real(word(B, k))
set bmargin 9
set key outside bottom center vertical maxrows 4 enhanced

set title 'd = 1, σ_0 = 0.3'
set xlabel 'cells N'
set ylabel '∫ E|s° − s*|^2 dt  [nats]'
@LOGX
set format x '%g'
@LOGY
set xrange [3.5:75]
set yrange [1e-8:1e3]
plot for [k = 1:4] table using 'N':(of(b(k), 'v')) with linespoints ls k dt 1 ps 1 title 'β = '.word(B, k), \
     for [k = 1:4] '' using 'N':(of(b(k), 'B')) with lines ls k dt 3 title k == 1 ? 'E|g − g°|^2/(2e)' : '', \
     for [k = 1:4] '' using 'N':(of(b(k), 'bound')) with lines ls k dt 2 lw 1 title k == 1 ? "H^2 N^{−2β}/(2e)" : ""

set title 'β = 0.05: left side against the bounds, T = 6'
unset logscale
set format x '%g'
set format y '%g'
set xrange [0.3:3.7]
set yrange [0:0.36]
set xlabel ''
set ylabel 'nats'
set xtics ('left side' 1, 'sup norm' 2, 'Hölder' 3)
set boxwidth 0.28
row(name) = stringcolumn('series') eq 'instance' && column('beta') == 6 ? column(name) : NaN
plot table using (1):(row('v')) with boxes ls 1 title 'left side, certified', \
     '' using (1.85):(row('B')) with boxes ls 11 title 'as printed, 1/4', \
     '' using (2.85):(row('bound')) with boxes ls 11 notitle, \
     '' using (2.15):(2*row('B')) with boxes ls 10 title 'corrected, 1/2', \
     '' using (3.15):(2*row('bound')) with boxes ls 10 notitle, \
     '' using (0.3):(row('v')):(3.4):(0) with vectors nohead ls 12 notitle
unset multiplot
