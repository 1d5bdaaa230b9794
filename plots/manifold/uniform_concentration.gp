# The failure probability over delta against the constant c: 1 is what the lemma allows.
# The sharp constants stay below, half of them fail, the printed ones are far inside.
PANELS = '1,2'
load style
set multiplot layout 1,2
at(s, side, a) = stringcolumn('series') eq s && stringcolumn('side') eq side && column('a') == a ? column('failure') : NaN
A = '0.1 0.25 0.5 1'
a(k) = real(word(A, k))
set xlabel 'c, the factor of (B/n) log(N/δ)'
@LOGX
set format x '%g'
@LOGY
set xrange [0.2:25]
set yrange [1e-16:1e3]
set key inside bottom left

set title 'mean g > (1 + a) Eg + c (B/n) log(N/δ)'
set ylabel 'failure probability / δ'
plot 1 with lines ls 10 notitle, \
     for [k = 1:4] table using 'c':(at('curve', 'upper', a(k))) with lines ls k dt 1 title 'a = '.word(A, k), \
     for [k = 1:4] '' using 'c':(at('half', 'upper', a(k))) with points ls k pt 2 ps 1 notitle, \
     for [k = 1:4] '' using 'c':(at('sharp', 'upper', a(k))) with points ls k pt 7 ps 1 notitle, \
     for [k = 1:4] '' using 'c':(at('printed', 'upper', a(k))) with points ls k pt 4 ps 1 notitle

set title 'Eg > (1 + a) mean g + c (B/n) log(N/δ)'
set ylabel 'failure probability / δ'
plot 1 with lines ls 10 title 'allowed', \
     for [k = 1:4] table using 'c':(at('curve', 'lower', a(k))) with lines ls k dt 1 notitle, \
     for [k = 1:4] '' using 'c':(at('half', 'lower', a(k))) with points ls k pt 2 ps 1 notitle, \
     for [k = 1:4] '' using 'c':(at('sharp', 'lower', a(k))) with points ls k pt 7 ps 1 notitle, \
     for [k = 1:4] '' using 'c':(at('printed', 'lower', a(k))) with points ls k pt 4 ps 1 notitle, \
     NaN with points ls 7 pt 2 ps 1 title 'half the sharp constant', \
     NaN with points ls 7 pt 7 ps 1 title 'sharp constant', \
     NaN with points ls 7 pt 4 ps 1 title 'printed constant'
unset multiplot
