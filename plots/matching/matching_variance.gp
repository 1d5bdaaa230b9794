# Variance of one sample of the losses and of their gradients against the noise level, at the best k, d = 5.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside enhanced
set xlabel 'noise σ'
@LOGX
set format x '%g'
@LOGY
set xrange [0.03:5]

d = 5
S(x) = 1 + x**2
of(law, m, name) = stringcolumn('law') eq law && column('m') == m ? column(name) : NaN

set title 'gradient in k at k* = 1/(1 + σ^2)'
set ylabel 'variance of one sample'
set yrange [1e-2:1e9]
set key top right
set arrow 1 from 0.5, graph 0 to 0.5, 8*d*2 nohead ls 10 dt (2,2) lw 1
set arrow 2 from sqrt(0.5), graph 0 to sqrt(0.5), 8*d nohead ls 10 dt (2,2) lw 1
set label 1 'σ_1' at 0.47, 0.018 right
set label 2 'σ_∞' at 0.75, 0.07 left
set arrow 3 from 1, graph 0 to 1, 16*d nohead ls 12 lw 2.5
set label 3 'control' at 1.08, 0.018 left textcolor rgb '#808080'
plot 4*d/x**2 with lines ls 10 title 'predicted', \
     8*d with lines ls 10 notitle, for [m in '1 4 16'] 8*d*(1 + 1.0/m) with lines ls 10 notitle, \
     4*d*x**2 with lines ls 10 notitle, \
     table using 'sigma':(of('DSM', 1, 'gradient')) with points ls 6 pt 7 title 'DSM', \
     table using 'sigma':(of('DSM', 1, 'gradient')*column('sigma')**4) with points ls 6 ps 1.4 title 'DSM weighted by σ^2', \
     table using 'sigma':(of('SSM', 1, 'gradient')) with points ls 1 title 'SSM, m = 1', \
     table using 'sigma':(of('SSM', 4, 'gradient')) with points ls 2 title 'SSM, m = 4', \
     table using 'sigma':(of('SSM', 16, 'gradient')) with points ls 3 title 'SSM, m = 16', \
     table using 'sigma':(of('ISM', 1, 'gradient')) with points ls 4 title 'ISM'

unset arrow
unset label
set title 'the loss itself at k*'
set yrange [1e-3:1e11]
plot 2*d/(x**4*S(x)**2) with lines ls 10 title 'predicted', \
     2*d/S(x)**2 with lines ls 10 notitle, 2*d/S(x)**2 + 8*d/S(x)**2 with lines ls 10 notitle, \
     table using 'sigma':(of('DSM', 1, 'loss')) with points ls 6 pt 7 title 'DSM', \
     table using 'sigma':(of('DSM', 1, 'loss')*column('sigma')**4) with points ls 6 ps 1.4 title 'DSM weighted by σ^2', \
     table using 'sigma':(of('SSM', 1, 'loss')) with points ls 1 title 'SSM, m = 1', \
     table using 'sigma':(of('ISM', 1, 'loss')) with points ls 4 title 'ISM', \
     2*d with lines ls 10 dt (6,4) title 'bound of the weighted loss, 2d'
unset multiplot
