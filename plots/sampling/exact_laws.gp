# Left: errors of KL and TV against the spacing c. Right: kernel evaluations against N with slope 3/2.
PANELS = "1,2"
load style
set multiplot layout 1,2
at(name, column_name) = (stringcolumn('quantity') eq name ? column(column_name) : NaN)
set title 'density propagation, OU, EI, N = 200'
set xlabel 'spacing c = Δx / √q'
set ylabel 'absolute error of KL [nats], TV, W₂'
@LOGY
set xrange [0.15:0.75]
set yrange [1e-16:1e0]
set format y '10^{%T}'
set key inside top left
plot 1e-13 with lines ls 10 title 'floor of the enclosures', \
     table using (at('M','abscissa')):(at('M','kl')) with linespoints ls 1 title 'KL, M', \
     table using (at('M','abscissa')):(at('M','tv')) with linespoints ls 2 title 'TV, M', \
     table using (at('M','abscissa')):(at('M','w2')) with linespoints ls 3 title 'W₂, M', \
     table using (at('S','abscissa')):(at('S','kl')) with linespoints ls 4 title 'KL, spike of variance 0.01'
set title 'cost, M, OU, EI, c = 0.2'
set xlabel 'steps N'
set ylabel 'kernel evaluations'
@LOGX
set autoscale
set xtics (64, 128, 256, 512, 1024)
set format x '%g'
stats table using (at('evaluations','abscissa')):(at('evaluations','kl')) nooutput
set xrange [0.7*STATS_min_x:1.4*STATS_max_x]
plot STATS_max_y*(x/STATS_max_x)**1.5 with lines ls 10 title 'slope 3/2', \
     table using (at('evaluations','abscissa')):(at('evaluations','kl')) with points ls 1 title 'measured'
unset multiplot
