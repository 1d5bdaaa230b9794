# Left: TV is of order h, the bound of order sqrt(h). Right: the least number of steps grows like 1/eps; the bound
# asks for 1/eps^2.
PANELS = '1,2'
load style
set multiplot layout 1,2
h(name) = stringcolumn('panel') eq 'h' && stringcolumn('series') eq name ? column('x') : NaN
eps(name) = stringcolumn('panel') eq 'steps' && stringcolumn('series') eq name ? column('x') : NaN

set title 'exponential integrator from p_T, T = 2'
set xlabel 'step h'
set ylabel 'TV(law, data)'
set bmargin 6.5
set key outside bottom center vertical maxrows 2
@LOGX
@LOGY
set xrange [0.003:0.08]
set yrange [1e-3:1e5]
plot table using (h('G')):'value' with linespoints ls 1 title 'N(0.7, 0.49)', \
     '' using (h('M')):'value' with linespoints ls 2 title 'M', \
     '' using (h('V')):'value' with linespoints ls 3 title 'V', \
     NaN with lines lc rgb '#777777' dt (10,5) title 'their bounds', \
     '' using (h('G')):'bound' with lines ls 1 dt (10,5) notitle, \
     '' using (h('M')):'bound' with lines ls 2 dt (10,5) notitle, \
     '' using (h('V')):'bound' with lines ls 3 dt (10,5) notitle

set title 'least N with TV ≤ ε, from p_T, T = 2'
set xlabel 'ε'
set ylabel 'number of steps N'
set xrange [0.004:0.05]
set xtics (0.005, 0.01, 0.02, 0.04)
set format x '%g'
set yrange [10:3000]
plot table using (eps('G')):'value' with linespoints ls 1 title 'N(0.7, 0.49)', \
     '' using (eps('M')):'value' with linespoints ls 2 title 'M', \
     26*0.04/x with lines ls 10 title 'slope of 1/ε', \
     26*(0.04/x)**2 with lines ls 12 title 'slope of the bound, 1/ε²'
unset multiplot
