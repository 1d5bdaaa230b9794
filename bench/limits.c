/* The rates of this machine. */
#include "bench.h"

#include "base.h"
#include "kernel.h"
#include "linalg.h"

#include <fftw3.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const QUANTITY_TEXT[QUANTITIES] = {
    [OPS] = "vector operations",
    [SINGLES] = "vector operations in single precision",
    [EXPS] = "exp2",
    [WORDS] = "Philox words",
    [LOGS] = "log",
    [CIRCLE] = "sincos",
    [FFTS] = "real FFTs of 4096",
    [GEMM] = "DGEMM fma",
    [BYTES] = "bytes (triad)",
};

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double machine_clock(int threads)
{
    return seconds(threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC);
}

void machine_name(char *text, int size)
{
    char line[512];
    FILE *f = fopen("/proc/cpuinfo", "r");
    snprintf(text, (size_t)size, "unknown processor");
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        const char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || value == NULL) continue;
        snprintf(text, (size_t)size, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
        break;
    }
    if (f != NULL) fclose(f);
}

/* ---- One run of each quantity: returns how many units it did ---------------------------- */

/* Independent chains x <- x a + b, more than the units can hold in flight, in registers. */
enum { CHAINS = 12, STEPS = 1000000 };
#define EACH_CHAIN(DO)                                                                 \
    DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)
#define FMA_CHAINS(real, vector, lanes, set, fused)                                    \
    volatile real start = 1, factor = (real)0.999;                                     \
    vector x[CHAINS], a = set(factor), b = set(1 - factor);                            \
    for (int c = 0; c < CHAINS; c++) x[c] = set(start + (real)c);                      \
    for (long i = 0; i < STEPS; i++) {                                                 \
        EACH_CHAIN(fused)                                                              \
    }                                                                                  \
    for (int c = 1; c < CHAINS; c++) x[0] = x[0] + x[c];                               \
    volatile vector kept = x[0];                                                       \
    (void)kept;                                                                        \
    return (double)(lanes)*CHAINS * STEPS;

#ifdef __x86_64__
#include <immintrin.h>
#define FMA512(c)  x[c] = _mm512_fmadd_pd(x[c], a, b);
#define FMA256(c)  x[c] = _mm256_fmadd_pd(x[c], a, b);
#define FMA512S(c) x[c] = _mm512_fmadd_ps(x[c], a, b);
#define FMA256S(c) x[c] = _mm256_fmadd_ps(x[c], a, b);
__attribute__((target("avx512f"))) static double fma_avx512(void)
{
    FMA_CHAINS(double, __m512d, 8, _mm512_set1_pd, FMA512)
}

__attribute__((target("avx2,fma"))) static double fma_avx2(void)
{
    FMA_CHAINS(double, __m256d, 4, _mm256_set1_pd, FMA256)
}

__attribute__((target("avx512f"))) static double fma_avx512_single(void)
{
    FMA_CHAINS(float, __m512, 16, _mm512_set1_ps, FMA512S)
}

__attribute__((target("avx2,fma"))) static double fma_avx2_single(void)
{
    FMA_CHAINS(float, __m256, 8, _mm256_set1_ps, FMA256S)
}
#endif
#define ITSELF(x) (x)
#define FMA1(c)   x[c] = fma(x[c], a, b);
#define FMA1S(c)  x[c] = fmaf(x[c], a, b);
static double fma_baseline(void) { FMA_CHAINS(double, double, 1, ITSELF, FMA1) }
static double fma_baseline_single(void) { FMA_CHAINS(float, float, 1, ITSELF, FMA1S) }

static double run_ops(void)
{
#ifdef __x86_64__
    if (strcmp(kernel_best()->isa, "avx512") == 0) return fma_avx512();
    if (strcmp(kernel_best()->isa, "avx2") == 0) return fma_avx2();
#endif
    return fma_baseline();
}

static double run_singles(void)
{
#ifdef __x86_64__
    if (strcmp(kernel_best()->isa, "avx512") == 0) return fma_avx512_single();
    if (strcmp(kernel_best()->isa, "avx2") == 0) return fma_avx2_single();
#endif
    return fma_baseline_single();
}

/* Arrays in L1, gone over again and again. */
enum { IN_L1 = 512, TIMES = 4000 };

static double run_exps(void)
{
    double x[IN_L1], y[IN_L1];
    for (int i = 0; i < IN_L1; i++) x[i] = -0.1 * i;
    for (int n = 0; n < TIMES; n++) kernel_best()->exp2(IN_L1, x, y);
    return (double)IN_L1 * TIMES;
}

static double run_logs(void)
{
    double x[IN_L1], y[IN_L1];
    for (int i = 0; i < IN_L1; i++) x[i] = 0.001 * (i + 1);
    for (int n = 0; n < TIMES; n++) kernel_best()->log(IN_L1, x, y);
    return (double)IN_L1 * TIMES;
}

