# Left: the excess along the training, its floor, and the wrong target that converges elsewhere.
# Right: what the last step leaves against n, network and plug-in of the same points.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside enhanced font ',12' samplen 2
row(s, d, n) = stringcolumn('series') eq s && stringcolumn('data') eq d && column('n') == n ? column('y') : NaN
of(s, d) = stringcolumn('series') eq s && stringcolumn('data') eq d && column('n') > 0 ? column('y') : NaN
stats table using (row('long', 'G', 0)) name 'L' nooutput
stats table using (stringcolumn('series') eq 'trace' ? column('x') : NaN) name 'S' nooutput
@LOGY

set title 'mixture G: during training'
set xlabel 'step'
set ylabel 'E(s) = ∫ E|s − s*|^2 dt'
set xrange [0:S_max]
set yrange [5e-4:60]
set key top right maxrows 4
plot L_mean with lines ls 10 title '4 × the steps', \
     1.0686082232 with lines ls 12 lw 3 title 'wrong optimum', \
     table using 'x':(row('wrong', 'G', 0)) with lines ls 6 title 'wrong target', \
     table using 'x':(row('trace', 'G', 0)) with lines ls 1 title 'fresh data', \
     table using 'x':(row('trace', 'G', 100)) with lines ls 2 title 'n = 100', \
     table using 'x':(row('trace', 'G', 1600)) with lines ls 3 title 'n = 1600', \
     table using 'x':(row('trace', 'G', 6400)) with lines ls 4 title 'n = 6400'

set title 'after the last step: runs and their means'
set xlabel 'training points n'
@LOGX
set xrange [60:20000]
set yrange [1e-4:3]
set key top right maxrows 3
plot L_mean with lines ls 10 title 'G, fresh data', \
     table using 'n':(of('network', 'G')) with points ls 1 ps 0.5 notitle, \
     table using 'n':(of('network', 'G')) smooth unique with lines ls 1 title 'G, network', \
     table using 'n':(of('plug-in', 'G')) with points ls 2 ps 0.5 notitle, \
     table using 'n':(of('plug-in', 'G')) smooth unique with lines ls 2 title 'G, plug-in', \
     table using 'n':(of('network', 'curve')) with points ls 3 ps 0.6 notitle, \
     table using 'n':(of('network', 'curve')) smooth unique with lines ls 3 title 'curve, network', \
     table using 'n':(of('plug-in', 'curve')) with points ls 4 ps 0.6 notitle, \
     table using 'n':(of('plug-in', 'curve')) smooth unique with lines ls 4 title 'curve, plug-in'
unset multiplot
