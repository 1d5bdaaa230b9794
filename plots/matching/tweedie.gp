# E[m X_0 | X_t = x] by quadrature and from the score, OU: s2 = 1 - e^{-2t}.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside top left enhanced
set xlabel 'x'
set ylabel 'E[m_t X_0 | X_t = x]'

# 1 if the row is of one of the targets, at the i-th time
times = '0.1 0.5 2'
is(targets, i) = strstrt(targets, stringcolumn('target')) && abs(column('s2') - (1 - exp(-2*word(times, i)))) < 1e-9
of(targets, i, shift) = is(targets, i) ? column('x') + shift : NaN
wrong(targets, i) = of(targets, i, column('tweedie')/sqrt(column('s2')))

set title 'mixture G (or your target)'
set yrange [*:*]
plot for [i=1:3] table using 'x':(wrong('G yours', i)) with lines ls 12 lw 2 title (i == 1 ? 'control: σ for σ^2' : ''), \
     for [i=1:3] table using 'x':(of('G yours', i, column('tweedie'))) with lines ls 10 title (i == 1 ? 'x + σ^2 ∇log p_t' : ''), \
     for [i=1:3] table using 'x':(of('G yours', i, column('shift'))) with points ls i title 'quadrature, t = '.word(times, i)

set title 'uniform law on [-1, 1]'
set key top right
set yrange [-2.2:4]
plot for [i=1:3] table using 'x':(wrong('U(-1,1)', i)) with lines ls 12 lw 2 title (i == 1 ? 'control: σ for σ^2' : ''), \
     for [i=1:3] table using 'x':(of('U(-1,1)', i, column('tweedie'))) with lines ls 10 title (i == 1 ? 'x + σ^2 ∇log p_t' : ''), \
     for [i=1:3] table using 'x':(of('U(-1,1)', i, column('shift'))) with points ls i title 'quadrature, t = '.word(times, i)
unset multiplot
