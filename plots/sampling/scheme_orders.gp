# KL, TV and W2 of every scheme against the step size (OU, target G), with lines of the predicted order
# through the finest error of EM, Heun and RK4. Last panel: W2/h of DDPM and DDIM against log N (OU,
# target C = N(0, v)), with the predicted slopes.
PANELS = '2,2'
load style

names = "EM EI DDPM-beta EI-ODE Euler EI2 Heun RK4"
metrics = "kl tv w2"
labels = "'KL(p | p_N)  [nats]' 'TV(p, p_N)' 'W_2(p, p_N)'"
v = 0.49

pick(check, scheme, y) = strcol('check') eq check && strcol('scheme') eq scheme ? y : NaN
on_G(scheme, y) = strcol('model') eq 'OU' && strcol('data') eq 'G' ? pick('order', scheme, y) : NaN
per_h(scheme) = pick('logarithm', scheme, column('w2')/column('h'))

set multiplot layout 2,2 margins 0.09,0.86,0.09,0.975 spacing 0.1,0.14
@LOGX; @LOGY
set xlabel 'step size h'
set xrange [3e-4:0.1]
set key at screen 0.875,0.96 left top Left reverse
do for [m = 1:3] {
    metric = word(metrics, m)
    p = metric eq 'kl' ? 2 : 1
    array slope[3] = [p, 2*p, 4*p]
    array through[3]
    array h[3]
    do for [i = 1:3] {
        stats table using (on_G(word("EM Heun RK4", i), column('h'))):(column(metric)) nooutput
        h[i] = STATS_min_x
        through[i] = STATS_min_y
    }
    set ylabel word(labels, m)
    lowest = p == 2 ? 1e-21 : 1e-11
    set yrange [lowest:1]
    if (m > 1) { set key off }
    plot for [i = 1:3] through[i]*(x/h[i])**slope[i] with lines ls 10 \
             title (i > 1 ? '' : 'predicted'), \
         for [i = 1:words(names)] table using 'h':(on_G(word(names, i), column(metric))) \
             with linespoints ls i title word(names, i)
}

unset logscale
set format '%g'
set xrange [3.5:13]
set yrange [0:16]
set xlabel 'log N'
set ylabel 'W_2/h'
set key at screen 0.875,0.46 left top
stats table using (log(column('N'))):(per_h('DDPM')) name 'DDPM' nooutput
stats table using (log(column('N'))):(per_h('DDIM')) name 'DDIM' nooutput
plot DDPM_max_y + (x - DDPM_max_x)/sqrt(v) with lines ls 10 title 'predicted', \
     DDIM_max_y + (x - DDIM_max_x)/(4*sqrt(v)) with lines ls 10 notitle, \
     table using (log(column('N'))):(per_h('DDPM')) with points ls 1 title 'DDPM', \
     table using (log(column('N'))):(per_h('DDIM')) with points ls 2 title 'DDIM'
unset multiplot