static double run_circle(void)
{
    double u[IN_L1], s[IN_L1], c[IN_L1];
    for (int i = 0; i < IN_L1; i++) u[i] = (i + 0.5) / IN_L1;
    for (int n = 0; n < TIMES; n++) kernel_best()->sincos2pi(IN_L1, u, s, c);
    return (double)IN_L1 * TIMES;
}

static double run_words(void)
{
    uint64_t first[IN_L1], second[IN_L1];
    kernel_run run = {.key = {1, 2}, .stream = 3};
    for (int n = 0; n < TIMES; n++) {
        run.block = (uint32_t)n * IN_L1;
        kernel_best()->philox(&run, IN_L1, first, second);
    }
    return 2.0 * IN_L1 * TIMES;
}

/* a <- b + 3c over arrays far larger than the caches, in the share of one thread. */
enum { TRIAD = 4000000 };

static double run_triad(double *restrict a, const double *restrict b,
                        const double *restrict c)
{
    for (long i = 0; i < TRIAD; i++) a[i] = b[i] + 3.0 * c[i];
    return 3.0 * sizeof(double) * TRIAD;
}

enum { SQUARE = 384 };

static double run_gemm(double *a, const double *b, const double *c)
{
    linalg_gemm_nt(SQUARE, SQUARE, SQUARE, 1.0, b, SQUARE, c, SQUARE, 0.0, a, SQUARE);
    return (double)SQUARE * SQUARE * SQUARE;
}

/* There and back, in and out of arrays in L2. */
static double run_ffts(const fftw_plan plan[2], double *x, double *y)
{
    enum { PAIRS = 200 };
    for (int n = 0; n < PAIRS; n++) {
        fftw_execute_dft_r2c(plan[0], x, (fftw_complex *)(void *)y);
        for (int i = 0; i < BENCH_FFT + 2; i++) y[i] *= 1.0 / BENCH_FFT;
        fftw_execute_dft_c2r(plan[1], (fftw_complex *)(void *)y, x);
    }
    return 2.0 * PAIRS;
}

/* What one thread works on. */
typedef struct {
    double *a, *b, *c;
} arrays;

struct machine {
    int threads;
    fftw_plan plan[2]; /* real to complex, and back */
    arrays *own;       /* of each thread */
    double *rates;     /* of each thread */
};

machine *machine_new(int threads)
{
    machine *m = NEW(machine);
    m->threads = threads;
    m->own = NEW_ARRAY(arrays, threads);
    m->rates = NEW_ARRAY(double, threads);
    for (int t = 0; t < threads; t++) {
        m->own[t].a = NEW_ARRAY(double, TRIAD);
        m->own[t].b = NEW_ARRAY(double, TRIAD);
        m->own[t].c = NEW_ARRAY(double, TRIAD);
    }
    double *x = m->own[0].a;
    fftw_complex *y = (fftw_complex *)(void *)m->own[0].b;
    m->plan[0] = fftw_plan_dft_r2c_1d(BENCH_FFT, x, y, FFTW_ESTIMATE);
    m->plan[1] = fftw_plan_dft_c2r_1d(BENCH_FFT, y, x, FFTW_ESTIMATE);
    return m;
}

void machine_free(machine *m)
{
    for (int i = 0; i < 2; i++) fftw_destroy_plan(m->plan[i]);
    for (int t = 0; t < m->threads; t++) {
        free(m->own[t].a);
        free(m->own[t].b);
        free(m->own[t].c);
    }
    free(m->own);
    free(m->rates);
    free(m);
}

static double run_one(const machine *m, int q, const arrays *own)
{
    static double (*const IN_CACHE[QUANTITIES])(void) = {
        [OPS] = run_ops,     [SINGLES] = run_singles, [EXPS] = run_exps,
        [WORDS] = run_words, [LOGS] = run_logs,       [CIRCLE] = run_circle,
    };
    if (IN_CACHE[q] != NULL) return IN_CACHE[q]();
    if (q == FFTS) return run_ffts(m->plan, own->a, own->b);
    return q == BYTES ? run_triad(own->a, own->b, own->c)
                      : run_gemm(own->a, own->b, own->c);
}

/* Every thread by its own processor time, all at once. */
void machine_rates(const machine *m, double *rate)
{
    for (int q = 0; q < QUANTITIES; q++) {
#pragma omp parallel for default(none) shared(m, q) num_threads(m->threads)            \
    schedule(static, 1)
        for (int t = 0; t < m->threads; t++) {
            double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
            double units = run_one(m, q, &m->own[t]);
            m->rates[t] = units / (seconds(CLOCK_THREAD_CPUTIME_ID) - begin);
        }
        rate[q] = 0.0;
        for (int t = 0; t < m->threads; t++) rate[q] += m->rates[t];
    }
}
