# Left: the errors of square, product and exponential, measured and by their formulas; the wrong tooth stays up.
# Right: sq_4 - x^2: 2^-10 half way between the nodes, 0 at them.
PANELS = '1,2'
load style
set multiplot layout 1,2
of(s, name) = stringcolumn('series') eq s ? column(name) : NaN

set title 'error against depth'
set xlabel 'depth L'
set ylabel 'sup |error|'
set bmargin 9
set key outside bottom center vertical maxrows 4 enhanced
@LOGY
set logscale x
set xrange [1.8:500]
set yrange [1e-16:1e6]
plot table using 'L':(of('square', 'bound')) with lines ls 10 title 'formula', \
     '' using 'L':(of('product-M=1', 'bound')) with lines ls 10 notitle, \
     '' using 'L':(of('product-M=4', 'bound')) with lines ls 10 notitle, \
     '' using 'L':(of('product-M=1024', 'bound')) with lines ls 10 notitle, \
     '' using 'L':(of('exponential', 'bound')) with lines ls 10 notitle, \
     '' using 'L':(of('square', 'error')) with points ls 1 title 'square: 2^{-2m-2}', \
     '' using 'L':(of('product-M=1', 'error')) with points ls 5 title 'product, M = 1', \
     '' using 'L':(of('product-M=4', 'error')) with points ls 2 title 'product, M = 4', \
     '' using 'L':(of('product-M=1024', 'error')) with points ls 3 title 'product, M = 1024', \
     '' using 'L':(of('exponential', 'error')) with points ls 4 ps 1.1 title 'exponential on [0, 20]', \
     '' using 'L':(of('tooth-of-3', 'error')) with linespoints ls 12 pt 2 title 'control: tooth 2a − 3b'

set title 'sq_4(x) − x^2'
set xlabel 'x'
set ylabel 'error, in units of 2^{-10}'
unset logscale
set format '%g'
set xrange [0:1]
set yrange [-0.05:1.25]
set xtics 0.25
plot 1 with lines ls 10 title '2^{-2m-2}, m = 4', \
     table using 'x':(of('sawtooth', 'error')*1024) with lines ls 1 title 'sq_4(x) − x^2 ≥ 0'
unset multiplot
