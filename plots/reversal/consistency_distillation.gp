# Theorem 1: error against the longest step. Losses and gradients at t = 1 against the step, with their limits. The
# objectives over t against theta.
PANELS = '2,2'
load style
set multiplot layout 2,2
set key inside enhanced font ',12' spacing 1.05

pick(p, s, c) = stringcolumn('panel') eq p && stringcolumn('series') eq s ? column(c) : NaN

stats table using (pick('order', 'Euler-1', 'x')):(pick('order', 'Euler-1', 'y')) name 'E' nooutput
stats table using (pick('order', 'Heun-1', 'x')):(pick('order', 'Heun-1', 'y')) name 'H' nooutput
stats table using (pick('loss-limit', 'CD-1', 'y')) name 'A' nooutput
stats table using (pick('loss-limit', 'CT-1', 'y')) name 'B' nooutput
stats table using (pick('printed-limit', 'CT-1', 'y')) name 'C' nooutput
stats table using (pick('printed-limit', 'CT-2', 'y')) name 'D' nooutput
stats table using (pick('gradient-limit', 'CT-2', 'y')) name 'F' nooutput
stats table using (pick('printed-gradient', 'CT-2', 'y')) name 'G' nooutput

@LOGX; @LOGY
set title 'Theorem 1: with loss 0 the model is the solver'
set xlabel 'longest step Δt'
set ylabel 'max |F_N - F|'
set xrange [1e-3:1]
set yrange [1e-8:1]
set key bottom right
plot E_min_y*(x/E_min_x) with lines ls 10 title 'order p', \
     H_min_y*(x/H_min_x)**2 with lines ls 10 notitle, \
     table using 'x':(pick('order', 'Euler-1', 'y')) with points ls 1 title 'Euler, uniform', \
     table using 'x':(pick('order', 'Euler-7', 'y')) with points ls 5 title 'Euler, ρ = 7', \
     table using 'x':(pick('order', 'Heun-1', 'y')) with points ls 2 title 'Heun, uniform', \
     table using 'x':(pick('order', 'Heun-7', 'y')) with points ls 4 title 'Heun, ρ = 7'

unset logscale y
set format y '%g'
set xlabel 'step δ'
set xrange [5e-4:0.2]

set title 'Losses over δ^2, t = 1'
set ylabel 'L/δ^2'
set yrange [0:2*B_max]
set key top left
plot A_max with lines ls 10 title 'predicted limits', B_max with lines ls 10 notitle, \
     C_max with lines ls 11 title '(5.19) for CT, printed', \
     D_max with lines ls 11 dt 3 title '2 (5.19)', \
     table using 'x':(pick('delta', 'CD', 'y')) with points ls 1 pt 6 ps 1.4 title 'CD', \
     table using 'x':(pick('delta', 'CT', 'y')) with points ls 2 title 'CT'

set title 'Gradients over δ, t = 1'
set ylabel '∂L/∂θ / δ'
set yrange [*:*]
set offsets 0, 0, graph 0.1, graph 0.1
set key center left
plot F_max with lines ls 10 title 'predicted, 2 E F_{θ}(F_t + F_x z)', \
     G_max with lines ls 11 title 'slope of (5.19), printed', \
     table using 'x':(pick('delta', 'CD', 'slope')) with points ls 1 pt 6 ps 1.4 title 'CD', \
     table using 'x':(pick('delta', 'CT', 'slope')) with points ls 2 title 'CT'

unset logscale x
set offsets
set format x '%g'
set title 'Objectives over t, data N(0, 1), T = 2'
set xlabel 'θ'
set ylabel 'mean over t of the limit'
set xrange [0:1.5]
set yrange [-0.4:1.2]
set key top right
set arrow 1 from 0.5, graph 0 to 0.5, graph 1 nohead ls 10 dt 3 back
set label 1 'truth' at 0.52, graph 0.05 font ',12'
v = 'v=1,T=2'
plot table using 'x':(pick(v, '0', 'y')) with lines ls 1 lw 3 title '(5.18), CD', \
     table using 'x':(pick(v, '1', 'y')) with lines ls 2 lw 3 title 'CT, not frozen', \
     table using 'x':(pick(v, '2', 'y')) with lines ls 11 lw 3 title '(5.19), printed'
unset multiplot
