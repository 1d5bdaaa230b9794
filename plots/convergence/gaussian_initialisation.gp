# Left: the ODE's error is that of the start, the SDE's falls twice as fast, in TV.
# Right: the mean of N(1,1): VE falls like a power of V only, CVP not to 0.
PANELS = '1,2'
load style
set multiplot layout 1,2
of(s, name) = stringcolumn('series') eq s ? column(name) : NaN

set title 'OU from N(0,1): TV to the data'
set xlabel 'B = 2T'
set ylabel 'TV'
set bmargin 9
set key outside bottom center vertical maxrows 4 enhanced
@LOGY
set xrange [0.8:8.2]
set yrange [1e-7:1]
plot table using 'x':(of('N(1,1)', 'value')) with lines ls 10 title 'TV(p_T, p_{noise})', \
     '' using 'x':(of('M', 'value')) with lines ls 10 notitle, \
     '' using 'x':(of('M2', 'value')) with lines ls 10 notitle, \
     '' using 'x':(of('N(1,1)', 'ode')) with points ls 1 ps 1 title 'ODE, N(1,1)', \
     '' using 'x':(of('M', 'ode')) with points ls 2 ps 1 title 'ODE, M', \
     '' using 'x':(of('M2', 'ode')) with points ls 3 ps 1 title 'ODE, M_2', \
     '' using 'x':(of('N(1,1)', 'sde')) with linespoints ls 1 dt 3 pt 6 title 'SDE, N(1,1)', \
     '' using 'x':(of('M', 'sde')) with linespoints ls 2 dt 3 pt 4 title 'SDE, M', \
     '' using 'x':(of('M2', 'sde')) with linespoints ls 3 dt 3 pt 8 title 'SDE, M_2'

set title 'data N(1,1): error of the mean'
set xlabel 'B (VP, CVP) or V (VE), ∫g²'
set ylabel '|E Y_T − m|'
set bmargin 9
set key outside bottom center vertical maxrows 4 enhanced
@LOGX
set xrange [0.8:2e4]
set yrange [1e-7:2]
plot 1/(1 + x) with lines ls 10 title '1/(1 + ζ²) and its root', \
     1/sqrt(1 + x) with lines ls 10 notitle, \
     x < 21 ? exp(-x) : NaN with lines ls 10 notitle, \
     x < 21 ? exp(-x/2) : NaN with lines ls 10 notitle, \
     x < 21 ? 1/(2 - exp(-x)) : NaN with lines ls 10 notitle, \
     x < 21 ? 1/sqrt(2 - exp(-x)) : NaN with lines ls 10 notitle, \
     0.01 with lines ls 12 title 'control: CVP tends to 0', \
     table using 'x':(of('OU-ODE', 'value')) with points ls 1 ps 1 title 'VP, ODE', \
     '' using 'x':(of('VE-ODE', 'value')) with points ls 2 ps 1 title 'VE, ODE', \
     '' using 'x':(of('CVP-ODE', 'value')) with points ls 3 ps 1 title 'CVP, ODE', \
     '' using 'x':(of('OU-SDE', 'value')) with points ls 1 pt 6 ps 1 title 'VP, SDE', \
     '' using 'x':(of('VE-SDE', 'value')) with points ls 2 pt 4 ps 1 title 'VE, SDE', \
     '' using 'x':(of('CVP-SDE', 'value')) with points ls 3 pt 8 ps 1 title 'CVP, SDE'
unset multiplot
