# Steps for KL <= 0.01 against the ambient dimension: EI grows like sqrt(D), DDPM (posterior variance) does not. Right:
# b, the relative entropy of one coordinate normal to the subspace, against the weight of DDPM between EI and DDPM.
PANELS = '1,2'
load style

pick(panel, name, y) = strcol('panel') eq panel && (name eq '' || strcol('series') eq name) ? y : NaN
steps(name) = pick('steps', name, column('value'))

set multiplot layout 1,2 margins 0.075,0.975,0.14,0.94 spacing 0.1
@LOGX; @LOGY
set xlabel 'ambient dimension D'
set ylabel 'steps for KL(p | p_N) ≤ 0.01 nats'
set xrange [0.8:1e5]
set yrange [3:1e5]
set key inside left top
stats table using (column('x') == 65536 ? steps('EI-N(0,1)-1') : NaN) name 'EI' nooutput
stats table using (steps('DDPM-N(0,1)-1')) name 'DDPM' nooutput
plot EI_max*sqrt(x/65536.0) with lines ls 10 title 'predicted: √D, constant', \
     DDPM_max with lines ls 10 notitle, \
     table using 'x':(steps('EI-N(0,1)-1')) with linespoints ls 1 title 'EI, N(0,1) in 1 coordinate', \
     table using 'x':(steps('EI-N(0,1)-4')) with linespoints ls 2 title 'EI, in 4', \
     table using 'x':(steps('DDPM-N(0,1)-1')) with linespoints ls 3 title 'DDPM, in 1', \
     table using 'x':(steps('DDPM-N(0,1)-4')) with linespoints ls 4 title 'DDPM, in 4', \
     table using 'x':(steps('DDPM-P_2-1')) with linespoints ls 5 title 'DDPM, two atoms in 1'

unset logscale x
set format x '%g'
set xlabel 'λ, weight of DDPM between EI (0) and DDPM (1)'
set ylabel 'b, KL of one normal coordinate  [nats]'
set xrange [-0.05:1.15]
set yrange [1e-34:1e2]
set key inside left bottom
set arrow from 1,graph 0 to 1,graph 1 nohead ls 10
plot table using 'x':(pick('blend', 'b', column('value'))) with linespoints ls 1 title 'b(λ), κ = 0.1', \
     1e-6 with lines ls 12 title 'claim: above, unless λ = 1', \
     1e-14 with lines ls 13 lc rgb '#888888' dt 3 title 'claim: below at λ = 1'
unset multiplot
