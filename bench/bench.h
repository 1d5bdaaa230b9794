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

#include <stdbool.h>

/* What is counted, and the limit that belongs to it. */
typedef enum {
    OPS,     /* additions, multiplications, maxima, fused multiply-adds of doubles */
    SINGLES, /* the same of floats */
    EXPS,    /* 2^x by our own exp2 */
    WORDS,   /* 64-bit words of Philox */
    LOGS,    /* logarithms by our own log */
    CIRCLE,  /* sine and cosine of 2 pi u, a pair */
    FFTS,    /* real transforms of BENCH_FFT points by FFTW, forward or back */
    GEMM,    /* multiply-adds in a square product by OpenBLAS */
    BYTES,   /* between memory and cache */
    QUANTITIES
} quantity;
enum { BENCH_FFT = 4096 };

extern const char *const QUANTITY_TEXT[QUANTITIES];

/* Seconds since some moment: processor time with one thread, else wall time. */
double machine_clock(int threads);
/* What the processor calls itself. text: size >= 1. */
void machine_name(char *text, int size);

/* The machine and the arrays its limits are measured on. */
typedef struct machine machine;
machine *machine_new(int threads);
void machine_free(machine *m);
/* rate[q] <- units of quantity q per second, all threads together. */
void machine_rates(const machine *m, double *rate);

/* ---- Rows ---------------------------------------------------------------------------------- */

/* An array a row computes from; rows x columns, row-major. */
typedef struct {
    const char *name;
    long rows, columns;
    const double *x;
} given;

/* The same work for a peer: peers/GROUP.py is given the arrays and finds `results` numbers, which differ from `result` by at
   most `tolerance` in units of scale[i] (NULL: max(1, |result[i]|)). Random rows compare statistics. */
enum { MOST_GIVEN = 8 };
typedef struct {
    const char *group; /* NULL: no peer does this */
    given of[MOST_GIVEN];
    long results;
    const double *result, *scale;
    double tolerance;
} same_work;

typedef struct {
    const char *name, *unit, *counted; /* why the counts are what they are */
    double items;                      /* units a run does */
    double count[QUANTITIES];          /* a run */
    void *state;
    void (*run)(void *state);
    void (*conclude)(
        void *state); /* after the last run, untimed: peer.result; may be NULL */
    void (*release)(void *state);
    same_work peer;
} row;

/* The rows there are; make fills everything but the name. */
typedef struct {
    const char *name;
    void (*make)(row *r);
} row_maker;
extern const row_maker SCORE_ROWS[], SAMPLING_ROWS[], NETWORK_ROWS[], LAW_ROWS[];
extern const int SCORE_ROW_COUNT, SAMPLING_ROW_COUNT, NETWORK_ROW_COUNT, LAW_ROW_COUNT;

/* ---- Peers --------------------------------------------------------------------------------- */

/* A Python process that does the work of rows by numpy and what else is installed; one thread. */
typedef struct peer peer;
/* NULL, and one line on stderr, if there is none. verbose: what each of its ways takes, on stderr. */
peer *peer_start(const char *python, bool verbose);
void peer_stop(peer *p);
const char *peer_versions(const peer *p);
/* Gives it row i's work and lets it choose the fastest of its ways, which it names: NULL if it has none. */
const char *peer_give(peer *p, int i, const same_work *work);
/* One run; seconds of processor time. */
double peer_run(peer *p, int i);
/* The largest difference of its results from work->result, in units of work->scale. */
double peer_difference(peer *p, int i, const same_work *work);

/* ---- Rounds -------------------------------------------------------------------------------- */

/* Of one row, one number a round. */
typedef struct {
    double *seconds, *compute, *memory; /* measured, and the two limits */
    double *peer_seconds;
    const char *peer_way; /* NULL: no peer */
    double difference;
} times;

typedef struct {
    int threads, rounds, rows;
    const row *row;
    times *m;                  /* rows */
    double *rate[QUANTITIES];  /* rounds each */
    const char *peer_versions; /* NULL: none */
} measurements;

/* rounds + 1 rounds, the first to warm up: limits, then every row and at once its peer (NULL: none). Caller frees. */
measurements rounds_run(int threads, int rounds, int rows, const row *r, peer *p);
void rounds_free(measurements *all);
double rounds_median(int n, const double *x);

/* ---- The table ------------------------------------------------------------------------------ */

typedef enum { MARKDOWN, TSV } table_form;
void table_print(const measurements *all, table_form form);
/* Names on stderr the rows whose peer found something else; how many. */
int table_disagreements(const measurements *all);

#endif
