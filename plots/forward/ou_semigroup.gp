# The slope of log U_t f with and without e^-t; its supremum and bounds; the score of G at sigma = 1.5.
PANELS = "1,3"
load style
set multiplot layout 1,3
set key inside top right enhanced
times = "0.1 0.3 0.5 1"
wave(name, i) = (stringcolumn('series') eq 'wave' && column('t') == real(word(times, i)) ? column(name) : NaN)
of(series, name) = (stringcolumn('series') eq series ? column(name) : NaN)
sparse(y) = (abs(2.5 * y - floor(2.5 * y + 0.5)) < 1e-6) # every fourth point
set title 'f = 1 + 0.5 sin 2x, σ = β = 1'
set xlabel 'y'
set ylabel 'slope of log U_t f'
set xrange [-4:4]
set yrange [-0.8:2]
plot for [i=1:4] table using 'y':(wave('predicted', i)) with lines ls 10 \
         title (i == 1 ? "e^{-t} U_t f' / U_t f" : ''), \
     for [i=1:4] table using 'y':(sparse(column('y')) ? wave('measured', i) : NaN) with points ls i \
         title "(log p_t)' + y, t = ".word(times, i), \
     for [i=1:3:2] table using 'y':(wave('printed', i)) with lines ls 11 \
         title (i == 1 ? 'printed: no e^{-t} (t = 0.1, 0.5)' : '')
set title 'f = 1 + 0.9 sin x, σ = β = 1'
set xlabel 'time t'
set ylabel "sup |(log U_t f)'|"
set xrange [0:2.05]
set yrange [0.05:100]
@LOGY
plot table using 't':(of('sup', 'predicted')) with lines ls 10 title 'bound e^{-t} L/c', \
     table using 't':(of('sup', 'control')) with lines ls 12 title 'control: e^{-t} L', \
     table using 't':(of('sup', 'measured')) with points ls 1 title 'measured'
unset logscale
set format y '%g'
set title 'mixture, σ = 1.5, β = 0.7, t = 0.4'
set xlabel 'y'
set ylabel "score (log p_t)'"
set xrange [-4:4]
set yrange [-5:9]
plot table using 'y':(of('score', 'predicted')) with lines ls 10 title "-y/σ^2 + (log U_t f)'", \
     table using 'y':(of('score', 'printed')) with lines ls 11 title "printed: -(y/(2σ^2) - (log U_t f)')", \
     table using 'y':(of('score', 'control')) with lines ls 12 title "control: -y + (log U_t f)'", \
     table using 'y':(sparse(column('y')) ? of('score', 'measured') : NaN) with points ls 1 title 'measured'
unset multiplot
