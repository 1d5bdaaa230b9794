# n E KL against its limit; KL of single training sets against the bound.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside enhanced

row(s, l, t) = stringcolumn('series') eq s && stringcolumn('law') eq l && column('t') == t
limits(l, t) = row('limit', l, t) ? column('y') : NaN

set title 'n E KL(p_t | p̂_t): limits (lines) and means of training sets'
set xlabel 'training points n'
set ylabel 'n E KL  [nats]'
@LOGX; @LOGY
set xrange [7:5000]
set yrange [0.01:1500]
set key top right maxrows 3 width -4
times = '0.5 0.1 0.02'
stats table using (limits('gauss', 0.5)) name 'G1' nooutput
stats table using (limits('gauss', 0.1)) name 'G2' nooutput
stats table using (limits('gauss', 0.02)) name 'G3' nooutput
stats table using (limits('uniform', 0.5)) name 'U1' nooutput
stats table using (limits('uniform', 0.1)) name 'U2' nooutput
stats table using (limits('uniform', 0.02)) name 'U3' nooutput
mean(l, t, c) = row('mean', l, t) ? column(c) : NaN
plot G1_mean with lines ls 10 notitle, G2_mean with lines ls 10 notitle, G3_mean with lines ls 10 notitle, \
     U1_mean with lines ls 10 dt (6,4) notitle, U2_mean with lines ls 10 dt (6,4) notitle, U3_mean with lines ls 10 dt (6,4) notitle, \
     for [i=1:3] table using 'n':(mean('gauss', real(word(times, i)), 'y')):(mean('gauss', real(word(times, i)), 'lo')):(mean('gauss', real(word(times, i)), 'hi')) \
         with yerrorbars ls i title 'N(0, 1), t = '.word(times, i), \
     for [i=1:3] table using 'n':(mean('uniform', real(word(times, i)), 'y')):(mean('uniform', real(word(times, i)), 'lo')):(mean('uniform', real(word(times, i)), 'hi')) \
         with yerrorbars ls i + 3 title 'U(-½, ½), t = '.word(times, i)

set title 'Training sets: KL against the bound, t = 0.5, 0.1, 0.02'
set xlabel 'bound  m^2 W_2^2 / (2σ^2)'
set ylabel 'KL(p_t | p̂_t)  [nats]'
set xrange [1e-6:10]
set yrange [1e-7:10]
set key bottom right maxrows 5 width 0
set label 1 'excluded' at 3e-6, 1 textcolor rgb '#777777' font ',12'
single(l) = stringcolumn('series') eq 'set' && stringcolumn('law') eq l ? column('y') : NaN
plot x with lines ls 10 title 'KL = bound', x/8 with lines ls 12 title 'control, bound/8', \
     table using 'x':(single('gauss')) with points ls 1 ps 0.35 title 'N(0, 1)', \
     table using 'x':(single('uniform')) with points ls 2 ps 0.35 title 'U(-½, ½)'
unset multiplot
