# Left: the network against f0, N = 4 on K_t, and 4 to 10 sd beyond the end point: double returns 0 from 6 on.
# Right: depth and non-zeros against N, with the printed laws through N = 2.
PANELS = '1,2'
load style
set multiplot layout 1,2
of(s, name) = stringcolumn('series') eq s ? column(name) : NaN

set title 'error against the distance, N = 4'
set xlabel 'y/σ̃_t'
set ylabel '|net − f°|'
set bmargin 10
set key outside bottom center vertical maxrows 5 enhanced
@LOGY
set xrange [-5:13]
set yrange [1e-12:10]
set arrow from 6.24, graph 0 to 6.24, graph 1 nohead ls 20 lw 2
set label 'K_t' at 6, 1e-11 right
plot 1.0/16 with lines ls 10 title 'N^{−2}', \
     table using 'y':(of('on-K', 'error')) with lines ls 1 title 'MPFR, b + 64 bits', \
     '' using 'y':(of('far', 'error')) with points ls 1 ps 1.2 title 'MPFR, 4, 6, 8, 10 sd beyond the end', \
     '' using 'y':(of('on-K', 'double')) with lines ls 12 lw 2 title 'control: double', \
     '' using 'y':(of('far', 'double')) with points ls 12 pt 2 ps 1.2 lw 2 title 'double, beyond the end'

unset arrow; unset label
set title 'sizes, counted on the matrices'
set xlabel 'N = 1/ε'
set ylabel 'S, L'
set key outside bottom center vertical maxrows 5 enhanced
@LOGX
set format x '%g'
set xtics (2, 4, 8, 16, 32)
set xrange [1.8:36]
set yrange [1e3:1e10]
law(N) = 125758*(N*(1 + log(N)**2)**9)/(2*(1 + log(2)**2)**9)
depth(N) = 2800*(1 + log(N)**4)/(1 + log(2)**4)
plot law(x) with lines ls 10 title 'N (1 + log^2 N)^9, scaled', \
     depth(x) with lines ls 10 dt 2 title '1 + log^4 N, scaled', \
     125758*x/2*1.5 with lines ls 12 lw 2 title 'control: no logarithms (1.5 S/N)', \
     table using 'N':(of('size', 'S')) with points ls 1 ps 1.2 title 'S, non-zero weights', \
     '' using 'N':(of('size', 'L')) with points ls 3 ps 1.2 title 'L, depth'
unset multiplot
