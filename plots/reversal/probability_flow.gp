# Lines of the probability flow over the density they carry; what the ends of flow and SDE remember of p_noise;
# geometric Brownian motion with and without div a.
PANELS = '1,3'
load style
set multiplot layout 1,3

at(s, name) = stringcolumn('series') eq s ? column(name) : NaN
starts(s, name) = stringcolumn('series')[1:strlen(s)] eq s ? column(name) : NaN
set key enhanced

set title 'OU from M: lines of the flow over p_t'
set xlabel 'time t'
set ylabel 'x'
set xrange [0:2]
set yrange [-3:3]
set xtics 0.5
set palette defined (0 '#FFFFFF', 0.12 '#D4E6F2', 0.35 '#8FBFDE', 0.7 '#3F88B9')
unset colorbox
unset key
plot table using (at('density', 't')):'x':(0.025):(0.05):'y' with boxxyerror fillstyle solid noborder lc palette, \
     for [i = 0:12] table using 't':(at('line-'.i, 'x')) with lines ls 10 lw 1

set title 'Started from N(0, 1): TV to M at the end'
set xlabel 'horizon T'
set ylabel 'TV'
set xrange [0.3:3.2]
@LOGY
set yrange [1e-4:0.3]
set key inside bottom left
plot table using 't':(at('tv', 'x')) with lines ls 10 title 'TV(p_T, p_{noise})', \
     table using 't':(at('tv', 'y')) with points ls 1 ps 1 title 'flow', \
     table using 't':(at('tv', 'z')) with linespoints ls 2 ps 1 title 'SDE'

unset logscale y
set format y '%g'
set title 'Geometric Brownian motion: lines of the flow'
set xlabel 'time t'
set ylabel '(log x_t - m_t)/s_t'
set xrange [0:1.02]
set yrange [-4.3:7.5]
set ytics 1
set xtics 0.25
set key inside top left
plot for [i = -4:4] i with lines ls 10 title (i == -4 ? 'constant' : ''), \
     table using 't':(starts('gbm0', 'x')) with points ls 1 ps 0.5 title 'with ½∇·a', \
     table using 't':(starts('gbm1', 'x')) with points ls 12 pt 6 ps 0.5 lc rgb '#555555' title 'control: without ½∇·a'
unset multiplot
