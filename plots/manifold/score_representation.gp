# bend, sd = 0.1: the cloud X_t, the score s* (arrows) and the posterior means f* (blue, joined to y) at three times.
PANELS = '1,3'
load style
set multiplot layout 1,3
at(s, t, c) = stringcolumn('series') eq s && column('t') == t ? column(c) : NaN
# arrows of length 0.2 |s|/(1 + |s|)
arrow(t, c) = (norm = sqrt(column('dx')**2 + column('dy')**2), 0.2*at('score', t, c)/(1 + norm))
set xrange [-1.7:1.7]
set yrange [-1.7:1.7]
set size ratio -1
set lmargin 6; set rmargin 1; set bmargin 7; set tmargin 2
set xlabel 'y_1'
set ylabel 'y_2'
set key outside bottom center horizontal enhanced maxrows 2 font ',12'
do for [t in '0.01 0.1 0.5'] {
    time = real(t)
    set title 't = '.t
    plot table using (at('cloud', time, 'x')):(at('cloud', time, 'y')) with points pt 7 ps 0.35 lc rgb '#E69F00' title 'X_t', \
         table using (at('score', time, 'x')):(at('score', time, 'y')):(arrow(time, 'dx')):(arrow(time, 'dy')) \
             with vectors filled head size 0.06,20 lw 0.8 lc rgb '#AAAAAA' title 'score s*', \
         table using (at('curve', time, 'x')):(at('curve', time, 'y')) with lines ls 10 lw 2.5 title 'g*(u)', \
         table using (at('mean', time, 'x')):(at('mean', time, 'y')):(at('mean', time, 'dx')):(at('mean', time, 'dy')) \
             with vectors nohead lw 1.5 lc rgb '#0072B2' notitle, \
         table using (at('mean', time, 'x') + column('dx')):(at('mean', time, 'y') + column('dy')) with points ls 1 ps 0.9 title 'f*(y, t)', \
         table using (at('mean', time, 'x')):(at('mean', time, 'y')) with points ls 6 ps 0.9 title 'y'
}
unset multiplot
