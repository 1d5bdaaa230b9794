# Errors against the step size: U (TV and the mass outside its support, slope 1/2), V (TV of slope 1, W2 bending to 1/2)
# and N(0, 1) with EI (relative entropy of the paths, slope 1, and of the marginals, slope 2). Lines of the predicted
# slopes pass through the finest errors.
PANELS = '1,3'
load style
set multiplot layout 1,3
set key enhanced inside bottom right
@LOGX; @LOGY
set xlabel 'step size h'

of(data, scheme, y) = strcol('target') eq data && strcol('scheme') eq scheme ? column(y) : NaN
line(x, a, b, slope) = b*(x/a)**slope

set title 'U = uniform, T = 2'
set ylabel 'TV, mass outside'
set xrange [1.2e-3:0.2]
set yrange [2e-3:0.3]
stats table using (of('U', 'EM', 'h')):(of('U', 'EM', 'tv')) name 'U' nooutput
stats table using (of('U', 'EM', 'h')):(of('U', 'EM', 'other')) name 'OUT' nooutput
plot line(x, U_min_x, U_min_y, 0.5) with lines ls 10 title 'slope 1/2', \
     line(x, OUT_min_x, OUT_min_y, 0.5) with lines ls 10 notitle, \
     line(x, U_max_x, U_max_y, 1) with lines ls 12 title 'slope 1, control', \
     table using 'h':(of('U', 'EI', 'tv')) with points ls 2 ps 1.3 title 'TV, EI', \
     table using 'h':(of('U', 'EM', 'tv')) with points ls 1 ps 0.7 title 'TV, EM', \
     table using 'h':(of('U', 'EI', 'other')) with points ls 7 ps 1.3 title 'outside, EI', \
     table using 'h':(of('U', 'EM', 'other')) with points ls 6 ps 0.7 title 'outside, EM'

set title 'V = two modes 6 apart, T = 3'
set ylabel 'TV, W_2'
set xrange [2e-3:0.15]
set yrange [7e-4:1]
stats table using (of('V', 'EM', 'h')):(of('V', 'EM', 'tv')) name 'TV' nooutput
stats table using (of('V', 'EM', 'h')):(of('V', 'EM', 'w2')) name 'W2' nooutput
stats table using (of('V', 'EI', 'h')):(of('V', 'EI', 'w2')) name 'EI' nooutput
plot line(x, W2_min_x, W2_min_y, 0.5) with lines ls 10 title 'slope 1/2', \
     line(x, EI_min_x, EI_min_y, 0.5) with lines ls 10 notitle, \
     line(x, TV_min_x, TV_min_y, 1) with lines ls 10 dt (4,3) title 'slope 1', \
     line(x, W2_max_x, W2_max_y, 1) with lines ls 12 title 'slope 1, control', \
     table using 'h':(of('V', 'EI', 'w2')) with points ls 2 ps 1.3 title 'W_2, EI', \
     table using 'h':(of('V', 'EM', 'w2')) with points ls 1 ps 0.7 title 'W_2, EM', \
     table using 'h':(of('V', 'EI', 'tv')) with points ls 7 ps 1.3 title 'TV, EI', \
     table using 'h':(of('V', 'EM', 'tv')) with points ls 6 ps 0.7 title 'TV, EM'

set title 'N(0,1), EI, T = 2'
set ylabel 'relative entropy  [nats]'
set xrange [0.04:0.25]
set format x '%g'
set xtics (0.05, 0.1, 0.2)
set yrange [1e-5:2]
closed(h) = 4*(1 - (1 - exp(-h))/h)
stats table using (of('N(0,1)', 'EI', 'h')):(of('N(0,1)', 'EI', 'kl')) name 'KL' nooutput
plot closed(x) with lines ls 10 title '2N(h - 1 + e^{-h})', \
     2*closed(x) with lines ls 11 title 'twice that, as printed', \
     line(x, KL_min_x, KL_min_y, 2) with lines ls 10 dt (4,3) title 'slope 2', \
     table using 'h':(of('N(0,1)', 'EI', 'other')) with points ls 1 ps 1.2 title 'paths', \
     table using 'h':(of('N(0,1)', 'EI', 'kl')) with points ls 6 ps 1.2 title 'marginals'
unset multiplot
