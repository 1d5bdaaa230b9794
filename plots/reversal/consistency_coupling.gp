# Left: two standard deviations of the pair (Y+, Y-). Right: W2 to the pair of CD against the step.
PANELS = '1,2'
load style
set multiplot layout 1,2
set key inside enhanced

pick(s, c) = stringcolumn('series') eq s ? column(c) : NaN
at(s, v) = stringcolumn('series') eq s && column('v') == v ? column('y') : NaN

set title 'The pair that is compared: data N(0, 1), t = 1, δ = 1/4'
set xlabel '{Y_+}  = x + tz'
set ylabel '{Y_-}'
set xrange [-3.2:3.2]
set yrange [-3.2:5]
set key top left
plot table using (pick('ellipse-independent', 'x')):(pick('ellipse-independent', 'y')) \
         with lines ls 11 title 'CT as 002 tells it, own noise', \
     table using (pick('ellipse-shared', 'x')):(pick('ellipse-shared', 'y')) \
         with lines ls 1 title 'CT as published, the same noise', \
     table using (pick('ellipse-CD', 'x')):(pick('ellipse-CD', 'y')) \
         with lines ls 10 title 'CD'

set title 'Distance of the pair of CT to that of CD, t = 1'
set xlabel 'step δ'
set ylabel 'W_2'
@LOGX; @LOGY
set xrange [1e-4:1]
set yrange [1e-9:10]
set key bottom right font ',12' spacing 1
set label 1 'own noise: O(1)' at 1.3e-4, 2.5 textcolor rgb '#D55E00' font ',12'
set label 2 'the same noise: O(δ),' at 1.3e-4, 2e-2 textcolor rgb '#0072B2' font ',12'
set label 3 'and 0 for data at 0' at 1.3e-4, 4e-3 textcolor rgb '#0072B2' font ',12'
printed(d) = sqrt(2*(1 + (1 - d)**2 - sqrt(1 + (1 - d)**4)))
limit(v, d) = d*sqrt(v/(2.0*(v + 1)))
plot printed(x) with lines ls 11 title '(5.17), printed for CT', \
     table using 'x':(at('independent', 0)) with points ls 6 title 'own noise, data at 0', \
     table using 'x':(at('independent', 1)) with points ls 2 title 'own noise, v = 1', \
     table using 'x':(at('independent', 4)) with points ls 4 title 'own noise, v = 4', \
     limit(0.25, x) with lines ls 10 title 'predicted, δ (v/(2(v + t^2)))^{1/2}', \
     limit(1, x) with lines ls 10 notitle, limit(4, x) with lines ls 10 notitle, \
     table using 'x':(at('shared', 0.25)) with points ls 5 title 'the same noise, v = 1/4', \
     table using 'x':(at('shared', 1)) with points ls 1 title 'the same noise, v = 1', \
     table using 'x':(at('shared', 4)) with points ls 3 title 'the same noise, v = 4'
unset multiplot
