# KL and TV of the output against the width; the relative entropy of Euler's chains against the step.
PANELS = '1,2'
load style
set multiplot layout 1,2
set datafile missing NaN # a line goes on over the rows of other series
set key inside enhanced samplen 2

row(s, c) = stringcolumn('series') eq s ? column(c) : NaN
output(c) = row('output', 'x') > 0 ? column(c) : NaN

set title 'Output of the sampler from p_T'
set xlabel 'pieces W of the network'
set ylabel 'KL(π | output) and its bounds  [nats]'
@LOGX; @LOGY
set format x '%g'
set xrange [6:350]
set yrange [2e-8:5e-2]
set key bottom left
plot table using 'x':(row('P', 'p')) with lines ls 10 title 'P', \
     table using 'x':(2*row('P', 'p')) with lines ls 11 title '2P, path entropy as printed', \
     table using 'x':(row('P', 'p')/2) with lines ls 12 title 'control, P/2', \
     table using 'x':(output('kl')) with points ls 1 title 'KL', \
     table using 'x':(2*output('tv')**2) with points ls 2 title '2 TV^2', \
     3.8e-8*(256/x)**4 with lines ls 10 dt (2,4) title 'W^{-4}'

set title "Paths of Euler's chains, W = 16"
set xlabel 'steps N'
set ylabel 'relative entropy  [nats]'
unset logscale y
set format y '%g'
set xrange [40:1000]
set yrange [0.002:0.006]
set key center right
plot table using 'x':(row('path16', 'p')) with lines ls 10 title 'P, the limit', \
     table using 'x':(2*row('path16', 'p')) with lines ls 11 title '2P, as printed', \
     table using 'x':(row('path16', 'kl')) with points ls 1 title 'chains'
unset multiplot
