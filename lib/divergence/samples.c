/* Exact W2 between discrete laws: optimal assignment in R^d, monotone coupling on the line. */
#include "divergence.h"
#include "mc.h"

#include <math.h>
#include <stdlib.h>

/* ---- Assignment ----------------------------------------------------------
 *
 * min over permutations s of sum_i c_{i s(i)} by shortest augmenting paths (Jonker, Volgenant 1987;
 * dense form as in Crouse 2016). The duals keep u_i + v_j <= c_ij, with equality on the matching,
 * which proves the final matching optimal. */

typedef struct {
    long n;
    const double *cost;       /* n x n */
    double *u, *v;            /* duals of rows and columns */
    long *row_of, *column_of; /* the matching; -1: free */
    double *length; /* of the shortest path to column j, of the current search */
    long *previous; /* row before column j on that path */
    long *order;    /* columns: order[0 .. open-1] not yet reached, then the reached */
    long open;
} assignment;

/* u_i = min_j c_ij, v = 0 is dual feasible; a row takes its cheapest column while it is free. */
static void match_cheapest(assignment *a)
{
    for (long j = 0; j < a->n; j++) a->row_of[j] = -1;
    for (long i = 0; i < a->n; i++) {
        const double *c = a->cost + i * a->n;
        long best = 0;
        for (long j = 1; j < a->n; j++)
            if (c[j] < c[best]) best = j;
        a->u[i] = c[best];
        bool taken = a->row_of[best] >= 0;
        a->column_of[i] = taken ? -1 : best;
        if (!taken) a->row_of[best] = i;
    }
}

/* Relaxes the open columns from row i, which lies at distance `base`; returns the place in `order`
   of the nearest open column (a free one among equals). */
static long relax(assignment *a, long i, double base)
{
    const double *c = a->cost + i * a->n;
    long nearest = 0;
    double least = (double)INFINITY;
    for (long k = 0; k < a->open; k++) {
        long j = a->order[k];
        double through = base + c[j] - a->u[i] - a->v[j];
        if (through < a->length[j]) {
            a->length[j] = through;
            a->previous[j] = i;
        }
        if (a->length[j] < least || (a->length[j] == least && a->row_of[j] < 0)) {
            least = a->length[j];
            nearest = k;
        }
    }
    return nearest;
}

/* Dijkstra from the free row `root` in the reduced costs; returns the free column it ends at. */
static long shortest_path(assignment *a, long root)
{
    for (long j = 0; j < a->n; j++) {
        a->order[j] = j;
        a->length[j] = (double)INFINITY;
    }
    a->open = a->n;
    long i = root;
    double base = 0.0;
    for (;;) {
        long k = relax(a, i, base);
        long j = a->order[k];
        a->order[k] = a->order[--a->open];
        a->order[a->open] = j;
        if (a->row_of[j] < 0) return j;
        i = a->row_of[j];
        base = a->length[j];
    }
}

/* Raises the duals along the reached columns and turns the path root .. sink around. */
static void augment(assignment *a, long root, long sink)
{
    a->u[root] += a->length[sink];
    for (long k = a->open; k < a->n; k++) {
        long j = a->order[k];
        double rise = a->length[sink] - a->length[j];
        a->v[j] -= rise;
        if (j != sink) a->u[a->row_of[j]] += rise;
    }
    for (long j = sink, i = -1; i != root;) {
        i = a->previous[j];
        a->row_of[j] = i;
        long next = a->column_of[i];
        a->column_of[i] = j;
        j = next;
    }
}

/* Element i: the column of row i in an optimal assignment. The caller frees. */
static long *solve_assignment(long n, const double *cost)
{
    double *reals = NEW_ARRAY(double, 3 * n);
    long *indices = NEW_ARRAY(long, 3 * n);
    assignment a = {.n = n,
                    .cost = cost,
                    .u = reals,
                    .v = reals + n,
                    .length = reals + 2 * n,
                    .row_of = indices,
                    .previous = indices + n,
                    .order = indices + 2 * n,
                    .column_of = NEW_ARRAY(long, n)};
    match_cheapest(&a);
    for (long i = 0; i < n; i++)
        if (a.column_of[i] < 0) augment(&a, i, shortest_path(&a, i));
    free(indices), free(reals);
    return a.column_of;
}

/* c_ij = |x_i - y_j|^2; false if one of them is not finite. */
static bool squared_distances(long n, int d, const double *x, int ldx, const double *y,
                              int ldy, double *c)
{
    bool finite = true;
    for (long i = 0; i < n; i++)
        for (long j = 0; j < n; j++) {
            double sum = 0.0;
            for (int k = 0; k < d; k++) {
                double gap = x[i * ldx + k] - y[j * ldy + k];
                sum += gap * gap;
            }
            c[i * n + j] = sum;
            finite = finite && isfinite(sum);
        }
    return finite;
}

int divergence_w2_samples(long n, int d, const double *x, int ldx, const double *y,
                          int ldy, double *w2)
{
    REQUIRE(n >= 1 && d >= 1 && ldx >= d && ldy >= d);
    double *cost = NEW_ARRAY(double, n *n), *matched = NEW_ARRAY(double, n);
    int status = SC_EDOMAIN;
    if (squared_distances(n, d, x, ldx, y, ldy, cost)) {
        long *column_of = solve_assignment(n, cost);
        for (long i = 0; i < n; i++) matched[i] = cost[i * n + column_of[i]];
        free(column_of);
        *w2 = sqrt(mc_sum(n, matched) / (double)n);
        status = SC_OK;
    }
    free(matched), free(cost);
    return status;
}

/* ---- The line ------------------------------------------------------------ */

typedef struct {
    double x, weight;
} atom;

static int by_place(const void *a, const void *b)
{
    double x = ((const atom *)a)->x, y = ((const atom *)b)->x;
    return (x > y) - (x < y);
}

static atom *sorted_atoms(int n, const double *x, const double *w)
{
    atom *a = NEW_ARRAY(atom, n);
    for (int i = 0; i < n; i++) a[i] = (atom){x[i], w[i]};
    qsort(a, (size_t)n, sizeof *a, by_place);
    return a;
}

/* The monotone coupling is optimal: the leftmost mass of one law goes to the leftmost of the other. */
double divergence_w2_discrete(int n, const double *x, const double *wx, int m,
                              const double *y, const double *wy)
{
    REQUIRE(n >= 1 && m >= 1);
    atom *a = sorted_atoms(n, x, wx), *b = sorted_atoms(m, y, wy);
    double sum = 0.0;
    for (int i = 0, j = 0; i < n && j < m;) {
        double moved = fmin(a[i].weight, b[j].weight);
        double gap = a[i].x - b[j].x;
        sum += moved * gap * gap;
        a[i].weight -= moved;
        b[j].weight -= moved;
        if (!(a[i].weight > 0.0))
            i++;
        else
            j++;
    }
    free(b), free(a);
    return sqrt(sum);
}
