# Left: TV of the sampler with a fitted score, most of it early stopping, against the slope of the theorem. Middle: that early
# stopping against its bound, in units of sd^2. Right: right over left side of condition (14) along the theorem's t_0(n): as
# printed it fails, with the noise of the data it holds.
PANELS = '1,3'
load style
set multiplot layout 1,3
at(s, b, sd, c) = stringcolumn('series') eq s && column('beta') == b && column('sd') == sd ? column(c) : NaN
@LOGX; @LOGY
set key below maxrows 5 samplen 1.5 width -4
set bmargin 10

set title 'fitted score, σ_{data} = 0.3'
set xlabel 'training points n'
set ylabel 'total variation'
set xrange [60:2e5]
set yrange [6e-4:0.3]
plot 0.16*(x/100)**(-1.0/8) with lines ls 10 title 'theorem, β = 1', \
     0.16*(x/100)**(-1.0/7) with lines ls 10 dt (6,3) title 'theorem, β = 2', \
     0.16*(x/100)**(-0.4) with lines ls 12 title 'slope −0.4 (control)', \
     for [b = 1:2] table using 'at':(at('total', b, 0.3, 'value')):(at('total', b, 0.3, 'lo')):(at('total', b, 0.3, 'hi')) with yerrorlines ls b title sprintf('TV(Ẑ, p_0), β = %d', b), \
     for [b = 1:2] '' using 'at':(at('bias', b, 0.3, 'value')) with points ls b pt 6 ps 1.4 title sprintf('TV(p_t0, p_0), β = %d', b), \
     for [b = 1:2] '' using (column('at')*(b == 1 ? 0.9 : 1.1)):(at('estimation', b, 0.3, 'value')):(at('estimation', b, 0.3, 'lo')):(at('estimation', b, 0.3, 'hi')) with yerrorbars ls b pt 2 dt 1 title sprintf('TV(Ẑ, p_t0), β = %d', b)

set key maxrows 3
set title 'what early stopping costs'
set xlabel 't_0/σ_{data}^2'
set ylabel 'TV(p_{t0}, p_0)'
set xrange [5e-5:1]
set yrange [5e-6:2]
plot sqrt(x) with lines ls 10 title 'bound (92)', \
     0.05*sqrt(x) with lines ls 12 title '1/20 (control)', \
     table using 'at':(at('stopped', 0, 0.3, 'value')) with points ls 1 title 'σ_data = 0.3', \
     '' using 'at':(at('stopped', 0, 0.1, 'value')) with points ls 2 title 'σ_data = 0.1', \
     0.15*x with lines ls 20 lc rgb '#888888' title 'slope 1'

set title 'condition (14) along t_0(n), σ_{data} = 0.9, d = H = 1'
set xlabel 'training points n'
set ylabel 'right side / left side'
set xrange [50:2e15]
set yrange [1e-10:1e12]
set label 1 'satisfied' at 1e12, 0.05 textcolor rgb '#777777'
plot 1 with lines ls 10 notitle, \
     table using 'at':(at('printed', 2, 0.9, 'value')) with points ls 11 title 'printed, β = 2, D = 1', \
     '' using 'at':(at('printed', 1, 0.9, 'value')) with points ls 11 pt 4 title 'printed, β = 1, D = 2', \
     '' using 'at':(at('corrected', 2, 0.9, 'value')) with points ls 1 title 'with σ_data, β = 2, D = 1', \
     '' using 'at':(at('corrected', 1, 0.9, 'value')) with points ls 3 title 'with σ_data, β = 1, D = 2'
unset multiplot
