# TV between the law of the reverse SDE and kernel estimates; the weights of the atoms at delta = 0.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside enhanced

only(s) = stringcolumn('series') eq s ? column('value') : NaN
low(s) = stringcolumn('series') eq s ? column('lo') : NaN
high(s) = stringcolumn('series') eq s ? column('hi') : NaN

eps = 0.1
set title 'Training points of norm d,  ε = 0.1,  T = log(d/ε),  δ = ε^2/d'
set xlabel 'dimension d'
set ylabel 'TV to the kernel estimate'
set logscale x 2
set format x '%.0f'
set xrange [0.9:1100]
set xtics 4
@LOGY
set yrange [1e-9:3]
set key bottom left
set object 1 rectangle from graph 0, graph 0 to graph 1, first eps behind \
    fillstyle solid noborder fillcolor rgb '#F2F2F2'
set label 1 'allowed' at 850, 0.011 right textcolor rgb '#777777' font ',12'
set label 2 'refuted from d = 13 on' at 12, 0.9 right textcolor rgb '#D55E00' font ',12'
plot eps with lines ls 10 title 'ε', \
     table using 'x':(only('printed')) with linespoints ls 11 pt 6 ps 0.8 title 'centres x_i, as printed, n = 1', \
     table using 'x':(only('ten')):(low('ten')):(high('ten')) with yerrorbars ls 7 dt 1 title 'centres x_i, as printed, n = 10', \
     0.5*eps with lines ls 10 dt (6,4) title 'bound with centres e^{-δ}x_i', \
     table using 'x':(only('shrunk')) with linespoints ls 1 title 'centres e^{-δ}x_i, n = 1'

unset object 1
unset label 1
unset label 2
unset logscale x
set title 'δ = 0: weights of the atoms -1, 0.3, 1'
set xlabel 'horizon T'
set ylabel 'TV to equal weights'
set format x '%g'
set xrange [0.3:5.2]
set xtics 1
set yrange [3e-7:0.3]
set key bottom left
limit = 0.11 / 3
plot limit*exp(-2*x) with lines ls 10 title 'predicted, e^{-2T} |x̄| Σ|x_i - x̄| / 6', \
     limit*exp(-x) with lines ls 12 title 'control, rate e^{-T}', \
     table using 'x':(only('weights')) with points ls 1 ps 1 title 'quadrature'
unset multiplot
