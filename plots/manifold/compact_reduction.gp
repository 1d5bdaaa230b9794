# log10 of P(|Z| > R/s) e^L: at most 0 is what the reduction to K_t needs.
# c = 1/4 fails; c = 1 and the square root do; 4 and the printed 16 reach far beyond.
PANELS = '1,3'
load style
set multiplot layout 1,3
at(c, d) = column('radius') == c && column('D') == d ? column('log10') : NaN
D = '1 10 100'
set xlabel 'L = log(ε^{-2β}/D)'
set ylabel 'log_{10} P(|Z| > R_t/σ̃_t) e^L'
@LOGX
set format x '%g'
set xrange [0.1:60]
set yrange [-30:2]
set bmargin 8
set key outside bottom center vertical maxrows 3 enhanced
do for [i = 1:3] {
    set title 'D = '.word(D, i)
    plot 0 with lines ls 10 title i == 2 ? 'allowed: at most 0' : '', \
         table using 'L':(at(0.25, real(word(D, i)))) with lines ls 12 lw 3 title i == 2 ? 'control, c = 1/4' : '', \
         '' using 'L':(at(1, real(word(D, i)))) with lines ls 2 title i == 2 ? 'c = 1' : '', \
         '' using 'L':(at(0, real(word(D, i)))) with lines ls 1 dt 1 title i == 2 ? '√D + √(2L)' : '', \
         '' using 'L':(at(4, real(word(D, i)))) with lines ls 3 title i == 2 ? 'c = 4' : '', \
         '' using 'L':(at(16, real(word(D, i)))) with lines ls 11 title i == 2 ? 'as printed, c = 16' : ''
}
unset multiplot
