# The three dependences of 002 Table 2, with the slope that each row allows dashed. Left: the step; EI stays on slope 1, far
# above the printed 3/2 of row [97]. Middle: the dimension, with Pinsker's bound. Right: the horizon; all saturate but EM
# on CVP.
PANELS = '1,3'
load style
set datafile missing NaN

pick(panel, metric, name, y) = strcol('panel') eq panel && strcol('metric') eq metric && strcol('series') eq name ? y : NaN
v(panel, metric, name) = pick(panel, metric, name, column('value'))

set multiplot layout 1,3 margins 0.055,0.99,0.36,0.97 spacing 0.06
@LOGX; @LOGY
set key at graph 0.5,-0.22 center top Left reverse maxrows 7 font ',12'

steps = "EM-OU-G EI-OU-G EI2-OU-G EM-OU-M EM-OU-U EI-OU-U PC-OU-G"
set xlabel 'step δ' offset 0,0.3
set ylabel 'TV(p, p_N)' offset 1,0
set xrange [8e-5:0.2]
set yrange [1e-7:1]
plot for [i = 1:words(steps)] table using 'x':(v('delta', 'TV', word(steps, i))) with linespoints ls i title word(steps, i), \
     0.3*sqrt(x) with lines ls 10 title 'row [11]: δ^{1/2}' enhanced, \
     15*x**1.5 with lines ls 11 title 'row [97]: δ^{3/2}, printed' enhanced

set xlabel 'dimension d'
set xrange [0.8:5000]
set yrange [0.01:10]
plot for [i = 1:2] table using 'x':(v('d', 'TV', word("G M", i))) with linespoints ls i title 'EI, N = 64, '.word("G M", i), \
     for [i = 1:2] table using 'x':(v('d', 'Pinsker', word("G M", i))) with lines lc black dt i title '√(d KL/2), '.word("G M", i)

horizons = "EM-OU-G-64 EI-OU-G-64 EM-VP-G-64 EM-VE-g=1-G-64 EM-VE-G-64 EI-CVP-N(0,4)-64 EM-CVP-N(0,4)-64"
set xlabel 'horizon T'
set ylabel 'W_2 to the continuous process, h = 1/64'
set xrange [0.9:70]
set yrange [4e-5:0.2]
plot for [i = 1:words(horizons)] table using 'x':(v('T', 'W2', word(horizons, i))) with linespoints ls i title word(horizons, i), \
     0.00092*x with lines ls 12 title 'slope 1', \
     0.03 with lines ls 10 title 'row [89]: constant in T?'
unset multiplot
