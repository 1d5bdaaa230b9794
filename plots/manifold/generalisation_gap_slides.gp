# Left: TV of the sampler with a fitted score, which is early stopping; the slope of the theorem above it. Right: right over
# left side of condition (14) along the theorem's t_0(n): as printed it fails, with the noise of the data it holds.
PANELS = '1,2'
load style
set multiplot layout 1,2
part(s, b, c) = stringcolumn('series') eq s && column('beta') == b && column('sd') == 0.3 ? column(c) : NaN
@LOGX; @LOGY
set xlabel 'training points n'
set key inside bottom left maxrows 9

set title 'reverse SDE with the fitted score, σ_{data} = 0.3'
set ylabel 'total variation'
set xrange [60:2e5]
set yrange [3e-8:0.5]
plot 0.16*(x/100)**(-1.0/8) with lines ls 10 title 'slope −β/(6β + 2d), β = 1', \
     0.16*(x/100)**(-1.0/7) with lines ls 10 dt (6,3) title 'β = 2', \
     0.16*(x/100)**(-0.4) with lines ls 12 title 'slope −0.4 (control)', \
     for [b = 1:2] table using 'n':(part('total', b, 'value')):(part('total', b, 'lo')):(part('total', b, 'hi')) with yerrorlines ls b title sprintf('TV(Ẑ, p_0), β = %d', b), \
     for [b = 1:2] '' using 'n':(part('bias', b, 'value')) with points ls b pt 6 ps 1.4 title sprintf('TV(p_t0, p_0), β = %d', b), \
     for [b = 1:2] '' using 'n':(part('estimation', b, 'value')):(part('estimation', b, 'lo')):(part('estimation', b, 'hi')) with yerrorbars ls b pt 2 title sprintf('TV(Ẑ, p_t0), β = %d', b)

ratio(s, c) = stringcolumn('series') eq s ? column(c) : NaN
set title 'condition (14) along t_0(n), σ_{data} = 0.9, d = H = 1'
set ylabel 'right side / left side'
set xrange [50:2e15]
set yrange [1e-14:1e12]
set key bottom left
set label 1 'satisfied' at 1e13, 0.1 textcolor rgb '#777777'
plot 1 with lines ls 10 notitle, \
     table using 'n':(ratio('printed-D=1', 'value')) with linespoints ls 11 title 'as printed, β = 2, D = 1', \
     '' using 'n':(ratio('printed-D=2', 'value')) with linespoints ls 11 pt 4 title 'as printed, β = 1, D = 2', \
     '' using 'n':(ratio('corrected-D=1', 'value')) with linespoints ls 1 title 'noise with σ_data, β = 2, D = 1', \
     '' using 'n':(ratio('corrected-D=2', 'value')) with linespoints ls 3 title 'noise with σ_data, β = 1, D = 2'
unset multiplot
