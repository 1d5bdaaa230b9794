# W2 (on M: TV) against the number of score evaluations; Heun-stale is the control. Top: lambda = (1/4, 1, 4),
# against the data, with what the start costs as floors, and against the continuous law from the same start.
# Below: the stiff spectrum against the data, and TV on M. Lines of slope -1, -2, -4 through the last error of
# EM, Heun and RK4.
PANELS = '2,2'
load style
set style line 9 lc rgb '#8C510A' lw 2 pt 12 ps 0.8 dt (10,3)
set style line 14 lc rgb '#7F7F7F' lw 2 pt 10 ps 0.8 dt 1
set style line 15 lc rgb '#0072B2' lw 1 pt 6  ps 0.7 dt (3,3)
set style line 16 lc rgb '#882255' lw 2 pt 13 ps 0.7 dt 1
set style line 17 lc rgb '#882255' lw 1 pt 12 ps 0.7 dt (6,3)

names = "EM (6.16) EI ancestral DDPM DDPM-beta DDIM EI-ODE Euler PC Heun EI2 RK4"
styles = "1 15 2 3 16 17 4 5 8 9 6 14 7"
on(data, scheme, y) = strcol('data') eq data && strcol('scheme') eq scheme ? column(y) : NaN

set multiplot layout 2,2 margins 0.08,0.825,0.095,0.94 spacing 0.09,0.12
@LOGX; @LOGY
set format x '%g'
set xtics (48, 96, 192, 384, 768, 1536, 3072)
set xrange [40:3700]

array data[4] = ['toy', 'toy', 'stiff', 'M']
array error[4] = ['to_data', 'to_law', 'to_data', 'to_law']
array heading[4] = ['λ = (1/4, 1, 4): to the data', 'λ = (1/4, 1, 4): to the continuous law from N(0, I)', \
                    'λ_i = i^{-2}, i ≤ 32: to the data', 'mixture M: to the data, from p_T  (not EI2, DDPM)']
do for [p = 1:4] {
    set title heading[p]
    set ylabel p == 4 ? 'TV' : 'W_2'
    set xlabel (p > 2 ? 'score evaluations' : '')
    # A key is cut to the height of its panel: panel 1 has the first half, panel 3 the second.
    set key at screen 0.832,(p == 1 ? 0.95 : 0.673) left top Left reverse
    if (p % 2 == 0) { set key off }
    if (p == 1 || p == 3) {
        stats table using (on(data[p], 'EM', 'floor')) name 'SDE' nooutput
        stats table using (on(data[p], 'RK4', 'floor')) name 'ODE' nooutput
        set yrange [(p == 1 ? 1e-8 : 1e-11):10]
        shown(i, text) = (p == 1) == (i <= 6) ? text : ''
        plot NaN with lines ls 10 title shown(1, 'slopes -1, -2, -4'), \
             ODE_max with lines ls 10 dt (2,2) title shown(1, 'floor of the flow'), \
             SDE_max with lines ls 10 dt (8,4) title shown(1, 'floor of the SDE'), \
             for [i = 1:words(names)] table using 'evaluations':(on(data[p], word(names, i), error[p])) \
                 with linespoints ls word(styles, i) title shown(i, word(names, i)), \
             NaN with linespoints ls 12 lw 3 ps 1.4 title shown(9, 'Heun-stale')
    } else {
        array n[3]
        array e[3]
        array slope[3] = [1, 2, 4]
        do for [i = 1:3] {
            stats table using (on(data[p], word("EM Heun RK4", i), 'evaluations')):(on(data[p], word("EM Heun RK4", i), error[p])) nooutput
            n[i] = STATS_max_x
            e[i] = STATS_min_y
        }
        set yrange [1e-12:10]
        plot for [i = 1:3] (x <= n[i] ? e[i]*(n[i]/x)**slope[i] : NaN) with lines ls 10, \
             for [i = 1:words(names)] table using 'evaluations':(on(data[p], word(names, i), error[p])) \
                 with linespoints ls word(styles, i), \
             table using 'evaluations':(on(data[p], 'Heun-stale', error[p])) with linespoints ls 12 lw 3 ps 1.4
    }
}
unset multiplot
