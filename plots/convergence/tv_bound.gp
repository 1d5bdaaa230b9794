# Left: TV per score error: both readings of the print lie below what is measured, the corrected bound above.
# Right: TV over the score term against the horizon; 1 is the corrected bound.
PANELS = '1,2'
load style
set multiplot layout 1,2
eps(series) = stringcolumn('panel') eq 'eps' && stringcolumn('series') eq series ? column('x') : NaN
T(series) = stringcolumn('panel') eq 'T' && stringcolumn('series') eq series ? column('x') : NaN

set title 'N(0,1), score −x + ε, VP(0.1, 20), T = 1'
set xlabel 'score error ε'
set ylabel 'TV(law of Y_T, p_{data}) / ε'
set bmargin 6.5
set key outside bottom center vertical maxrows 2
@LOGX
set xrange [0.008:0.6]
set yrange [0:1.8]
plot table using (eps('B=10.05')):(column('bound')/column('x')) with lines ls 10 title 'corrected bound: ½ √∫g²', \
     '' using (eps('B=10.05')):(column('tv')/column('x')) with linespoints ls 1 title 'measured (certified)', \
     '' using (eps('B=10.05')):(column('reading_b')/column('x')) with lines ls 11 title 'printed, B: √(T/2)', \
     '' using (eps('B=10.05')):(column('reading_a')/column('x')) with lines ls 11 dt 3 title 'printed, A: ½ √T'

set title 'score −x + 0.1, data N(0,1) (Brownian: N(0, 0.255 T))'
set xlabel 'horizon T'
set ylabel 'TV / (½ ε √∫g²)'
set bmargin 6.5
set key outside bottom center vertical maxrows 2
set xrange [0.2:80]
set yrange [0:1.1]
plot 1 with lines ls 10 title 'corrected bound', \
     table using (T('Brownian')):(column('tv')/column('bound')) with linespoints ls 1 title 'Brownian', \
     '' using (T('OU')):(column('tv')/column('bound')) with linespoints ls 2 title 'OU', \
     '' using (T('VP')):(column('tv')/column('bound')) with linespoints ls 3 title 'VP', \
     '' using (T('VE')):(column('tv')/column('bound')) with linespoints ls 4 title 'VE', \
     '' using (T('CVP')):(column('tv')/column('bound')) with linespoints ls 5 title 'CVP'
unset multiplot
