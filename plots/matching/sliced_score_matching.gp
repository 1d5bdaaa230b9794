# What slices cost: variance of the loss against the number m of slices, and the objective for each law of v.
PANELS = '2,2'
load style
set multiplot layout 2,2
set key inside top right enhanced

is(panel, law) = stringcolumn('panel') eq panel && stringcolumn('law') eq law
of(panel, law, name) = is(panel, law) ? column(name) : NaN

set xlabel 'slices m'
set ylabel 'Var(2 v^TAv), averaged over m slices'
set logscale x 2
set xrange [0.8:20]
@LOGY

set title 'A = -B in the plane (L2), same symbols'
set yrange [0.005:50]
unset key
plot 20.72/x with lines ls 12 lw 2.5 title 'control: 8|A|^2/m', \
     table using 'm':(of('L2', 'Gaussian', 'predicted')) with lines ls 10 title 'predicted', \
     for [law in 'reduced sphere Rademacher'] table using 'm':(of('L2', law, 'predicted')) with lines ls 10 notitle, \
     table using 'm':(of('L2', 'Gaussian', 'value')) with points ls 1 title 'N(0, I)', \
     table using 'm':(of('L2', 'reduced', 'value')) with points ls 4 title 'N(0, I), (v^Ts)^2 form', \
     table using 'm':(of('L2', 'sphere', 'value')) with points ls 3 title 'sphere of radius √d', \
     table using 'm':(of('L2', 'Rademacher', 'value')) with points ls 2 title 'random signs'

set title 'd = 10'
set yrange [0.004:1000]
set key inside bottom left enhanced
plot 176.28/x with lines ls 12 lw 2.5 title 'control: 8|A|^2/m', \
     table using 'm':(of('R10', 'Gaussian', 'predicted')) with lines ls 10 title 'predicted', \
     for [law in 'reduced sphere Rademacher'] table using 'm':(of('R10', law, 'predicted')) with lines ls 10 notitle, \
     table using 'm':(of('R10', 'Gaussian', 'value')) with points ls 1 title 'N(0, I)', \
     table using 'm':(of('R10', 'reduced', 'value')) with points ls 4 title 'N(0, I), (v^Ts)^2 form', \
     table using 'm':(of('R10', 'sphere', 'value')) with points ls 3 title 'sphere of radius √d', \
     table using 'm':(of('R10', 'Rademacher', 'value')) with points ls 2 title 'random signs'

set title 'mixture G, OU, s = -1.3x + 0.7 sin 2x'
set ylabel 'Var_{SSM} - Var_{ISM}'
set yrange [*:*]
set key inside top right enhanced
plot table using 'm':(of('t=0.1', 'Gaussian', 'predicted')) with lines ls 10 title 'predicted, 8 E|S|^2/m', \
     for [t in 't=0.5 yours'] table using 'm':(of(t, 'Gaussian', 'predicted')) with lines ls 10 notitle, \
     table using 'm':(of('t=0.1', 'Gaussian', 'value')) with points ls 1 title 't = 0.1', \
     table using 'm':(of('t=0.5', 'Gaussian', 'value')) with points ls 2 title 't = 0.5', \
     table using 'm':(of('yours', 'Gaussian', 'value')) with points ls 4 title 'your target'

unset logscale
set format '%g'
set title 'the objective on L2, one slice'
set xlabel 'law of v'
set ylabel 'J_{SSM}'
set xrange [-0.6:3.6]
set yrange [-1.6:1.6]
laws = 'Gaussian Rademacher sphere unit-sphere'
set xtics ('N(0, I)' 0, 'signs' 1, 'sphere √d' 2, 'unit sphere' 3)
at(law) = is('objective', law) ? 1 : NaN
set key top left
plot -1.107 with lines ls 10 title 'J_{ISM} = -1.107', \
     for [k=1:3] table using ((k - 1)*at(word(laws, k))):'value':'lo':'hi' with yerrorbars ls 1 title (k == 1 ? 'E vv^T = I' : ''), \
     table using (3*at('unit-sphere')):'value':'lo':'hi' with yerrorbars ls 6 title 'control: E vv^T = I/d'
unset multiplot
