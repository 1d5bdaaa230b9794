# Left: error of the score against n, one colour a dimension: the structured estimate (solid) falls at one slope, the kernel
# estimate (dashed) at slopes that decay with D; thin and black lines beside them: -2/(D + 4) and -4/5. Right: slopes against D.
PANELS = '1,2'
load style
set multiplot
set datafile missing NaN # lines go on through rows of other series

dims = ''; colours = ''; all = '1 2 3 5 8'; palette = '#0072B2 #E69F00 #009E73 #CC79A7 #D55E00'
is(s, d) = stringcolumn('series') eq s && column('D') == d
do for [j=1:5] {
    stats table using (is('kernel', int(word(all, j))) ? 1 : 0) name 'N' nooutput
    if (N_sum > 0) { dims = dims.' '.word(all, j); colours = colours.' '.word(palette, j) }
}
K = words(dims)
D(i) = int(word(dims, i))
colour(i) = word(colours, i)

# E|s|^2, and the place of the last mean of each estimate.
array E[K]; array last_n[K]; array last_y[K]; array fit_n[K]; array fit_y[K]
do for [i=1:K] {
    stats table using (is('energy', D(i)) ? column('y') : 0) name 'S' nooutput
    stats table using (is('energy', D(i)) ? 1 : 0) name 'N' nooutput
    E[i] = S_sum/N_sum
    stats table using (is('kernel', D(i)) ? column('at') : 1) name 'S' nooutput
    last_n[i] = S_max
    stats table using (is('kernel', D(i)) ? column('y') : 1e9) name 'S' nooutput
    last_y[i] = S_min
    stats table using (is('structured', D(i)) ? column('at') : 1) name 'S' nooutput
    fit_n[i] = S_max
    stats table using (is('structured', D(i)) ? column('y') : 1e9) name 'S' nooutput
    fit_y[i] = S_min
}
ratio(s, i, c) = is(s, D(i)) ? column(c)/E[i] : NaN
at(i) = column('at')*1.04**(i - 0.5*(K + 1)) # side by side
ambient(i, n) = n > 450 && n <= 1.1*last_n[i] ? 0.8*last_y[i]/E[i]*(n/last_n[i])**(-2.0/(D(i) + 4)) : NaN
flat(n) = n > 450 && n <= 36000 ? 0.4*fit_y[K]/E[K]*(n/fit_n[K])**(-0.8) : NaN

set origin 0, 0
set size 0.6, 1
set title 'data near a curve in R^D: error of the estimated score, E|ŝ − s|^2 / E|s|^2'
set xlabel 'training points n'
set ylabel 'relative error of the score'
@LOGX; @LOGY
set xrange [350:45000]
set yrange [1e-4:1]
set samples 500
set bmargin 7
set key outside bottom center vertical maxrows 2 width -2 samplen 2 enhanced
plot for [i=1:K] ambient(i, x) with lines lc rgb colour(i) lw 0.9 dt 1 notitle, flat(x) with lines ls 10 notitle, \
     for [i=1:K] table using (at(i)):(ratio('kernel', i, 'y')):(ratio('kernel', i, 'lo')):(ratio('kernel', i, 'hi')) \
         with yerrorbars lc rgb colour(i) lw 2 dt 1 pt 6 ps 0.7 notitle, \
     for [i=1:K] table using (at(i)):(ratio('kernel', i, 'y')) with lines lc rgb colour(i) lw 2 dt (6,4) notitle, \
     for [i=1:K] table using (at(i)):(ratio('structured', i, 'y')):(ratio('structured', i, 'lo')):(ratio('structured', i, 'hi')) \
         with yerrorbars lc rgb colour(i) lw 2 dt 1 pt 7 ps 0.7 notitle, \
     for [i=1:K] table using (at(i)):(ratio('structured', i, 'y')) with lines lc rgb colour(i) lw 2 dt 1 notitle, \
     keyentry with lines lc rgb '#444444' lw 2 dt (6,4) title 'kernel', \
     keyentry with lines lc rgb '#444444' lw 2 dt 1 title 'structured', \
     keyentry with lines lc rgb '#444444' lw 0.9 dt 1 title '−2/(D + 4)', \
     keyentry with lines ls 10 title '−4/5', \
     for [i=1:K] keyentry with points pt 5 ps 1 lc rgb colour(i) title 'D = '.word(dims, i)

set origin 0.6, 0
set size 0.4, 1
set title 'fitted slope'
set xlabel 'dimension D of the space'
set ylabel 'slope of the error in n'
unset logscale
set format '%g'
set xrange [0.5:8.5]
set yrange [-1.2:0]
set xtics (1, 2, 3, 5, 8)
slope(s, i, c) = is('slope-'.s, D(i)) ? column(c) : NaN
plot -2/(x + 4) with lines ls 10 dt (6,4) title '−2/(D + 4)', \
     -0.8 with lines ls 10 title '−4/5', \
     for [i=1:K] table using 'D':(slope('kernel', i, 'y')):(slope('kernel', i, 'lo')):(slope('kernel', i, 'hi')) \
         with yerrorbars lc rgb colour(i) lw 2 dt 1 pt 6 ps 1 notitle, \
     for [i=1:K] table using 'D':(slope('structured', i, 'y')):(slope('structured', i, 'lo')):(slope('structured', i, 'hi')) \
         with yerrorbars lc rgb colour(i) lw 2 dt 1 pt 7 ps 1 notitle, \
     keyentry with points pt 6 ps 1 lc rgb '#444444' title 'kernel', \
     keyentry with points pt 7 ps 1 lc rgb '#444444' title 'structured'
unset multiplot
