#include "rng.h"

#include <stdlib.h>

/* Fisher and Yates: place j is exchanged with one of j .. n-1. */
void rng_choose(rng *r, int n, int k, int *chosen)
{
    REQUIRE(1 <= k && k <= n);
    int *order = NEW_ARRAY(int, n);
    double *u = NEW_ARRAY(double, k);
    rng_uniform(r, k, u);
    for (int i = 0; i < n; i++) order[i] = i;
    for (int j = 0; j < k; j++) {
        int other = j + (int)(u[j] * (n - j));
        chosen[j] = order[other];
        order[other] = order[j];
    }
    free(u), free(order);
}
