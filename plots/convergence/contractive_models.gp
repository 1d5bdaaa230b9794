# Left: which model has the smaller mean error; the crossing of VP and CVP. Middle, right: what makes it up.
PANELS = '1,3'
load style
set multiplot layout 1,3
of(panel, model) = stringcolumn('panel') eq panel && stringcolumn('model') eq model ? column('x') : NaN
set bmargin 6.5
set key outside bottom center vertical maxrows 2

set title 'mean error, B = V = 20'
set xlabel 'score error ε / m'
set ylabel '|E Y_T − m| / m, worse sign of ε'
set xrange [0:1.55]
set yrange [0:4.2]
set arrow 1 from 0.66353, graph 0 to 0.66353, graph 1 nohead lc rgb '#777777' lw 1
set label 1 'ε/m = 0.6635' at 0.69, 0.2
plot table using (of('total', 'VP')):'measured' with points ls 1 title 'VP, measured', \
     '' using (of('total', 'VP')):'formula' with lines ls 1 title 'formula', \
     '' using (of('total', 'CVP')):'measured' with points ls 2 title 'CVP', \
     '' using (of('total', 'CVP')):'formula' with lines ls 2 title 'formula', \
     '' using (of('total', 'VE')):'measured' with points ls 3 title 'VE', \
     '' using (of('total', 'VE')):'formula' with lines ls 3 title 'formula'
unset arrow 1
unset label 1

set title 'initial bias, exact score'
set xlabel 'B (VE: V)'
set ylabel '(m − E Y_T) / m'
set xrange [0:20.5]
set yrange [0:0.7]
plot 0.5 with lines ls 10 title 'floor of CVP: 1/(1 + κ)', \
     0.05 with lines ls 12 lw 3 title 'control: CVP tends to 0 (W2 ≤ 0.1 at m = 2)', \
     table using (of('bias', 'VP')):'formula' with lines ls 1 notitle, \
     '' using (of('bias', 'VP')):'measured' with points ls 1 notitle, \
     '' using (of('bias', 'CVP')):'formula' with lines ls 2 notitle, \
     '' using (of('bias', 'CVP')):'measured' with points ls 2 notitle, \
     '' using (of('bias', 'VE')):'formula' with lines ls 3 notitle, \
     '' using (of('bias', 'VE')):'measured' with points ls 3 notitle

set title 'shift of the mean by a constant score error'
set ylabel 'E Y_T / ε'
set yrange [0:3.2]
plot sqrt(2)*log(1 + sqrt(2)) with lines ls 10 title 'limit of CVP: √2 log(1 + √2)', \
     2 with lines ls 10 dt (2,3) title 'limit of VP: 2', \
     table using (of('shift', 'VP')):'formula' with lines ls 1 notitle, \
     '' using (of('shift', 'VP')):'measured' with points ls 1 notitle, \
     '' using (of('shift', 'CVP')):'formula' with lines ls 2 notitle, \
     '' using (of('shift', 'CVP')):'measured' with points ls 2 notitle, \
     '' using (of('shift', 'VE')):'formula' with lines ls 3 notitle, \
     '' using (of('shift', 'VE')):'measured' with points ls 3 notitle
unset multiplot
