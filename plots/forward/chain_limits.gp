# Chain less continuum against the number of steps: DDPM's moments and laws with the predicted constants, and the variance
# of SMLD's chain over that of VE.
PANELS = "2,2"
load style
set multiplot layout 2,2
at(name, y) = (stringcolumn('series') eq name ? column(y) : NaN)
set xlabel 'steps N'
set xrange [60:*]
set key inside left bottom noenhanced
@LOGX; @LOGY
B = 0.646875
set title 'DDPM, T = 1, t = 0.25: moments'
set ylabel '|chain - VP|'
plot table using 'N':(at('T=1/t=0.25', 'a_predicted')) with lines ls 10 title 'predicted, c_t/N', \
     table using 'N':(at('T=1/t=0.25', 'b_predicted')) with lines ls 10 notitle, \
     table using 'N':(at('T=1/t=0.25', 'a')) with points ls 1 title 'mean factor', \
     table using 'N':(at('T=1/t=0.25', 'b')) with points ls 6 ps 1.5 title 'variance', \
     table using 'N':(at('T=1/t=0.25', 'a') < 1 ? exp(-0.5*B) - exp(-B) : NaN) with lines ls 12 lw 3 title 'control: no root', \
     table using 'N':(at('T=1/t=0.25', 'a_predicted')*128.0/column('N')) with lines ls 12 title 'control: order 2'
set title 'DDPM at later times'
set key outside right top
plot for [s in "T=1/t=1 T=5/t=1.25"] table using 'N':(at(s, 'a_predicted')) with lines ls 10 notitle, \
     for [s in "T=1/t=1 T=5/t=1.25"] table using 'N':(at(s, 'b_predicted')) with lines ls 10 notitle, \
     table using 'N':(at('T=1/t=1', 'a')) with points ls 1 title 'mean, T=1, t=1', \
     table using 'N':(at('T=1/t=1', 'b')) with points ls 2 title 'variance', \
     table using 'N':(at('T=5/t=1.25', 'a')) with points ls 3 title 'mean, T=5, t=1.25', \
     table using 'N':(at('T=5/t=1.25', 'b')) with points ls 4 title 'variance'
set title 'DDPM: law of the chain, t = 0.25'
set ylabel 'distance to p_t'
set autoscale x
plot table using (at('law/t=0.25', 'N')):(at('law/t=0.25', 'a_predicted')) with lines ls 10 title 'predicted', \
     table using (at('law/t=0.25', 'N')):(at('law/t=0.25', 'b_predicted')) with lines ls 10 notitle, \
     table using (at('law/t=0.25', 'N')):(at('law/t=0.25', 'a')) with points ls 1 title 'TV', \
     table using (at('law/t=0.25', 'N')):(at('law/t=0.25', 'b')) with points ls 6 title 'KL [nats]'
set title 'SMLD: variance of the chain over that of VE'
set key inside left bottom
set ylabel 'ratio'
set xrange [8:1250]
set yrange [3e-3:3]
plot 1.0 with lines ls 10 title 'VE', \
     table using 'N':(at('smld', 'a')) with points ls 1 title 'SMLD', \
     table using 'N':(at('smld', 'b')) with points ls 3 title 'Euler-Maruyama for VE', \
     table using 'N':(at('smld', 'a_predicted')) with linespoints ls 12 lw 3 pt 6 title 'control: noise (s_i - s_{i-1})z', \
     tanh(log(5000.0)/(2.0*x)) with lines ls 12 notitle
unset multiplot
