# Mean error against n: maximiser, memoriser and what the class cannot reach. Inside (14) the error is parametric, below the
# slope of the theorem; outside the approximation rules, and the memoriser, which knows no smoothness, is better.
PANELS = '2,3'
load style
set multiplot layout 2,3
at(s, law, b, d, D, c) = stringcolumn('series') eq s && stringcolumn('law') eq law && column('beta') == b && column('d') == d && column('D') == D ? column(c) : NaN
@LOGX; @LOGY
set xlabel 'training points n' offset 0,0.7
set ylabel 'KL(p_{t_0} | p̂_{t_0})  [nats]'

do for [k = 1:6] {
    LAW = word('gentle gentle slab slab bend weier', k)
    B = real(word('1 2 1 2 1 0.75', k))
    DIM = int(word('1 1 2 2 1 1', k))
    EXPONENT = 2*B/(2*B + DIM)
    A = int(word('1 1 2 2 1 1', k))
    set xrange [*:*]; set yrange [*:*]
    stats table using (LAW eq stringcolumn('law') ? 1 : 0) name 'L' nooutput
    if (L_max == 0) {
        set title LAW.', β = '.sprintf('%g', B).': full effort only'
        set xrange [1:10]; set yrange [1e-6:1]
        plot NaN notitle
        continue
    }
    stats table using (at('maximiser', LAW, B, DIM, A, 'n')) name 'X' nooutput
    stats table using (at('maximiser', LAW, B, DIM, A, 'error')) name 'Y' nooutput
    x0 = X_min; y0 = Y_max
    set xrange [0.7*x0:1.5*X_max]
    set yrange [(k <= 4 ? 1e-14 : 1e-6):1]
    set bmargin 8; set key center top at graph 0.5, graph -0.2 maxrows 3 width -2 samplen 2 font ',13'
    set title LAW.sprintf(', β = %g, d = %d', B, DIM).(k <= 4 ? ', inside (14)' : ', outside')
    if (k <= 2) {
        plot y0*(x/x0)**(-EXPONENT) with lines ls 10 title sprintf('slope −%.2f', EXPONENT), y0/(x/x0) with lines ls 12 title 'slope −1', \
             for [D = 1:2] table using 'n':(at('maximiser', LAW, B, DIM, D, 'error')):(at('maximiser', LAW, B, DIM, D, 'lo')):(at('maximiser', LAW, B, DIM, D, 'hi')) with yerrorlines ls D title sprintf('maximiser, D = %d', D), \
             for [D = 1:2] '' using 'n':(at('memoriser', LAW, B, DIM, D, 'error')) with points ls D pt 6 ps 1.4 title sprintf('memoriser, D = %d', D), \
             for [D = 1:2] '' using 'n':(at('approximation', LAW, B, DIM, D, 'error')) with points ls D pt 2 title (D == 1 ? 'n = ∞, same class' : ''), \
             '' using 'n':(k == 1 ? at('frozen', LAW, B, DIM, 1, 'error') : NaN) with linespoints ls 12 pt 1 title 'N = 1 (control)'
    } else {
        plot y0*(x/x0)**(-EXPONENT) with lines ls 10 title sprintf('slope −%.2f', EXPONENT), y0/(x/x0) with lines ls 12 title 'slope −1', \
             table using 'n':(at('maximiser', LAW, B, DIM, A, 'error')):(at('maximiser', LAW, B, DIM, A, 'lo')):(at('maximiser', LAW, B, DIM, A, 'hi')) with yerrorlines ls A title 'maximiser', \
             '' using 'n':(at('memoriser', LAW, B, DIM, A, 'error')) with points ls A pt 6 ps 1.4 title 'memoriser', \
             '' using 'n':(at('approximation', LAW, B, DIM, A, 'error')) with points ls A pt 2 title 'n = ∞, same class'
    }
}
unset multiplot
