# L^2 distance of the difference quotients from drifts, OU at tau = 0.5: right, factor 1, printed sign.
load style
set title 'mean increments over h of OU at τ = 0.5'
set xlabel 'step h'
set ylabel 'L^2(μ_τ) distance'
@LOGX; @LOGY
set xrange [2e-4:0.1]
set yrange [1e-4:1e5]
set key inside left top enhanced
plot table using 'h':'predicted' with lines ls 10 title 'h/2 ‖X_τ‖_2', \
     table using 'h':'forward' with points ls 1 pt 6 ps 1.5 title 'forward, to b', \
     table using 'h':'reversed' with points ls 3 title 'reversed, to -b + 2∇log μ_τ', \
     table using 'h':'factor_one' with linespoints ls 12 title 'reversed, to -b + ∇log μ_τ (control)', \
     table using 'h':'printed' with linespoints ls 11 title 'reversed, to -b - 2∇log μ_τ (printed)'
