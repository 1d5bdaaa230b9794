# J_ISM and J_ESM - I(p) against theta: the same curve on the line, two curves where the density has an edge.
PANELS = "1,2"
load style
set multiplot layout 1,2
set xlabel 'parameter θ of the field'
set key inside top center enhanced
# rows: G (or the user's own target), M, edge
edge(name) = (stringcolumn('case') eq 'edge' ? column(name) : NaN)
smooth(name) = (stringcolumn('case') eq 'edge' || stringcolumn('case') eq 'M' ? NaN : column(name))
set title 'mixture, OU at t = 0.1, s = -θx + 0.7 sin 2x'
set ylabel 'objective'
plot table using 'theta':(smooth('esm_minus_fisher')) with lines ls 10 title 'J_{ESM} - I', \
     table using 'theta':(smooth('ism')) with points ls 1 title 'J_{ISM}'
set title 'Exp(1), an edge at 0; s = -θ'
plot table using 'theta':(edge('esm_minus_fisher')) with lines ls 10 title 'J_{ESM} - I', \
     table using 'theta':(edge('ism')) with points ls 6 title 'J_{ISM}'
unset multiplot
