# Copies F and share S against the time the sampler stops at, for clusters and digits; below, digits drawn by the
# sampler, each over the nearest it was trained on and the nearest it has never seen.
PANELS = '2,3'
load style
set datafile missing NaN
set multiplot

pick(what, data, size) = stringcolumn('what') eq what && stringcolumn('data') eq data && column('n') == size
of(what, data, size) = pick(what, data, size) ? column('value') : NaN
low(what, data, size) = pick(what, data, size) ? column('lo') : NaN
high(what, data, size) = pick(what, data, size) ? column('hi') : NaN

# ---- Curves: one panel a data set; S above, F below --------------------------------------------
stats table using (stringcolumn('data') eq 'digits' ? 1 : 0) nooutput
POOL = STATS_max > 0 ? 'digits' : 'synthetic'
stats table using (column('n')) nooutput
SIZES = STATS_max > 1000 ? '64 512 2048' : '64 512'
DATA = 'd=2 d=16 d=64 '.POOL
NAMES = "'clusters, d = 2' 'clusters, d = 16' 'clusters, d = 64' '".(POOL eq 'digits' ? 'handwritten digits, d = 64, n = 898' : 'synthetic pool, d = 64, n = 898')."'"
left(i) = 0.055 + 0.24 * (i - 1)
@LOGX
set xrange [7e-4:3]
set ytics 0.25
set yrange [-0.04:1.08]
set bars small
do for [row = 0:1] {
    what = row == 0 ? 'S' : 'F'
    set tmargin at screen (row == 0 ? 0.945 : 0.715)
    set bmargin at screen (row == 0 ? 0.76 : 0.53)
    do for [i = 1:4] {
        set lmargin at screen left(i)
        set rmargin at screen left(i) + 0.2
        data = word(DATA, i)
        if (row == 0) {
            set title word(NAMES, i) offset 0,-0.5
            unset xlabel
            set format x ''
        } else {
            unset title
            set xlabel 'stopping time δ' offset 0,0.5
            set format x '10^{%L}'
        }
        set ylabel (i > 1 ? '' : row == 0 ? 'share S' : 'copies F') offset 1,0
        set key inside noenhanced font ',11' samplen 1.5
        if (row == 0) { set key bottom left } else { set key top right }
        if (i > 1) { unset key }
        independent = row == 0 ? 0.5 : i == 1 ? 1.0/9 : 0
        if (i < 4) {
            plot independent with lines ls 10 title (row == 0 ? 'independent of the training set' : ''), \
                 table using 'delta':(of('fresh-'.what, data, 512)):(low('fresh-'.what, data, 512)):(high('fresh-'.what, data, 512)) \
                     with yerrorbars ls 12 lw 2 pt 4 dt 1 ps 0.8 title (row == 0 ? 'control: population score, n = 512' : ''), \
                 for [j = 1:words(SIZES)] table using 'delta':(of('sampler-'.what, data, word(SIZES, j))) \
                     with linespoints ls j title (row == 1 ? 'n = '.word(SIZES, j) : '')
        } else {
            plot independent with lines ls 10 notitle, \
                 table using 'delta':(of('sampler-'.what, data, 898)) with linespoints ls 6 dt 1 notitle
        }
    }
}

# ---- Gallery -------------------------------------------------------------------------------------
unset key
unset title
unset xlabel
unset ylabel
unset grid
unset logscale x
unset xtics
unset ytics
unset border
unset colorbox
set palette defined (-1 '#FFFFFF', 1 '#1A1A1A')
set cbrange [-1:1]
set yrange [34:-3]
set tmargin at screen 0.385
set bmargin at screen 0.01
# Paper, not drawn, is -1; in steps of 1/8.
pixel(what, delta) = ink(what, delta) > -0.93 ? floor(8 * ink(what, delta) + 0.5) / 8.0 : NaN
is(what, delta) = stringcolumn('what') eq what && abs(column('delta') / delta - 1) < 1e-6
ink(what, delta) = is(what, delta) ? column('value') : NaN
DELTAS = '0.001 0.03 0.3'
do for [k = 1:3] {
    set lmargin at screen 0.075 + 0.31 * (k - 1)
    set rmargin at screen 0.075 + 0.31 * (k - 1) + 0.295
    delta = word(DELTAS, k) + 0
    set title 'δ = '.word(DELTAS, k) offset 0,-0.8
    set xrange [-1:8 * 9]
    set label 1 'generated' at graph -0.01, first 3.5 right font ',12'
    set label 2 'nearest' at graph -0.01, first 14 right font ',12'
    set label 3 'training' at graph -0.01, first 16.5 right font ',12'
    set label 4 'nearest' at graph -0.01, first 26 right font ',12'
    set label 5 'held-out' at graph -0.01, first 28.5 right font ',12'
    if (k > 1) { do for [l = 1:5] { unset label l } }
    plot for [r = 0:2] table using (column('draw') * 9 + column('col')):(column('row') + 12 * r):(0.5):(0.5):(pixel(word('generated training held-out', r + 1), delta)) \
             with boxxyerror fs solid 1 noborder fc palette, \
         for [r = 1:2] table using (column('draw') * 9 + 3.5):(is(word('training held-out', r), delta) && column('row') == 0 && column('col') == 0 ? 12 * r + 9 : NaN):(sprintf('%.2f', column('lo'))) \
             with labels font ',11' textcolor rgb (r == 1 ? '#0072B2' : '#D55E00')
}
unset multiplot
