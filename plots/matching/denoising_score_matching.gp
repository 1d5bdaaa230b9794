# J_DSM - J_ESM against theta: flat for the conditional score, not for the wrong ones.
load style
set xlabel 'parameter θ of the field s = -θx + 0.7 sin 2x'
set ylabel 'objective difference  J(θ) - J_E(θ)' 
of(name) = (stringcolumn('case') eq name ? column('gap') : NaN)
set title 'three atoms, OU at t = 0.1'
plot table using 'theta':'constant' with lines ls 10 title 'predicted: 1/σ² - I', \
     table using 'theta':(of('truth')) with points ls 1 title 'conditional score', \
     table using 'theta':(of('sigma-for-sigma^2')) with points ls 6 title 'control: σ for σ²', \
     table using 'theta':(of('without-m')) with points ls 3 title 'control: m forgotten', \
     table using 'theta':(of('sign-slip')) with points ls 4 title 'control: sign slip'
