/* What a perceptron does to whole arrays: products of small matrices, else elementwise or sums in the order of the points.
 * The same bits on every instruction set. A NaN stays one, but one of B beside a 0 of A in multiply_sparse. */

/* Entries of a product formed at once, so many that the sums stay in registers. */
enum { MULTIPLY_ROWS = LANES == 8 ? 8 : 4, MULTIPLY_VECTORS = 2, SPARSE_VECTORS = 8 };
enum {
    MULTIPLY_COLUMNS = MULTIPLY_VECTORS * LANES,
    SPARSE_COLUMNS = SPARSE_VECTORS * LANES
};
enum { HALF_VECTORS = SPARSE_VECTORS / 2, HALF_COLUMNS = SPARSE_COLUMNS / 2 };

/* n*wide entries of a row (constants; wide = LANES but at its end): loaded, and a term a b_j added. */
INLINE void row_load(int n, int wide, const double *x, double (*sum)[LANES])
{
    for (long v = 0; v < n; v++) memcpy(sum[v], x + v * wide, (size_t)wide * sizeof *x);
}

INLINE void row_add(int n, int wide, double a, const double *b, double (*sum)[LANES])
{
    for (int v = 0; v < n; v++)
#pragma omp simd
        for (int e = 0; e < wide; e++) sum[v][e] = fma(a, b[v * wide + e], sum[v][e]);
}

typedef double values __attribute__((vector_size(LANES * sizeof(double))));

/* What becomes of the entries of a product in the end. */
typedef enum { AS_IT_IS, RELU, RELU_BACK } finish;

INLINE finish finish_of(const kernel_product *p)
{
    return p->value != NULL ? RELU_BACK : p->relu ? RELU : AS_IT_IS;
}

INLINE void row_store(int n, int wide, double (*sum)[LANES], double *x)
{
    for (long v = 0; v < n; v++) memcpy(x + v * wide, sum[v], (size_t)wide * sizeof *x);
}

/* The entries from (i, j) on to C; last is a constant and nothing but vectors is used, so that the sums stay in registers. */
INLINE void row_finish(int n, int wide, finish last, const kernel_product *p, long i,
                       long j, double (*sum)[LANES])
{
    for (long v = 0; v < n; v++) {
        values x = {0}, y = {0};
        memcpy(&x, sum[v], (size_t)wide * sizeof(double));
        if (last == RELU) x = (values)((lanes)x & ~(lanes)(x < y));
        if (last == RELU_BACK) {
            memcpy(&y, p->value + i * p->ldvalue + j + v * wide,
                   (size_t)wide * sizeof(double));
            x = (values)((lanes)x & (lanes)(y != (values){0}));
        }
        memcpy(p->C + i * p->ldc + j + v * wide, &x, (size_t)wide * sizeof(double));
    }
}

/* rows x n*wide entries (constants) from (i, j) on. */
INLINE void multiply_tile(int rows, int n, int wide, finish last,
                          const kernel_product *p, long i, long j)
{
    const double *A = p->A + i * p->down, *B = p->B + j,
                 *begin = p->begin + i * p->ldbegin + j;
    double sum[MULTIPLY_ROWS][MULTIPLY_VECTORS][LANES];
    for (int r = 0; r < rows; r++) row_load(n, wide, begin + r * p->ldbegin, sum[r]);
    for (long k = 0; k < p->inner; k++)
        for (int r = 0; r < rows; r++)
            row_add(n, wide, A[r * p->down + k * p->along], B + k * p->ldb, sum[r]);
    for (int r = 0; r < rows; r++) row_finish(n, wide, last, p, i + r, j, sum[r]);
}

/* So many rows (a constant) and all columns. */
INLINE void multiply_rows(int rows, finish last, const kernel_product *p, long i)
{
    long j = 0;
    for (; j + MULTIPLY_COLUMNS <= p->columns; j += MULTIPLY_COLUMNS)
        multiply_tile(rows, MULTIPLY_VECTORS, LANES, last, p, i, j);
    for (; j + 2 <= p->columns; j += 2) multiply_tile(rows, 1, 2, last, p, i, j);
    for (; j < p->columns; j++) multiply_tile(rows, 1, 1, last, p, i, j);
}

INLINE void multiply_all(finish last, const kernel_product *p)
{
    long i = 0;
    for (; i + MULTIPLY_ROWS <= p->rows; i += MULTIPLY_ROWS)
        multiply_rows(MULTIPLY_ROWS, last, p, i);
    for (; i < p->rows; i++) multiply_rows(1, last, p, i);
}

static void multiply(const kernel_product *p)
{
    switch (finish_of(p)) {
    case AS_IT_IS:
        multiply_all(AS_IT_IS, p);
        break;
    case RELU:
        multiply_all(RELU, p);
        break;
    case RELU_BACK:
        multiply_all(RELU_BACK, p);
        break;
    }
}

/* ---- Without the terms that are 0 -------------------------------------------------------------- */

/* A row at a time: as many vectors of fma as it has entries that are not 0, with every operand from L1. Without zeros that is
   a quarter slower than tiles of several rows. */

/* Rows and terms at once: a bit of a word for each term. */
enum { SPARSE = 64 };

/* All ones where x[e] is not 0. */
INLINE lanes not_zero(const double *x)
{
    values v;
    memcpy(&v, x, sizeof v);
    return (lanes)(v != (values){0});
}

