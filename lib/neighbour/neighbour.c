#include "neighbour.h"

#include "linalg.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { BLOCK = 64 }; /* points of z in one product */

struct neighbour_set {
    int n, d;
    const double *x; /* n x d */
    double *square;  /* n: |x_i|^2 */
    double reach;    /* max |x_i| */
};

static double dot(int d, const double *a, const double *b)
{
    double sum = 0.0;
    for (int k = 0; k < d; k++) sum += a[k] * b[k];
    return sum;
}

neighbour_set *neighbour_new(int n, int d, const double *x)
{
    REQUIRE(n >= 2 && d >= 1);
    neighbour_set *set = NEW(neighbour_set);
    *set = (neighbour_set){n, d, x, NEW_ARRAY(double, n), 0.0};
    for (long i = 0; i < n; i++) {
        set->square[i] = dot(d, x + i * d, x + i * d);
        set->reach = fmax(set->reach, sqrt(set->square[i]));
    }
    return set;
}

void neighbour_free(neighbour_set *set)
{
    if (set == NULL) return;
    free(set->square);
    free(set);
}

static double distance(int d, const double *a, const double *b)
{
    double sum = 0.0;
    for (int k = 0; k < d; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sqrt(sum);
}

/* The second smallest of n >= 2 numbers. */
static double second_smallest(int n, const double *s)
{
    double first = fmin(s[0], s[1]), second = fmax(s[0], s[1]);
    for (int i = 2; i < n; i++) {
        if (s[i] >= second) continue;
        second = fmax(first, s[i]);
        first = fmin(first, s[i]);
    }
    return second;
}

/* screen[i] = |x_i|^2 - 2 x_i.z errs by at most (d + 4) eps (|z| + reach)^2 in any order of its sums;
   hence the two nearest are among those within twice that of the second smallest. */
static neighbour search(const neighbour_set *set, const double *z, const double *screen)
{
    const int d = set->d;
    double size = sqrt(dot(d, z, z)) + set->reach;
    double limit =
        second_smallest(set->n, screen) + 2.0 * (d + 4) * DBL_EPSILON * size * size;
    neighbour near = {-1, -1, INFINITY, INFINITY};
    for (int i = 0; i < set->n; i++) {
        if (screen[i] > limit) continue;
        double r = distance(d, z, set->x + (long)i * d);
        if (r < near.d1)
            near = (neighbour){i, near.first, r, near.d1};
        else if (r < near.d2)
            near.second = i, near.d2 = r;
    }
    return near;
}

void neighbour_two(const neighbour_set *set, long count, const double *z,
                   neighbour *near)
{
    const int n = set->n, d = set->d;
    double *screen = NEW_ARRAY(double, (long)BLOCK *n);
    for (long done = 0; done < count; done += BLOCK) {
        int rows = count - done < BLOCK ? (int)(count - done) : BLOCK;
        for (int j = 0; j < rows; j++)
            for (int i = 0; i < n; i++) screen[(long)j * n + i] = set->square[i];
        linalg_gemm_nt(rows, n, d, -2.0, z + done * d, d, set->x, d, 1.0, screen, n);
        for (int j = 0; j < rows; j++)
            near[done + j] = search(set, z + (done + j) * d, screen + (long)j * n);
    }
    free(screen);
}

bool neighbour_is_copy(neighbour near) { return near.d1 < near.d2 / 3.0; }
