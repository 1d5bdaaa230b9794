/* bench -- how fast the kernels are, and how fast this machine could do the same arithmetic.
 *
 * Every row states what one run of it must do at least: vector operations, exponentials, random
 * words, bytes moved. The limits are the rates at which this machine does each of these alone,
 * measured in the same rounds. The fraction a row reaches is
 *
 *     max(compute, memory) / measured,
 *     compute = sum of the counts over their rates, memory = bytes / triad bandwidth.
 */
#ifndef SC_BENCH_H
#define SC_BENCH_H

/* What is counted, and the limit that belongs to it. */
typedef enum {
    OPS,    /* additions, multiplications, maxima, fused multiply-adds of doubles */
    EXPS,   /* 2^x by our own exp2 */
    WORDS,  /* 64-bit words of Philox */
    LOGS,   /* logarithms by our own log */
    CIRCLE, /* sine and cosine of 2 pi u, a pair */
    BYTES,  /* between memory and cache */
    GEMM,   /* multiply-adds in a square product by OpenBLAS; no row counts them */
    QUANTITIES
} quantity;

extern const char *const QUANTITY_TEXT[QUANTITIES];

/* Seconds since some moment: processor time with one thread, else wall time. */
double machine_clock(int threads);

/* The machine and the arrays its limits are measured on. */
typedef struct machine machine;
machine *machine_new(int threads);
void machine_free(machine *m);
/* rate[q] <- units of quantity q per second, all threads together. */
void machine_rates(const machine *m, double *rate);

typedef struct {
    const char *name, *unit, *counted; /* why the counts are what they are */
    double items;                      /* units a run does */
    double count[QUANTITIES];          /* a run */
    void *state;
    void (*run)(void *state);
    void (*release)(void *state);
} row;

/* The rows there are; make fills everything but the name. */
typedef struct {
    const char *name;
    void (*make)(row *r);
} row_maker;
extern const row_maker BENCH_ROWS[];
extern const int BENCH_ROW_COUNT;

#endif
