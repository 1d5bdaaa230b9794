/* A sum of Gaussian bumps on a uniform grid, each confined to its band.
 *
 * With r = dy/sqrt(q), c the node nearest to a source and theta = (y_c - mu)/sqrt(q),
 *
 *     exp(-(y_{c+k} - mu)^2/(2q)) = exp(-theta^2/2) g_k w^k,   g_k = exp(-(k r)^2/2),
 *                                                              w = exp(-theta r),
 *
 * so a source costs three exponentials, and a node two multiplications and an addition. The powers
 * of w run in eight columns: w^k has gathered k/8 roundings, and where k is large g_k is small. Four
 * sources next to each other go over the nodes together, so that a node is fetched once for the four.
 */

enum { BAND_COLUMNS = 8, BAND_GROUP = 4, BAND_CHUNK = 256 };

/* Sources of a chunk, nodes counted as doubles: the nearest node, the band lo..hi (empty if hi < lo), the node at
   which the powers begin, the bump there over g, w and w^8. */
typedef struct {
    double centre[BAND_CHUNK], lo[BAND_CHUNK], hi[BAND_CHUNK], from[BAND_CHUNK];
    double start[BAND_CHUNK], factor[BAND_CHUNK], ratio[BAND_CHUNK];
} band_sources;

/* Sources first .. first + count - 1, whose bands together are from .. to; in all of them, inner_from .. inner_to. */
typedef struct {
    long first, count, from, to, inner_from, inner_to;
} band_group;

static void band_windows(long n, const double *restrict position, const band *b,
                         band_sources *s)
{
    const double last = (double)(b->nodes - 1), reach = b->reach / b->r;
#pragma omp simd
    for (long j = 0; j < n; j++) {
        double lo = ceil(position[j] - reach), hi = floor(position[j] + reach);
        s->centre[j] = floor(position[j] + 0.5);
        s->lo[j] = lo < 0.0 ? 0.0 : lo;
        s->hi[j] = hi > last ? last : hi;
    }
}

static void band_powers(long n, const double *restrict position,
                        const double *restrict weight, const band *b, band_sources *s)
{
    const double log2e = 0x1.71547652b82fep0;
#pragma omp simd
    for (long j = 0; j < n; j++) {
        double theta = (s->centre[j] - position[j]) * b->r, step = theta * b->r * log2e;
        double first =
            -0.5 * theta * theta * log2e - step * (s->from[j] - s->centre[j]);
        s->start[j] = weight[j] * simd_exp2(first);
        s->factor[j] = simd_exp2(-step);
        s->ratio[j] = simd_exp2(-step * BAND_COLUMNS);
    }
}

/* The group that begins with source `first`: those that follow within `spread` nodes. */
static band_group band_group_of(band_sources *s, long first, long n, double spread)
{
    double from = s->lo[first], to = s->hi[first], inner_from = from, inner_to = to;
    long last = first;
    for (; last + 1 < n && last + 1 < first + BAND_GROUP; last++) {
        const long j = last + 1;
        if (s->hi[j] < s->lo[j] || fabs(s->centre[j] - s->centre[first]) > spread)
            break;
        if (s->lo[j] < from) from = s->lo[j];
        if (s->hi[j] > to) to = s->hi[j];
        if (s->lo[j] > inner_from) inner_from = s->lo[j];
        if (s->hi[j] < inner_to) inner_to = s->hi[j];
    }
    for (long j = first; j <= last; j++) s->from[j] = from;
    return (band_group){first,    last + 1 - first, (long)from,
                        (long)to, (long)inner_from, (long)inner_to};
}

/* All groups of n sources into u; their number. *terms: what their bands hold. */
static long band_groups(band_sources *s, long n, double spread, band_group *u,
                        long *terms)
{
    long groups = 0, next = 0;
    while (next < n) {
        s->from[next] = s->centre[next];
        if (s->hi[next] < s->lo[next]) {
            next++;
            continue;
        }
        u[groups] = band_group_of(s, next, n, spread);
        for (long j = next; j < next + u[groups].count; j++)
            *terms += (long)(s->hi[j] - s->lo[j]) + 1;
        next += u[groups++].count;
    }
    return groups;
}

/* ---- A group over its nodes ----------------------------------------------------------------------- */

