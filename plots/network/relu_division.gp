# Left: the error is what the perturbation alone costs; the printed bound is 10^5 to 10^9 times larger, above 1 (empty)
# for eps >= 1e-5. Middle: the same network in double, eps = 10^-6. Right: non-zeros against K.
PANELS = '1,3'
load style
set multiplot layout 1,3
of(s, name) = stringcolumn('series') eq s ? column(name) : NaN
set datafile missing NaN
printed(K, eps) = 2049*(4*(K*log(2))**2 + log(eps)**2)*eps
at(K, name) = (stringcolumn('series') eq 'error' && column('K') == K) ? column(name) : NaN

set title 'error of the network'
set xlabel 'ε'
set ylabel 'sup |R(x′, y′) − x/y|'
set bmargin 9
set key outside bottom center vertical maxrows 4 enhanced
@LOGX; @LOGY
set xrange [3e-9:0.3]
set yrange [1e-13:1e8]
plot 1 with lines ls 20 lw 2 notitle, \
     for [k in "4 6 8 10 12"] 1.02*2.0**(1 - k)*x with lines ls 10 title (k eq '4' ? '1.02 · 2^{1−K} ε' : ''), \
     printed(4, x) with lines ls 11 title 'printed bound, K = 4', \
     printed(12, x) with lines ls 11 dt 3 title 'printed bound, K = 12', \
     table using 'eps':(at(4, 'error')) with points ls 1 ps 1 title 'K = 4', \
     '' using 'eps':(at(6, 'error')) with points ls 2 ps 1 title 'K = 6', \
     '' using 'eps':(at(8, 'error')) with points ls 3 ps 1 title 'K = 8', \
     '' using 'eps':(at(10, 'error')) with points ls 4 ps 1 title 'K = 10', \
     '' using 'eps':(at(12, 'error')) with points ls 5 ps 1 title 'K = 12'

set title 'where double ends (ε = 10^{−6})'
set xlabel 'K'
set ylabel 'sup |R(x′, y′) − x/y|'
unset logscale x
set format x '%g'
set xrange [2:32]
set yrange [1e-16:10]
fine(name) = (stringcolumn('series') eq 'double' && column('eps') == 1e-6) ? column(name) : NaN
plot table using 'K':(fine('sharp')) with lines ls 10 title '1.02 · 2^{1−K} ε', \
     '' using 'K':(fine('error')) with points ls 1 ps 1.1 title 'enclosed (balls)', \
     '' using 'K':(fine('double')) with linespoints ls 12 pt 2 ps 1.1 title 'control: in double'

set title 'non-zero weights'
set xlabel 'K'
set ylabel 'S'
@LOGX; @LOGY
set format x '%g'
set xrange [3.6:13.5]
set yrange [2e3:1e6]
set xtics (4, 6, 8, 10, 12)
n(e, name) = (stringcolumn('series') eq 'size' && column('eps') == e) ? column(name) : NaN
plot 13*(x**4 + x*log(1e1)**3) with lines ls 10 title '13 (K^4 + K log^3(1/ε)), ε = 10^{−1}, 10^{−4}', \
     13*(x**4 + x*log(1e4)**3) with lines ls 10 notitle, \
     table using 'K':(n(1e-1, 'S')) with linespoints ls 1 title 'ε = 10^{−1}', \
     '' using 'K':(n(1e-4, 'S')) with linespoints ls 2 title 'ε = 10^{−4}', \
     '' using 'K':(n(1e-8, 'S')) with linespoints ls 3 title 'ε = 10^{−8}'
unset multiplot
