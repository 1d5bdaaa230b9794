# Var Y(t)/Var X(t) along the backward flow of N(0, 1) with the VE score, for the three powers of s; it should
# stay 1.
PANELS = '2,2'
load style
set multiplot layout 2,2 title "VE score with coefficient s^k ζζ', data N(0, 1)"

ratio(process, k) = stringcolumn('process') eq process && column('power') == k \
                    ? 10**(column('log10_variance') - column('log10_exact')) : NaN

# where k = 0 ends
names = "VP subVP CVP OU"
array end[4]
do for [i = 1:4] {
    stats table using (stringcolumn('process') eq word(names, i) && column('power') == 0 && column('t') == 0 \
                       ? column('log10_variance') : NaN) name 'END' nooutput
    end[i] = END_min
}

set xrange [1:0]
set xlabel 'forward time t, run from T = 1 to 0'
set ylabel 'Var Y_t / Var X_t'
set key inside enhanced
do for [i = 1:4] {
    name = word(names, i)
    set title name.(i == 4 ? '' : '(0.1, 20)')
    if (i < 3) {
        @LOGY
        set yrange [1e-4:1e5]
        set key bottom right
        set label 1 sprintf('k = 0: 10^{%.0f}', end[i]) at 0.97, 1e-3 textcolor rgb '#808080' font ',12'
    } else {
        unset logscale y
        set format y '%g'
        set yrange [0:2.4]
        set key top left
        unset label 1
    }
    if (i > 1) { unset key }
    plot 1 with lines ls 10 title 'predicted', \
         table using 't':(ratio(name, 1)) with points ls 1 ps 0.6 title 'k = 1, corrected', \
         table using 't':(ratio(name, 2)) with lines ls 11 lw 3 title 'k = 2, printed', \
         table using 't':(ratio(name, 0)) with lines ls 12 lw 3 title 'k = 0, control'
}
unset multiplot