enum { BAND_PARTS = BAND_COLUMNS / LANES };
typedef double band_lanes __attribute__((vector_size(LANES * sizeof(double))));

INLINE band_lanes band_load(const double *x)
{
    band_lanes v;
    memcpy(&v, x, sizeof v);
    return v;
}

/* The bumps of a group, over g, at eight nodes; sources that lack are there with bumps 0. Nodes count from the
   first of the group. */
typedef struct {
    band_lanes power[BAND_GROUP][BAND_PARTS];
    const double *g[BAND_GROUP];
    double lo[BAND_GROUP], hi[BAND_GROUP], ratio[BAND_GROUP];
} band_bumps;

INLINE band_bumps band_begin(const band_sources *s, const band_group *u, const band *b)
{
    band_bumps v;
    for (int q = 0; q < BAND_GROUP; q++) {
        const long j = u->first + (q < u->count ? q : 0);
        const double start = q < u->count ? s->start[j] : 0.0, w = s->factor[j],
                     w2 = w * w, w4 = w2 * w2;
        double power[BAND_COLUMNS] = {start, start * w, start * w2, start * (w2 * w)};
        for (int l = 0; l < 4; l++) power[4 + l] = power[l] * w4;
        for (long k = 0; k < BAND_PARTS; k++)
            v.power[q][k] = band_load(power + k * LANES);
        v.g[q] = b->g + b->half + (u->from - (long)s->centre[j]);
        v.lo[q] = s->lo[j] - (double)u->from;
        v.hi[q] = s->hi[j] - (double)u->from;
        v.ratio[q] = s->ratio[j];
    }
    return v;
}

/* y[0..7] += the bumps at nodes i .. i + 7; only within their bands unless these hold all eight. */
INLINE void band_step(band_bumps *v, long i, bool inside, double *y)
{
    const double count[BAND_COLUMNS] = {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0};
#pragma GCC unroll 4
    for (long k = 0; k < BAND_PARTS; k++) {
        band_lanes sum = band_load(y + k * LANES);
        const band_lanes node = band_load(count + k * LANES) + (double)i;
#pragma GCC unroll 4
        for (int q = 0; q < BAND_GROUP; q++) {
            band_lanes term = v->power[q][k] * band_load(v->g[q] + i + k * LANES);
            if (!inside) {
                const lanes in = (lanes)(node >= v->lo[q]) & (lanes)(node <= v->hi[q]);
                term = (band_lanes)((lanes)term & in);
            }
            sum += term;
            v->power[q][k] *= v->ratio[q];
        }
        memcpy(y + k * LANES, &sum, sizeof sum);
    }
}

static void band_add(const band_sources *s, const band_group *u, const band *b,
                     double *restrict y)
{
    const long n = u->to - u->from + 1, inner = u->inner_from - u->from,
               end = u->inner_to - u->from + 1 - BAND_COLUMNS;
    double *out = y + u->from;
    band_bumps v = band_begin(s, u, b);
    long i = 0;
    for (; i < inner && i + BAND_COLUMNS <= n; i += BAND_COLUMNS)
        band_step(&v, i, false, out + i);
    for (; i <= end; i += BAND_COLUMNS) band_step(&v, i, true, out + i);
    for (; i < n; i += BAND_COLUMNS) {
        double last[BAND_COLUMNS];
        const size_t size =
            (size_t)(n - i < BAND_COLUMNS ? n - i : BAND_COLUMNS) * sizeof(double);
        memcpy(last, out + i, size);
        band_step(&v, i, false, last);
        memcpy(out + i, last, size);
    }
}

static long band_scatter(long sources, const double *restrict position,
                         const double *restrict weight, const band *b,
                         double *restrict y)
{
    const double spread =
        b->r < 1.0 ? 0.5 * KERNEL_BAND_MARGIN : 0.0; /* no power overflows */
    band_sources s;
    band_group group[BAND_CHUNK];
    long terms = 0;
    for (long j = 0; j < sources; j += BAND_CHUNK) {
        const long n = sources - j < BAND_CHUNK ? sources - j : BAND_CHUNK;
        band_windows(n, position + j, b, &s);
        const long groups = band_groups(&s, n, spread, group, &terms);
        band_powers(n, position + j, weight + j, b, &s);
        for (long i = 0; i < groups; i++) band_add(&s, &group[i], b, y);
    }
    return terms;
}
