/* Tiles of points in high dimension: the work array, products, rows to lanes and back. */

/* Rows of a product formed at once; points screened at once, and how many of their coordinates. */
enum { ROWS = KERNEL_ROWS, WIDE = 2 * TILE, PIECE = 128 };

/* Where things stand in the work array while points are screened in single precision. */
typedef struct {
    float *rows; /* WIDE x single_stride: the points */
    float *x;    /* PIECE x WIDE: some of their coordinates */
    float *l;    /* groups of ROWS components, each ROWS x WIDE: logits */
    float *peak; /* groups x WIDE: the largest of a group */
} single_work;

/* And otherwise. */
typedef struct {
    double *exact;      /* k: logits computed again */
    int *index;         /* k: of which components */
    double *x;          /* d x TILE: the points, minus the centre if isotropic */
    double *l;          /* k x TILE: logits, then weights */
    double *peak;       /* groups x TILE: the largest of a group */
    double *y, *g, *s;  /* d x TILE */
    bool streamed;      /* scores are far more than the caches hold */
    single_work single; /* in the place of x and what follows it */
} high_work;

static long high_groups(const kernel_mixture *m) { return (m->k + ROWS - 1L) / ROWS; }

/* Coordinates of a point, filled up to eights. */
static long single_stride(const kernel_mixture *m) { return (m->d + 7L) / 8 * 8; }

/* The first address from p on that begins a line of the cache. */
static double *line_from(double *p)
{
    enum { LINE = 64 };
    const uintptr_t past = (uintptr_t)p % LINE;
    return past == 0 ? p : p + (LINE - past) / sizeof *p;
}

static high_work high_layout(const kernel_mixture *m, double *work)
{
    const long k = m->k, d = m->d;
    high_work w = {.exact = work, .index = (int *)(void *)(work + k)};
    w.x = line_from(work + 2 * k);
    w.l = w.x + d * TILE;
    w.peak = w.l + k * TILE;
    w.y = w.peak + high_groups(m) * TILE;
    w.g = w.y + d * TILE;
    w.s = w.g + d * TILE;
    w.single.rows = (float *)(void *)w.x;
    w.single.x = w.single.rows + WIDE * single_stride(m);
    w.single.l = w.single.x + (long)PIECE * WIDE;
    w.single.peak = w.single.l + high_groups(m) * ROWS * WIDE;
    return w;
}

/* rows (a constant <= ROWS) rows of Y = A X: A (rows x n) with entry (r, b) at A + r*rs + b*cs,
   X (n x TILE), Y (rows x TILE). Every entry is one chain of fma in the order of b; the sums
   stay in registers. */
INLINE void product_rows(int rows, long n, const double *restrict A, long rs, long cs,
                         const double *restrict X, double *restrict Y)
{
    double y[ROWS][TILE];
    for (int r = 0; r < rows; r++)
        EACH_LANE (e) y[r][e] = 0.0;
    for (long b = 0; b < n; b++)
        for (int r = 0; r < rows; r++) {
            const double a = A[r * rs + b * cs];
            EACH_LANE (e) y[r][e] = fma(a, X[b * TILE + e], y[r][e]);
        }
    for (int r = 0; r < rows; r++)
        EACH_LANE (e) Y[r * TILE + e] = y[r][e];
}

/* Any number of rows; the same chains. */
static void product(long rows, long n, const double *restrict A, long rs, long cs,
                    const double *restrict X, double *restrict Y)
{
    long r = 0;
    for (; r + ROWS <= rows; r += ROWS)
        product_rows(ROWS, n, A + r * rs, rs, cs, X, Y + r * TILE);
    for (; r < rows; r++) product_rows(1, n, A + r * rs, rs, cs, X, Y + r * TILE);
}

/* Four by four numbers, rows exchanged with columns. */
typedef double quad __attribute__((vector_size(4 * sizeof(double))));
INLINE void transpose4(quad r[4])
{
    const quad a = __builtin_shufflevector(r[0], r[1], 0, 4, 2, 6);
    const quad b = __builtin_shufflevector(r[0], r[1], 1, 5, 3, 7);
    const quad c = __builtin_shufflevector(r[2], r[3], 0, 4, 2, 6);
    const quad d = __builtin_shufflevector(r[2], r[3], 1, 5, 3, 7);
    r[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    r[1] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    r[2] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    r[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

/* Columns j .. j + 3 of four rows to lanes, and back. */
INLINE void rows_to_lanes(const double *const *row, long j, double *restrict x)
{
    quad r[4];
    for (int e = 0; e < 4; e++) memcpy(&r[e], row[e] + j, sizeof r[e]);
    transpose4(r);
    for (long i = 0; i < 4; i++) memcpy(x + i * TILE, &r[i], sizeof r[i]);
}

INLINE void lanes_to_rows(const double *restrict x, long j, double *const *row)
{
    quad r[4];
    for (long i = 0; i < 4; i++) memcpy(&r[i], x + i * TILE, sizeof r[i]);
    transpose4(r);
    for (int e = 0; e < 4; e++) memcpy(row[e] + j, &r[e], sizeof r[e]);
}

/* Point i, or the last one. */
INLINE const double *high_row(const kernel_points *p, long i)
{
    return p->x + (i < p->n ? i : p->n - 1) * p->ldx;
}

/* Points from .. from + TILE - 1, minus the centre (NULL: 0), into x, d x TILE; lanes beyond the
   last point repeat it. */
static void high_load(const kernel_mixture *m, const kernel_points *p, long from,
                      const double *centre, double *restrict x)
{
    const double *row[TILE];
    for (long e = 0; e < TILE; e++) row[e] = high_row(p, from + e);
    long j = 0;
    for (; j + 4 <= m->d; j += 4)
        for (int e = 0; e < TILE; e += 4) rows_to_lanes(row + e, j, x + j * TILE + e);
    for (; j < m->d; j++)
        for (int e = 0; e < TILE; e++) x[j * TILE + e] = row[e][j];
    for (j = 0; j < m->d && centre != NULL; j++)
        EACH_LANE (e) x[j * TILE + e] -= centre[j];
}

/* The scores of the points of a tile that are left, from d x TILE to their rows. */
static void high_store(long d, const kernel_points *p, long from, const bool *left,
                       const double *restrict s)
{
    double *row[TILE];
    bool whole = true;
    for (long e = 0; e < TILE; e++) {
        row[e] = left[e] ? p->s + (from + e) * p->lds : NULL;
        whole = whole && left[e];
    }
    long j = 0;
    for (; j + 4 <= d && whole; j += 4)
        for (int e = 0; e < TILE; e += 4) lanes_to_rows(s + j * TILE + e, j, row + e);
    for (; j < d; j++)
        for (long e = 0; e < TILE; e++)
            if (left[e]) row[e][j] = s[j * TILE + e];
}
