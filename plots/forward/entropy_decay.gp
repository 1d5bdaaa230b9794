# Decay of relative entropy to gamma under OU: the curves with their limits, and against the bound.
PANELS = '1,2'
load style
set multiplot layout 1,2
set xlabel 'horizon T'
set xrange [0:3]

# the ninth is the user's target
names = 'N(1,1) sine M N(0,0.25) Laplace split skew S8 yours'
styles = '1 2 3 4 6 7 5 8'
row(s, i) = stringcolumn('target') eq word(names, i) ? column(s) : NaN
asymptote(i) = row('T', i) > 1.45 ? column('limit') * exp(-2*column('n')*column('T')) : NaN
ratio(i) = row('kl', i) / column('kl_0') * exp(2*column('T'))

set title 'slopes -2, -4, -6, -8:  first n with E He_n ≠ 0'
set ylabel 'KL(p_T | γ)  [nats]'
@LOGY
set yrange [1e-15:5]
set key inside bottom left enhanced
set label 1 'e^{-2T}' at 2.55, 0.012
set label 2 'e^{-4T}' at 2.6, 5e-7
set label 3 'e^{-6T}' at 2.4, 6e-8
set label 4 'e^{-8T}' at 2.35, 6e-10
plot for [i=1:8] table using 'T':(row('kl', i)) every 2 with points ls word(styles, i)+0 \
         title word(names, i).(i == 5 || i == 6 ? ', no LSI' : ''), \
     for [i=1:8] table using 'T':(asymptote(i)) with lines ls 10 lw 1 \
         title (i == 1 ? 'limit (E He_n)^2 e^{-2nT} / (2 n!)' : ''), \
     table using 'T':(row('kl', 9)) with linespoints ls 7 pt 3 notitle

unset label 1
unset label 2
unset label 3
unset label 4
set title 'against the bound e^{-2T} KL_0'
set ylabel 'KL(p_T | γ) / (e^{-2T} KL_0)'
set yrange [1e-7:100]
set object 1 rectangle from graph 0, graph 0 to graph 1, first 1 behind \
    fillstyle solid noborder fillcolor rgb '#F2F2F2'
plot 1 with lines ls 10 title 'bound, for every target', \
     exp(x) with lines ls 11 title 'as printed, no LSI: above', \
     exp(-x) with lines ls 12 title 'control, N(1,1) below', \
     for [i=1:8] table using 'T':(ratio(i)) every 2 with points ls word(styles, i)+0 notitle, \
     table using 'T':(ratio(9)) with linespoints ls 7 pt 3 notitle
unset multiplot
