# W2 of G against the number of steps and against the evaluations of the score, N (M + 1), one line per schedule, with
# the floor of eps = 0.02 dashed; TV of the mixture against evaluations; black: order 1.
PANELS = '1,3'
load style
set multiplot layout 1,3 margins 0.06,0.86,0.16,0.9 spacing 0.055,0.1
set key enhanced at screen 0.87,0.92 left top maxrows 20 width -2
@LOGX; @LOGY

v = 0.49
floor = sqrt(v)*(1/sqrt(1 - 0.02/(2*v)) - 1)
names = '"none 0" "eps=h^2 1" "eps=0.1h 1" "eps=0.5h 1" "eps=h 1" "eps=0.5h 5" "eps=0.5h 20" "eps=0.02 1" "eps=0.02 5"'
titles = '"EM alone" "ε = h^2" "ε = 0.1h" "ε = 0.5h" "ε = h" "ε = 0.5h, M = 5" "ε = 0.5h, M = 20" "ε = 0.02" "ε = 0.02, M = 5"'
styles = '7 5 3 1 4 2 8 6 6'
of(data, s, y) = strcol('data') eq data && strcol('schedule').' '.strcol('M') eq s ? column(y) : NaN

set title 'G = N(0.7, 0.49)'
set xlabel 'steps N'
set ylabel 'W_2'
set xrange [25:2e4]
set yrange [2e-5:0.1]
plot floor with lines ls 10 dt (8,4) title 'floor, ε = 0.02', \
     1.2/x with lines ls 10 title 'order 1', \
     for [i = 1:words(names)] table using 'N':(of('G', word(names, i), 'w2')) \
         with linespoints ls int(word(styles, i)) title word(titles, i), \
     table using 'N':(of('G', "falling 1", 'w2')) with linespoints lc rgb '#882255' \
         lw 2 dt 3 pt 12 title 'ε = 0.01u + h^2'
set key off
set title 'G, at equal cost'
set xlabel 'score evaluations N(M + 1)'
set xrange [25:5e5]
plot floor with lines ls 10 dt (8,4), \
     1.2/x with lines ls 10, \
     for [i = 1:words(names)] table using 'evaluations':(of('G', word(names, i), 'w2')) \
         with linespoints ls int(word(styles, i))
set title 'mixture M, at equal cost'
set ylabel 'TV'
set xrange [6:3e3]
set yrange [5e-3:1]
plot 4/x with lines ls 10, \
     for [i = 1:words(names)] table using 'evaluations':(of('M', word(names, i), 'tv')) \
         with linespoints ls int(word(styles, i))
unset multiplot
