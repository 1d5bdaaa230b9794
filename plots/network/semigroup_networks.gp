# Error against width for a smooth f and one with kinks; an average over points, right and as printed; pieces for two atoms.
PANELS = '2,2'
load style
set multiplot layout 2,2
set key inside enhanced samplen 2
@LOGX; @LOGY

series(s, t, c) = stringcolumn('series') eq s && column('t') == t ? column(c) : NaN
smooth = '0.5 0.2 0.05 0.01 0.001 0'
kinks = '0.2 0.05 0.01 0.001 0.0001 0.00001'

set title 'f = 1 + ½ sin 2x: order W^{-2} at every t'
set xlabel 'pieces W'
set ylabel 'sup_{|x| ≤ 4} |g − v|'
set xrange [12:1400]
set yrange [5e-7:5e2]
set key top right maxrows 4
plot for [i=1:6] table using 'x':(series('smooth', real(word(smooth, i)), 'z')) with lines ls 10 lw 1 title (i == 1 ? 'h^2/8 sup|v″|' : ''), \
     for [i=1:6] table using 'x':(series('smooth', real(word(smooth, i)), 'y')) with points ls i title 't = '.word(smooth, i)

set title 'f = 1 + ½ tri x: not uniformly in t'
set ylabel 'sup_{|x| ≤ 2} |g − v|'
set key bottom left maxrows 4
plot [12:1400][1e-11:9] 1.4*16**1.9/x**1.9 with lines ls 12 title 'control, W^{-1.9} at t = 10^{-5}', \
     for [i=1:6] table using 'x':(series('kinks', real(word(kinks, i)), 'y')) with linespoints ls i title 't = '.word(kinks, i)

set title 'Average over M points, t = 0.2'
set xlabel 'points M'
set ylabel 'E sup_{|x| ≤ 3} |v_M − v|'
set xrange [40:1.2e5]
set yrange [5e-4:0.5]
set key bottom left
plot 0.8/sqrt(x) with lines ls 10 title '0.8 M^{-½}', 6.4/x with lines ls 12 title 'control, M^{-1}', \
     table using 'x':(series('average', 0.2, 'y')) with points ls 1 title 'with the factor e^{-t}', \
     table using 'x':(series('average', 0.2, 'z')) with linespoints ls 11 title 'as printed, without it'

set title 'Two atoms: pieces for the error 0.1'
set xlabel 't'
set ylabel 'pieces W (W − 1 do not suffice)'
set xrange [6e-4:0.15]
set yrange [3:3e6]
set key top right
pieces(s) = stringcolumn('series') eq s ? column('y') : NaN
plot 33*(0.1/x)**1.5 with lines ls 10 title 't^{-3/2}', 12*(0.1/x)**0.5 with lines ls 10 dt (6,4) title 't^{-½}', \
     table using 't':(pieces('equidistant')) with points ls 1 title 'equidistant', \
     table using 't':(pieces('adapted')) with points ls 2 title 'adapted', \
     33 with lines ls 12 title 'control, bounded'
unset multiplot
