# Left: the extremal family reaches 18 as delta -> 0, half of what is printed; 17 is exceeded.
# Right: random pairs of scores use a part of the sharp constant.
PANELS = '1,2'
load style
set multiplot layout 1,2
of(s) = stringcolumn('series') eq s ? column('ratio') : NaN
@LOGX

set title "h = −2x, h' = −(2 − δ)x, t_0 = 0.01, T = 6"
set xlabel 'δ'
set ylabel "σ_0^2 (l − l')^2 / ∫ E|s − s'|^2 dt"
set xrange [5e-4:2]
set yrange [0:40]
set key inside bottom left
plot 36 with lines ls 4 title 'as printed, 36: true, twice too large', \
     18 with lines ls 10 title 'sharp, 18', \
     17 with lines ls 12 title 'control, 17', \
     table using 'x':(of('extremal')) with linespoints ls 1 ps 1 title 'measured'

set title 'random pairs, t_0 = 0.01, T = 1'
set xlabel "amplitude of h' − h"
set ylabel 'share of the sharp constant'
set xrange [1e-3:4]
set yrange [0:1.1]
set key off
plot 1 with lines ls 10, table using 'x':(of('random')) with points ls 1 ps 0.4
unset multiplot
