/* The noising chain of Ho et al. 2020. */
#include "family.h"

#include <math.h>

double sde_log_alpha_bar(const sde *e, long N, long n)
{
    REQUIRE(e->bmax > 0.0 && 0 <= n && n <= N);
    double dt = e->T / (double)N, sum = 0.0, carry = 0.0;
    for (long i = 1; i <= n; i++) {
        double beta = sde_beta(e, (double)i * dt) * dt;
        REQUIRE(beta < 1.0);
        /* Kahan: what the last addition lost comes with the next term. */
        double term = log1p(-beta) - carry, next = sum + term;
        carry = (next - sum) - term;
        sum = next;
    }
    return sum;
}
