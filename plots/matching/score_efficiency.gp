# What score matching loses against maximum likelihood between two wells: a flat statistic feels the barrier.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside top left enhanced
only(s, name) = stringcolumn('series') eq s ? column(name) : NaN
@LOGY
set ylabel 'Γ_{SM} / Γ_{MLE}'

set title '½N(-a, 1) + ½N(a, 1)'
set xlabel 'a^2/2'
set yrange [1e-5:1e20]
plot table using 'barrier':(only('tanh', 'ratio')) with points ls 1 title 'F = tanh(ax)', \
     table using 'barrier':(only('tanh', 'predicted')) with lines ls 10 title 'slope 1: e^{a^2/2}', \
     table using 'barrier':(only('x', 'ratio')) with points ls 3 title 'F = x', \
     table using 'barrier':(only('x', 'predicted')) with lines ls 10 dt (6,4) title '(1 + a^2) I(p)', \
     table using 'barrier':(only('tanh', 'bound')) with lines ls 12 lw 2.5 title 'control: the bound with C_P = 1'

set title 'exp\{b(x^2/2 - x^4/4)\}, b = 1, 2, .., 32'
set xlabel 'barrier b/4'
set xrange [0:8.5]
set yrange [1:1e5]
plot table using 'barrier':(only('well-tanh', 'ratio')) with linespoints ls 1 dt 3 lw 1 title 'F = tanh(6x)', \
     table using 'barrier':(only('well-x', 'ratio')) with linespoints ls 3 dt 3 lw 1 title 'F = x', \
     exp(x) with lines ls 20 lc rgb '#888888' lw 1.5 title 'for comparison: e^{b/4}'
unset multiplot
