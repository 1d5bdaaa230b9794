/* What a perceptron does to whole arrays: products of small matrices, else elementwise or sums in the order of the points.
 * The same bits on every instruction set. A NaN stays one. */

/* Entries of a product formed at once, so many that the sums stay in registers. */
enum { MULTIPLY_ROWS = LANES == 8 ? 8 : 4, MULTIPLY_COLUMNS = 2 * LANES };

/* rows x columns entries (constants at most the above) from (i, j) on. */
INLINE void multiply_tile(int rows, int columns, const kernel_product *p, long i,
                          long j)
{
    const double *A = p->A + i * p->down, *B = p->B + j,
                 *begin = p->begin + i * p->ldbegin + j;
    double *C = p->C + i * p->ldc + j, sum[MULTIPLY_ROWS][MULTIPLY_COLUMNS];
    for (int r = 0; r < rows; r++)
        for (int e = 0; e < columns; e++) sum[r][e] = begin[r * p->ldbegin + e];
    for (long k = 0; k < p->inner; k++)
        for (int r = 0; r < rows; r++) {
            const double a = A[r * p->down + k * p->along];
#pragma omp simd
            for (int e = 0; e < columns; e++)
                sum[r][e] = fma(a, B[k * p->ldb + e], sum[r][e]);
        }
    for (int r = 0; r < rows; r++)
        for (int e = 0; e < columns; e++) C[r * p->ldc + e] = sum[r][e];
}

/* So many rows (a constant) and all columns. */
INLINE void multiply_rows(int rows, const kernel_product *p, long i)
{
    long j = 0;
    for (; j + MULTIPLY_COLUMNS <= p->columns; j += MULTIPLY_COLUMNS)
        multiply_tile(rows, MULTIPLY_COLUMNS, p, i, j);
    for (; j < p->columns; j++) multiply_tile(rows, 1, p, i, j);
}

static void multiply(const kernel_product *p)
{
    long i = 0;
    for (; i + MULTIPLY_ROWS <= p->rows; i += MULTIPLY_ROWS)
        multiply_rows(MULTIPLY_ROWS, p, i);
    for (; i < p->rows; i++) multiply_rows(1, p, i);
}

static void relu(long n, double *restrict x)
{
#pragma omp simd
    for (long i = 0; i < n; i++) x[i] = x[i] < 0.0 ? 0.0 : x[i];
}

static void relu_back(long n, const double *restrict value, double *restrict e)
{
#pragma omp simd
    for (long i = 0; i < n; i++) e[i] = value[i] == 0.0 ? 0.0 : e[i];
}

static void column_sums(long n, long columns, const double *restrict x,
                        double *restrict sum)
{
    for (long i = 0; i < n; i++)
#pragma omp simd
        for (long j = 0; j < columns; j++) sum[j] += x[i * columns + j];
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
