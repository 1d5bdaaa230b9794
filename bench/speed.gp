# speed.gp -- the table of bench --peers --tsv: ratios to the best peer, fractions of the machine's limit.
PANELS = '2,2'
load style
stats table using 0 nooutput
rows = STATS_records
set multiplot
unset key
set grid noytics xtics
set yrange [rows - 0.4:-0.6]
set ytics out nomirror noenhanced font ',11'
set tmargin at screen 0.94
set bmargin at screen 0.09
set style fill solid 0.6 noborder

set lmargin at screen 0.36
set rmargin at screen 0.66
set title 'time of the best peer over ours'
set xlabel 'ratio'
set logscale x
set xrange [0.5:*]
set arrow 1 from 1, graph 0 to 1, graph 1 nohead ls 10
plot table using (0.5):0:(0.5):'ratio':($0 - 0.35):($0 + 0.35):ytic(1) with boxxyerror ls 1, \
     table using (0.5):0:(0.5):(0.5):($0 - 0.35):($0 + 0.35):ytic(1) with boxxyerror ls 1

set lmargin at screen 0.69
set rmargin at screen 0.98
unset logscale x
set title 'limit of this machine over our time'
set xlabel 'fraction'
set xrange [0:*]
unset ytics
plot table using (0):0:(0):'fraction':($0 - 0.35):($0 + 0.35) with boxxyerror ls 3
