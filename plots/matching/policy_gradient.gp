# Level lines of the objectives with terminal and with running penalty; (7.15) against differences of V.
# rows "theta_j": x = θ_1, y = (7.15), u = difference of V, v = (7.15) with g for g^2; "terminal", "running": the
# maximisers (x, y) = (θ_0, θ_1), "terminal-i", "running-i" level lines about them.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside enhanced bottom left opaque

only(s, c) = stringcolumn('series') eq s ? column(c) : NaN
level(s, i) = sprintf('%s-%d', s, i)

set title 'E RWD - β KL at 0.01, 0.04, 0.1, 0.2 below its maximum'
set xlabel 'θ_0'
set ylabel 'θ_1'
set xrange [-0.6:1.8]
set yrange [-3.8:-0.4]
plot for [i=0:3] table using (only(level('terminal', i), 'x')):(only(level('terminal', i), 'y')) \
         with lines ls 11 lw 1 notitle, \
     for [i=0:3] table using (only(level('running', i), 'x')):(only(level('running', i), 'y')) \
         with lines ls 1 lw 1 notitle, \
     table using (only('terminal', 'x')):(only('terminal', 'y')) with linespoints ls 11 ps 1.5 lw 2 \
         title '(7.13): KL at T', \
     table using (only('running', 'x')):(only('running', 'y')) with linespoints ls 1 ps 1.2 \
         title 'running penalty: KL of the paths'

set title 'Gradient of V at y = 0.4, θ_0 = 0.3'
set xlabel 'θ_1'
set ylabel '∂V/∂θ'
set xrange [-2.1:0.35]
set yrange [*:*]
plot table using (only('theta_0', 'x')):(only('theta_0', 'y')) with lines ls 10 title '(7.15)', \
     table using (only('theta_1', 'x')):(only('theta_1', 'y')) with lines ls 10 notitle, \
     table using (only('theta_0', 'x')):(only('theta_0', 'v')) with lines ls 12 title 'control: g for g^2', \
     table using (only('theta_1', 'x')):(only('theta_1', 'v')) with lines ls 12 notitle, \
     table using (only('theta_0', 'x')):(only('theta_0', 'u')) with points ls 2 pointinterval 2 title 'differences of V, θ_0', \
     table using (only('theta_1', 'x')):(only('theta_1', 'u')) with points ls 1 pointinterval 2 title 'differences of V, θ_1'
unset multiplot