/* Bit k: a[k] is not 0, k < n. */
INLINE uint64_t along_mask(long n, const double *a)
{
    lanes bit = lanes_all(1) << lanes_index(), found = {0};
    uint64_t of[LANES], mask = 0;
    long k = 0;
    for (; k + LANES <= n; k += LANES, bit <<= LANES) found |= not_zero(a + k) & bit;
    memcpy(of, &found, sizeof of);
    for (int e = 0; e < LANES; e++) mask |= of[e];
    for (; k < n; k++) mask |= (uint64_t)(a[k] != 0.0) << k;
    return mask;
}

/* Bit k of mask[r]: a[r + k*along] is not 0, k < n. */
INLINE void down_masks(long rows, long n, const double *a, long along, uint64_t *mask)
{
    long r = 0;
    for (; r + LANES <= rows; r += LANES) {
        lanes found = {0}, bit = lanes_all(1);
        for (long k = 0; k < n; k++, bit <<= 1)
            found |= not_zero(a + r + k * along) & bit;
        memcpy(mask + r, &found, sizeof found);
    }
    for (; r < rows; r++) {
        mask[r] = 0;
        for (long k = 0; k < n; k++)
            mask[r] |= (uint64_t)(a[r + k * along] != 0.0) << k;
    }
}

/* n*wide entries (constants) of every row from j on: the terms in mask. */
INLINE void sparse_tiles(int n, int wide, finish last, const kernel_product *p, long j,
                         const uint64_t *mask)
{
    for (long i = 0; i < p->rows; i++) {
        const double *A = p->A + i * p->down, *B = p->B + j;
        double sum[SPARSE_VECTORS][LANES];
        row_load(n, wide, p->begin + i * p->ldbegin + j, sum);
        for (uint64_t left = mask[i]; left != 0; left &= left - 1) {
            const long k = __builtin_ctzll(left);
            row_add(n, wide, A[k * p->along], B + k * p->ldb, sum);
        }
        row_finish(n, wide, last, p, i, j, sum);
    }
}

/* At most SPARSE rows and terms. */
INLINE void sparse_block(finish last, const kernel_product *p)
{
    uint64_t mask[SPARSE];
    if (p->down == 1)
        down_masks(p->rows, p->inner, p->A, p->along, mask);
    else
        for (long i = 0; i < p->rows; i++)
            mask[i] = along_mask(p->inner, p->A + i * p->down);
    long j = 0;
    for (; j + SPARSE_COLUMNS <= p->columns; j += SPARSE_COLUMNS)
        sparse_tiles(SPARSE_VECTORS, LANES, last, p, j, mask);
    for (; j + HALF_COLUMNS <= p->columns; j += HALF_COLUMNS)
        sparse_tiles(HALF_VECTORS, LANES, last, p, j, mask);
    for (; j + LANES <= p->columns; j += LANES)
        sparse_tiles(1, LANES, last, p, j, mask);
    for (; j < p->columns; j++) sparse_tiles(1, 1, last, p, j, mask);
}

/* At most SPARSE rows and terms of p, from (i, k) on; but for k = 0 the sums so far stand in C. */
static kernel_product sparse_part(const kernel_product *p, long i, long k)
{
    const bool last = k + SPARSE >= p->inner;
    kernel_product q = *p;
    q.rows = p->rows - i < SPARSE ? p->rows - i : SPARSE;
    q.inner = last ? p->inner - k : SPARSE;
    q.A = p->A + i * p->down + k * p->along;
    q.B = p->B + k * p->ldb;
    q.C = p->C + i * p->ldc;
    q.begin = k == 0 ? p->begin + i * p->ldbegin : q.C;
    q.ldbegin = k == 0 ? p->ldbegin : p->ldc;
    q.relu = last && p->relu;
    q.value = last && p->value != NULL ? p->value + i * p->ldvalue : NULL;
    return q;
}

static void multiply_sparse(const kernel_product *p)
{
    for (long i = 0; i < p->rows; i += SPARSE)
        for (long k = 0; k == 0 || k < p->inner; k += SPARSE) {
            const kernel_product q = sparse_part(p, i, k);
            switch (finish_of(&q)) {
            case AS_IT_IS:
                sparse_block(AS_IT_IS, &q);
                break;
            case RELU:
                sparse_block(RELU, &q);
                break;
            case RELU_BACK:
                sparse_block(RELU_BACK, &q);
                break;
            }
        }
}

/* ---- The rest ---------------------------------------------------------------------------------- */

/* n*wide columns (constants). */
INLINE void sums_tile(int n, int wide, long rows, const double *x, long ldx, double *to)
{
    double sum[SPARSE_VECTORS][LANES];
    row_load(n, wide, to, sum);
    for (long i = 0; i < rows; i++)
        for (long v = 0; v < n; v++)
#pragma omp simd
            for (int e = 0; e < wide; e++) sum[v][e] += x[i * ldx + v * wide + e];
    row_store(n, wide, sum, to);
}

static void column_sums(long n, long columns, const double *x, double *sum)
{
    long j = 0;
    for (; j + SPARSE_COLUMNS <= columns; j += SPARSE_COLUMNS)
        sums_tile(SPARSE_VECTORS, LANES, n, x + j, columns, sum + j);
    for (; j + LANES <= columns; j += LANES)
        sums_tile(1, LANES, n, x + j, columns, sum + j);
    for (; j < columns; j++) sums_tile(1, 1, n, x + j, columns, sum + j);
}

static void adam_update(const kernel_adam *a, long n, const double *restrict g,
                        double *restrict m, double *restrict v, double *restrict w)
{
    const double rate = a->rate, mean = a->mean, square = a->square;
#pragma omp simd
    for (long i = 0; i < n; i++) {
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        w[i] -= rate * (mean * m[i]) / (sqrt(square * v[i]) + 1e-8);
    }
}
