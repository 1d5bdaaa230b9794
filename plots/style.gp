# style.gp -- the look of every figure.
#
# A figure is plots/CHAPTER/NAME.gp, drawn from the table of its experiment alone:
#
#     gnuplot -e "table='results/quick/NAME/table.tsv'; out='results/quick/NAME/figure'; \
#                 style='plots/style.gp'" plots/CHAPTER/NAME.gp
#
#     table    path of table.tsv: tab-separated, the first line names the columns
#     out      path of the figure without its suffix
#     style    path of this file
#     format   'svg' (default), 'pdf' or 'png'
#
# and looks like this, with columns by name:
#
#     load style
#     set xlabel 'step size h'
#     set ylabel 'KL(p | p_N)  [nats]'
#     @LOGX; @LOGY
#     plot table using 'h':(stringcolumn('scheme') eq 'EI' ? column('kl') : NaN) \
#              with points ls 1 title 'measured', \
#          table using 'h':'bound' with lines ls 10 title 'predicted'
#
# A figure with several panels says `PANELS = "ROWS,COLUMNS"` before `load style` (the canvas grows)
# and `set multiplot layout ROWS,COLUMNS` after it. Text is enhanced UTF-8: "p_N", "10^{-3}", "σ" and "√" work.
#
# Line styles      1..8   measurements: Okabe-Ito colours (colour-blind safe), distinct points too
#                  10     prediction: black, solid, no points
#                  11     what the source prints, where that is wrong: vermillion, dashed
#                  12     negative control: grey, dotted
#                  13     region a statement allows (fill): light grey
# Black and white print keeps them apart: point types and dashes differ as well as colours.

if (!exists('format')) format = 'svg'
if (!exists('PANELS')) PANELS = '1,1'
set encoding utf8

# One panel is 720 x 480 points; each further row or column adds 300 or 420.
rows = int(word(PANELS, 1)[1:strstrt(PANELS, ',') - 1])
cols = int(PANELS[strstrt(PANELS, ',') + 1:])
width = 720 + 420 * (cols - 1)
height = 480 + 300 * (rows - 1)
if (format eq 'svg') \
    set terminal svg size width,height dynamic font 'sans-serif,14' linewidth 1.2 background 'white'
if (format eq 'pdf') \
    set terminal pdfcairo size width/100.0,height/100.0 font 'sans,10' linewidth 1.2
if (format eq 'png') \
    set terminal pngcairo size 2*width,2*height font 'sans,20' linewidth 2 pointscale 1.8
set output out.'.'.format

set datafile separator tab
set datafile columnheaders
set datafile missing 'nan'

set style line 1 lc rgb '#0072B2' lw 2 pt 7  ps 0.7 dt 1           # blue
set style line 2 lc rgb '#E69F00' lw 2 pt 5  ps 0.7 dt (12,4)      # orange
set style line 3 lc rgb '#009E73' lw 2 pt 9  ps 0.8 dt (6,3)       # green
set style line 4 lc rgb '#CC79A7' lw 2 pt 11 ps 0.8 dt (12,4,3,4)  # purple
set style line 5 lc rgb '#56B4E9' lw 2 pt 13 ps 0.8 dt (3,3)       # sky blue
set style line 6 lc rgb '#D55E00' lw 2 pt 6  ps 0.8 dt (8,3,2,3)   # vermillion
set style line 7 lc rgb '#000000' lw 2 pt 4  ps 0.8 dt (12,3,3,3)  # black
set style line 8 lc rgb '#B8A800' lw 2 pt 8  ps 0.8 dt (2,4)       # yellow, darkened to be seen on white
set style line 10 lc rgb '#000000' lw 1.5 dt 1
set style line 11 lc rgb '#D55E00' lw 1.5 dt (10,5) pt 2
set style line 12 lc rgb '#808080' lw 1.5 dt (2,3) pt 1
set style line 13 lc rgb '#E4E4E4'
set style fill solid 0.35 noborder
set errorbars small

set style line 20 lc rgb '#DDDDDD' lw 0.6
set style line 21 lc rgb '#444444' lw 1
set grid back ls 20
set border 3 ls 21
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set key outside right top vertical Left reverse samplen 2.5 spacing 1.15 noenhanced
set title font ',15'

# Logarithmic axes with decades as powers of ten.
LOGX = "set logscale x; set format x '10^{%L}'"
LOGY = "set logscale y; set format y '10^{%L}'"
