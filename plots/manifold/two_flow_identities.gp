# Both sides of the identity as the upper end grows, and how far they are apart.
PANELS = '2,1'
load style
set multiplot layout 2,1

cases = 'OU VP VE cells-early bend line-end atoms-noisy'
names = '"mixtures, OU" "mixtures, VP" "mixtures, VE" "octaves, 4 cells" "bend, 4 cells (D = 2)" "DSM loss, line" "DSM loss, atoms"'
of(i, c) = stringcolumn('case') eq word(cases, i) ? column(c) : NaN

set title 'Points: integral of the distance of the scores; lines: KL(p_{t_0} | q_{t_0}) - KL(p_t | q_t)'
set ylabel 'both sides on [t_0, t]  [nats]'
set format x ''
set logscale x
set xrange [0.009:2.4]
@LOGY
set yrange [1e-3:3]
set key outside enhanced title 'flows'
set lmargin 11
set rmargin 32
plot for [i=1:7] table using (of(i, 't')):(of(i, 'right')) with lines ls i lw 1 dt 1 notitle, \
     for [i=1:7] table using (of(i, 't')):(of(i, 'left')) with points ls i ps 0.9 title word(names, i)

set title ''
@LOGX
set xlabel 'time t'
set ylabel '|left/right - 1|'
set yrange [1e-17:10]
set key title ''
rest(i) = abs(of(i, 'left')/of(i, 'right') - 1) + 1e-16
control(c) = stringcolumn('case') eq c ? abs(column('left')/column('right') - 1) : NaN
plot 1e-9 with lines ls 10 title 'tolerance, D = 1', 1e-6 with lines ls 10 dt (6,4) title 'tolerance, D = 2', \
     0.5 with lines ls 12 title 'control: factor ½', \
     table using 't':(control('under-q')) with points ls 12 pt 2 title 'control: E under q_t', \
     table using 't':(control('not-a-flow')) with points ls 12 pt 1 title 'control: 1.2 s_q', \
     for [i=1:7] table using (of(i, 't')):(rest(i)) with points ls i ps 0.9 notitle
unset multiplot
