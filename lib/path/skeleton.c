/* E KL(N(x + b x + c, v) | N(x + b' x + c', v')) under x ~ N(m, V) is
 * KL(N(D m + d, v) | N(0, v')) + D^2 V/(2v'), D = b - b', d = c - c'.
 */
#include "path.h"

#include "divergence.h"

#include <float.h>
#include <math.h>

/* Neumaier's sum: what each addition loses is kept. */
typedef struct {
    double sum, lost;
} total;

static void add(total *t, double y)
{
    double sum = t->sum + y, large = fmax(fabs(t->sum), fabs(y));
    t->lost += large == fabs(y) ? (y - sum) + t->sum : (t->sum - sum) + y;
    t->sum = sum;
}

/* Rounding: 8 units of each term before it cancels, 4 more of the law's moments for every step. */
enclosure path_skeleton(gauss first, path_step p, path_step q, long n)
{
    REQUIRE(n > 0 && p.var > 0.0 && q.var > 0.0);
    double D = p.b - q.b, d = p.c - q.c, grow = 1.0 + p.b, error = 0.0;
    total entropy = {0.0, 0.0};
    gauss x = first;
    for (long i = 0; i < n; i++) {
        double shift = D * x.mean, size = fabs(shift) + fabs(d), spread = D * D * x.var;
        double steps = (double)(i + 4);
        add(&entropy, gauss_kl((gauss){shift + d, p.var}, (gauss){0.0, q.var}) +
                          0.5 * spread / q.var);
        error +=
            4.0 * fabs(p.var - q.var) / q.var +
            (4.0 * size * size + 2.0 * steps * (spread + fabs(shift) * size)) / q.var;
        x = (gauss){x.mean + p.b * x.mean + p.c, grow * grow * x.var + p.var};
    }
    double value = entropy.sum + entropy.lost;
    return enclosure_about(value, DBL_EPSILON * (error + 8.0 * value));
}
