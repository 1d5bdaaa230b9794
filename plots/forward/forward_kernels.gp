# Closed forms (black) through the quadrature of f and g^2 (points); the variance of OU taken over (dotted); the cost
# of starting from noise against its limits (black).
PANELS = "2,2"
load style
set multiplot layout 2,2
of(name, y) = (stringcolumn('model') eq name ? column(y) : NaN)
kernel(name, y) = (stringcolumn('series') eq 'kernel' ? of(name, y) : NaN)
noise(name) = (stringcolumn('series') eq 'noise' ? of(name, 'kl') : NaN)
MODELS = "OU VE VE-linear VP subVP CVP COU CsubVP"
set key outside right top noenhanced
set xlabel 'time t'
set xrange [0:1]
@LOGY
set title 'mean factor m_t'
set ylabel 'm_t'
plot for [i=1:8] table using 'x':(kernel(word(MODELS, i), 'm_exact')) with lines ls 10 notitle, \
     for [i=1:8] table using 'x':(kernel(word(MODELS, i), 'm')) every 2 with points ls i title word(MODELS, i)
set title 'kernel variance'
set ylabel 'σ_t^2'
set key outside right top
plot for [i=1:8] table using 'x':(kernel(word(MODELS, i), 'var_exact')) with lines ls 10 notitle, \
     for [i=1:8] table using 'x':(kernel(word(MODELS, i), 'var')) every 2 with points ls i title word(MODELS, i)
unset logscale y
set format y '%g'
set yrange [0:1.05]
set xrange [0:0.8]
set key inside right bottom
set title 'neither VP nor subVP has the variance of OU'
plot table using 'x':(kernel('VP', 'control')) with lines ls 12 lw 3 title 'control: 1 - exp(-2B)', \
     for [m in "VP subVP"] table using 'x':(kernel(m, 'var_exact')) with lines ls 10 notitle, \
     table using 'x':(kernel('VP', 'var')) with points ls 4 title 'VP', \
     table using 'x':(kernel('subVP', 'var')) with points ls 5 title 'subVP'
@LOGY
set yrange [1e-9:10]
set key inside left bottom
set xlabel 'B_T'
set title 'starting from noise, data N(2, 1): CVP keeps a bias'
set ylabel 'KL(p_T | p_{noise})  [nats]'
plot [0:20] 2.0*exp(-x) with lines ls 10 title '2 exp(-B)', \
     0.5*(5.0 - log(2.0)) with lines ls 10 dt 2 title '(5 - log 2)/2', \
     table using 'x':(noise('VP')) with points ls 4 title 'VP', \
     table using 'x':(noise('subVP')) with points ls 5 title 'subVP', \
     table using 'x':(noise('CVP')) with points ls 6 title 'CVP', \
     table using 'x':(noise('CsubVP')) with points ls 8 title 'CsubVP'
unset multiplot
