# speed.gp -- the table of bench --peers --tsv: ratios to the best peer, fractions of the machine's limit.
PANELS = '1,2'
load style
set multiplot layout 1,2
set yrange [*:*] reverse
set ytics out nomirror font ',10'
set style fill solid 0.6 noborder
set boxwidth 0.7
set offsets 0,0,0.6,0.6
unset key
set grid noytics xtics
rows = 0
stats table using 0 nooutput
rows = STATS_records

set title 'time of the best peer over ours'
set xlabel 'ratio'
set logscale x
set xrange [0.5:*]
set arrow 1 from 1,-0.6 to 1,rows-0.4 nohead ls 10
set lmargin 38
plot table using (0.5*(column('ratio')+0.5)):0:(0.5):'ratio':($0-0.35):($0+0.35):ytic('row') with boxxyerror ls 1

unset arrow 1
unset logscale x
set title 'limit of this machine over our time'
set xlabel 'fraction'
set xrange [0:*]
set lmargin 4
set ytics format ''
set arrow 2 from 1,-0.6 to 1,rows-0.4 nohead ls 10
plot table using (0.5*column('fraction')):0:(0):'fraction':($0-0.35):($0+0.35) with boxxyerror ls 3
