# Left: relative entropy falls like kappa^2, the bound like kappa. Middle: a mean breaks the printed bound, not the corrected
# one. Right: the steps of the rule, constant down to r = 1, then in proportion to r.
PANELS = '1,3'
load style
set multiplot layout 1,3
kappa(name) = stringcolumn('panel') eq 'kappa' && stringcolumn('series') eq name && stringcolumn('setting') eq 'T=4-delta=0.01' ? column('x') : NaN
mean(x) = stringcolumn('panel') eq 'mean' && stringcolumn('setting') eq 'T=1' && x > 0 ? x : NaN
step(x) = stringcolumn('panel') eq 'step' ? x : NaN

set title 'mean 0, variance 1, T = 4, δ = 0.01'
set xlabel 'κ'
set ylabel 'KL(p_δ | law)  [nats]'
set bmargin 6.5
set key outside bottom center vertical maxrows 2
@LOGY
set logscale x
set xrange [0.02:0.5]
set xtics (0.025, 0.05, 0.1, 0.2, 0.4)
set yrange [1e-5:20]
plot table using (kappa('N(0,1)')):'bound' with lines ls 10 title 'bound', \
     '' using (kappa('N(0,1)')):'value' with linespoints ls 1 title 'N(0,1)', \
     '' using (kappa('mixture')):'value' with linespoints ls 2 title 'mixture', \
     '' using (kappa('two-atoms')):'value' with linespoints ls 3 title 'two atoms'

set title 'N(m,1), T = 1, κ = 0.01, δ = 0.001'
set xlabel 'mean m'
@LOGX
set xtics auto
set xrange [0.8:125]
set yrange [1e-6:1e4]
plot table using (mean(column('x'))):'bound' with lines ls 10 title 'corrected bound', \
     '' using (mean(column('x'))):'printed' with lines ls 11 title 'printed bound', \
     '' using (mean(column('x'))):'value' with linespoints ls 1 title 'measured', \
     0.5*x**2*exp(-4) with lines ls 12 title 'κ → 0: ½ m² exp(−4T)'

set title 'step rule, T = 4, δ = 0.01, κ = 0.2'
set xlabel 'remaining time r after the step'
set ylabel 'step γ'
set xrange [0.008:5]
set yrange [1e-3:1]
plot 0.2*(x < 1 ? x : 1) with lines ls 10 title 'κ min(1, r)', \
     table using (step(column('x'))):'value' with points ls 1 title 'steps'
unset multiplot
