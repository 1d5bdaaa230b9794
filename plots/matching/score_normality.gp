# The errors of the estimator with the ellipses that hold 95 % of N(0, n Cov); J_ESM and KL of two weightings.
PANELS = '1,2'
load style
set multiplot layout 1,2
only(s, name) = stringcolumn('series') eq s ? column(name) : NaN

# n Cov = (a, b; b, c): the ellipse is r L (cos t, sin t), L the Cholesky factor, r^2 = -2 log 0.05
array A[3]; array B[3]; array C[3]
names = 'exact printed m=1'
do for [i=1:3] {
    stats table using (only(word(names, i), 'a')) nooutput; A[i] = STATS_min
    stats table using (only(word(names, i), 'b')) nooutput; B[i] = STATS_min
    stats table using (only(word(names, i), 'c')) nooutput; C[i] = STATS_min
}
r = sqrt(-2*log(0.05))
across(i, t) = r*sqrt(A[i])*cos(t)
up(i, t) = r*(B[i]/sqrt(A[i])*cos(t) + sqrt(C[i] - B[i]**2/A[i])*sin(t))

set title '√n (θ_n - θ^*) of Q, F = (x^2, x^4): 1000 replicates'
set xlabel 'θ_0, coefficient of x^2'
set ylabel 'θ_1, coefficient of x^4'
set key inside top right enhanced
set xrange [-19:19]
set yrange [-9:15]
set trange [0:2*pi]
set parametric
set samples 200
plot table using (only('error', 'a')):(only('error', 'b')) with points pt 7 ps 0.25 lc rgb '#0072B2' title 'measured', \
     across(1, t), up(1, t) with lines ls 10 lw 2.5 title 'Γ_{SM} = A^{-1} Cov(ψ) A^{-1}, 95 %', \
     across(2, t), up(2, t) with lines ls 11 lw 3 dt 1 title 'printed: Fisher information of F', \
     across(3, t), up(3, t) with lines ls 3 title 'one Gaussian slice'
unset parametric
set yrange [*:*]

set title '½N(-a, 1) + ½N(a, 1) against weights 0.2, 0.8'
set xlabel 'a'
set ylabel 'distance'
set key inside bottom left enhanced
set xrange [0:6.2]
@LOGY
limit = 0.5*log(0.5/0.2) + 0.5*log(0.5/0.8)
plot table using (only('near', 'a')):(only('near', 'c')) with points ls 1 title 'KL', \
     limit with lines ls 10 dt (6,4) title 'KL of two intervals, where J_{ESM} = 0', \
     table using (only('near', 'a')):(only('near', 'b')) with points ls 6 title 'J_{ESM}'
unset multiplot
