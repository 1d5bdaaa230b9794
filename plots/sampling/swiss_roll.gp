# Figure 1 of 002 again: the data, the chain after 200 .. 1000 steps; below, two numbers that judge it.
PANELS = '2,3'
load style
set datafile missing NaN # rows of other series do not break a line
set multiplot

# One strip of six square panels over one row of two.
panel(k) = sprintf('set lmargin at screen %f; set rmargin at screen %f; set tmargin at screen 0.93; set bmargin at screen 0.63', \
                   0.020 + 0.164 * k, 0.174 + 0.164 * k)
# Points as short strokes: far fewer bytes of SVG than a symbol each.
POINT = "(0.022):(0) with vectors nohead lw 1.3"
cloud(what, n) = stringcolumn('what') eq what && column('i') == n ? column('y') : NaN

unset key
unset xtics
unset ytics
unset grid
set border 15 lc rgb '#BBBBBB' lw 0.8
set xrange [-2.9:2.9]
set yrange [-2.9:2.9]
set samples 200
set trange [1.5*pi:4.5*pi]
set parametric
CURVE = "t*cos(t)/7, t*sin(t)/7 with lines lc rgb '#C8C8C8' lw 1.5"

eval panel(0)
set title '(A) data' offset 0,-0.6
plot @CURVE, table using 'x':(cloud('roll', 0)):@POINT lc rgb '#D55E00'
do for [k = 1:5] {
    eval panel(k)
    set title sprintf('%si = %d', k == 1 ? '(B)  ' : '', 200 * k) offset 0,-0.6
    plot @CURVE, table using 'x':(cloud('chain', 200 * k)):@POINT lc rgb '#0072B2'
}
unset parametric

only(what) = stringcolumn('what') eq what ? column('value') : NaN
lo(what) = stringcolumn('what') eq what ? column('lo') : NaN
hi(what) = stringcolumn('what') eq what ? column('hi') : NaN

set border 3 ls 21
set grid back ls 20
set xtics 200 nomirror
set ytics nomirror
set xrange [-30:1080]
set tmargin at screen 0.53
set bmargin at screen 0.09
set xlabel 'iterations i'
set key inside enhanced

set lmargin at screen 0.065
set rmargin at screen 0.485
set title 'Squared distance to the curve'
set ylabel 'E d^2'
@LOGY
set yrange [1e-3:1]
set key bottom left
set label 1 'control: -1 × score, above 10^{18}' at 1070,0.55 right textcolor rgb '#808080' font ',12'
set object 1 rectangle from 985, 0.0022 to 1015, 0.0029 front fs empty border lc rgb '#000000' lw 1.5
plot table using 'i':(only('exact-distance') * 0.92):(only('exact-distance') * 1.08) \
         with filledcurves ls 13 fs solid 1 title 'p_{t}  ± 8 %', \
     table using 'i':(only('exact-distance')) with lines ls 10 title 'p_{t},  t = 1 - i/1000 (quadrature)', \
     table using 'i':(only('squared-distance')):(lo('squared-distance')):(hi('squared-distance')) \
         with yerrorbars ls 1 dt 1 title 'chain', \
     table using 'i':(only('on-the-curve')):(lo('on-the-curve')):(hi('on-the-curve')) \
         with yerrorbars ls 1 dt 1 notitle, \
     table using 'i':(only('weak-score')):(lo('weak-score')):(hi('weak-score')) \
         with yerrorbars lc rgb '#808080' lw 1.5 pt 2 ps 0.9 title 'control: 0.8 × score', \
     table using (1000):(only('stopped-at-800')) \
         with points lc rgb '#808080' lw 1.5 pt 4 ps 0.9 title 'control: stopped at 800'
unset object 1
unset label 1

set lmargin at screen 0.565
set rmargin at screen 0.985
set title 'Energy distance'
set ylabel '2E|X-Y| - E|X-X''| - E|Y-Y''|'
unset logscale y
set format y '%g'
set yrange [-0.008:0.085]
set key top right
set object 2 rectangle from graph 0, first -0.008 to graph 1, first 0.006 behind fs solid noborder fc rgb '#EFEFEF'
plot table using 'i':(only('exact-energy')) with lines ls 10 title 'p_{t}  to the data (closed form)', \
     table using 'i':(only('data')):(lo('data')):(hi('data')) \
         with yerrorbars ls 1 dt 1 title 'chain to fresh data', \
     table using 'i':(only('law')):(lo('law')):(hi('law')) \
         with yerrorbars ls 2 dt 1 title 'chain to p_{t},  at most 0.006', \
     table using 'i':(only('clock')):(lo('clock')):(hi('clock')) \
         with yerrorbars lc rgb '#808080' lw 1.5 pt 4 ps 0.9 title 'control: chain to p_{i/1000}'
unset multiplot
