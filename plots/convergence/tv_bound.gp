# Left: TV against the score error, with the corrected bound and both readings of the print.
# Right: TV over the score term against the horizon; 1 is the corrected bound.
PANELS = '1,2'
load style
set multiplot layout 1,2
eps(series) = stringcolumn('panel') eq 'eps' && stringcolumn('series') eq series ? column('x') : NaN
T(series) = stringcolumn('panel') eq 'T' && stringcolumn('series') eq series ? column('x') : NaN

set title 'N(0,1), score −x + ε, VP(0.1, 20), T = 1'
set xlabel 'score error ε'
set ylabel 'TV(law of Y_T, p_{data})'
set key inside left top
@LOGX; @LOGY
set xrange [0.008:0.6]
set yrange [0.003:2]
plot table using (eps('B=10.05')):'bound' with lines ls 10 title 'corrected bound ½ ε √∫g²', \
     '' using (eps('B=10.05')):'reading_b' with lines ls 11 title 'printed, reading B: ε √(T/2)', \
     '' using (eps('B=10.05')):'reading_a' with lines ls 11 dt 3 title 'printed, reading A: ½ ε √T', \
     '' using (eps('B=10.05')):'tv' with linespoints ls 1 title 'measured (certified)'

set title 'constant error, data N(0,1) (Brownian: N(0, 0.255 T))'
set xlabel 'horizon T' offset 0,0.5
set ylabel 'TV / (½ ε √∫g²)'
set key outside bottom center horizontal
unset logscale y
set format y '%g'
set xrange [0.2:80]
set yrange [0:1.1]
plot 1 with lines ls 10 title 'corrected bound', \
     table using (T('Brownian')):(column('tv')/column('bound')) with linespoints ls 1 title 'Brownian', \
     '' using (T('OU')):(column('tv')/column('bound')) with linespoints ls 2 title 'OU', \
     '' using (T('VP')):(column('tv')/column('bound')) with linespoints ls 3 title 'VP(0.1, 20)', \
     '' using (T('VE')):(column('tv')/column('bound')) with linespoints ls 4 title 'VE(0.1, 0.1·3^T)', \
     '' using (T('CVP')):(column('tv')/column('bound')) with linespoints ls 5 title 'CVP(0.1, 2)'
unset multiplot
