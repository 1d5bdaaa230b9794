/* The program: options, rounds, the table. */
#include "bench.h"

#include "base.h"
#include "kernel.h"
#include "linalg.h"

#include <fnmatch.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USAGE = 64 };

static const char HELP[] =
    "bench -- throughput of the kernels against the limits of this machine\n"
    "\n"
    "  --only GLOB     rows whose name matches, e.g. 'score*'\n"
    "  --threads N     threads; 1 (the default) is timed by processor time, more by "
    "wall "
    "time\n"
    "  --rounds N      rounds (default 9, at least 7); medians are printed\n"
    "  --tsv           tab-separated values instead of Markdown\n"
    "  --list          the names of the rows\n"
    "  --help          this text\n";

typedef struct {
    const char *only;
    int threads, rounds;
    bool tsv, list;
} options;

/* ---- Options ------------------------------------------------------------------------- */

static int positive(const char *flag, const char *text, int least, int *n)
{
    char *end = NULL;
    long value = strtol(text, &end, 10);
    if (end != text && *end == '\0' && value >= least && value <= 1000) {
        *n = (int)value;
        return 0;
    }
    fprintf(stderr, "bench: %s: expected an integer from %d to 1000\n", flag, least);
    return USAGE;
}

static int parse(int argc, char **argv, options *o)
{
    for (int i = 1; i < argc; i++) {
        const char *flag = argv[i];
        int status = 0;
        if (strcmp(flag, "--only") == 0 && i + 1 < argc)
            o->only = argv[++i];
        else if (strcmp(flag, "--threads") == 0 && i + 1 < argc)
            status = positive(flag, argv[++i], 1, &o->threads);
        else if (strcmp(flag, "--rounds") == 0 && i + 1 < argc)
            status = positive(flag, argv[++i], 7, &o->rounds);
        else if (strcmp(flag, "--tsv") == 0)
            o->tsv = true;
        else if (strcmp(flag, "--list") == 0)
            o->list = true;
        else {
            fprintf(stderr,
                    "bench: %s: no such option, or its value is missing; see "
                    "--help\n",
                    flag);
            status = USAGE;
        }
        if (status != 0) return status;
    }
    return 0;
}

/* ---- Rounds -------------------------------------------------------------------------- */

/* Of one row, one number a round. */
typedef struct {
    double *seconds, *compute, *memory; /* measured, and the two limits */
} times;

static void measure(const options *o, const row *r, const double *rate, times *m, int n)
{
    double begin = machine_clock(o->threads);
    r->run(r->state);
    m->seconds[n] = machine_clock(o->threads) - begin;
    m->memory[n] = r->count[BYTES] / rate[BYTES];
    m->compute[n] = 0.0;
    for (int q = 0; q < QUANTITIES; q++)
        if (q != BYTES) m->compute[n] += r->count[q] / rate[q];
}

static int increasing(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(int n, const double *x)
{
    double *sorted = NEW_ARRAY(double, n);
    memcpy(sorted, x, (size_t)n * sizeof *x);
    qsort(sorted, (size_t)n, sizeof *sorted, increasing);
    double m = 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
    free(sorted);
    return m;
}

/* ---- The table ----------------------------------------------------------------------- */

static void print_machine(const options *o, double *const rate[QUANTITIES])
{
    if (o->tsv)
        printf("machine\tkernels %s\tOpenBLAS %s\tthreads %d\trounds %d\n",
               kernel_best()->isa, linalg_core(), o->threads, o->rounds);
    else
        printf("Kernels %s, OpenBLAS core %s, threads %d, medians of %d rounds. "
               "Limits, in 1e9/s:\n\n",
               kernel_best()->isa, linalg_core(), o->threads, o->rounds);
    for (int q = 0; q < QUANTITIES; q++) {
        double billions = 1e-9 * median(o->rounds, rate[q]);
        if (o->tsv)
            printf("limit\t%s\t%.4g\n", QUANTITY_TEXT[q], billions);
        else
            printf("- %s: %.3g\n", QUANTITY_TEXT[q], billions);
    }
}

static void print_head(const options *o)
{
    if (o->tsv)
        puts("row\tname\tmillions_per_s\tunit\tms\tlimit_ms\tlimited_by\tfraction\t"
             "counted");
    else
        puts("\n| row | 1e6/s | ms | limit, ms | limited by | fraction | counted |\n"
             "|---|---|---|---|---|---|---|");
}

static void print_row(const options *o, const row *r, const times *m)
{
    double *fraction = NEW_ARRAY(double, o->rounds);
    for (int n = 0; n < o->rounds; n++)
        fraction[n] = fmax(m->compute[n], m->memory[n]) / m->seconds[n];
    double reached = median(o->rounds, fraction);
    double seconds = median(o->rounds, m->seconds);
    double compute = median(o->rounds, m->compute);
    double memory = median(o->rounds, m->memory);
    double ms = 1e3 * seconds, limit = 1e3 * fmax(compute, memory);
    double rate = 1e-6 * r->items / seconds;
    const char *by = compute >= memory ? "arithmetic" : "memory";
    if (o->tsv)
        printf("row\t%s\t%.4g\t%s\t%.4g\t%.4g\t%s\t%.3f\t%s\n", r->name, rate, r->unit,
               ms, limit, by, reached, r->counted);
    else
        printf("| %s | %.4g %s | %.3g | %.3g | %s | %.2f | %s |\n", r->name, rate,
               r->unit, ms, limit, by, reached, r->counted);
    free(fraction);
}

static void bench(const options *o, int rows, row *r)
{
    machine *here = machine_new(o->threads);
    double *rate[QUANTITIES], now[QUANTITIES];
    times *m = NEW_ARRAY(times, rows);
    for (int q = 0; q < QUANTITIES; q++) rate[q] = NEW_ARRAY(double, o->rounds);
    for (int i = 0; i < rows; i++) {
        m[i].seconds = NEW_ARRAY(double, 3L * o->rounds);
        m[i].compute = m[i].seconds + o->rounds;
        m[i].memory = m[i].compute + o->rounds;
    }
    for (int n = -1; n < o->rounds; n++) { /* round -1 warms up */
        int kept = n < 0 ? 0 : n;
        machine_rates(here, now);
        for (int q = 0; q < QUANTITIES; q++) rate[q][kept] = now[q];
        for (int i = 0; i < rows; i++) measure(o, &r[i], now, &m[i], kept);
    }
    print_machine(o, rate);
    print_head(o);
    for (int i = 0; i < rows; i++) print_row(o, &r[i], &m[i]);
    for (int i = 0; i < rows; i++) free(m[i].seconds);
    for (int q = 0; q < QUANTITIES; q++) free(rate[q]);
    free(m);
    machine_free(here);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(HELP, stdout);
        return 0;
    }
    options o = {.only = "*", .threads = 1, .rounds = 9};
    int status = parse(argc, argv, &o);
    if (status != 0) return status;
    omp_set_num_threads(o.threads);

    row *r = NEW_ARRAY(row, BENCH_ROW_COUNT);
    int rows = 0;
    for (int i = 0; i < BENCH_ROW_COUNT; i++) {
        if (fnmatch(o.only, BENCH_ROWS[i].name, 0) != 0) continue;
        r[rows].name = BENCH_ROWS[i].name;
        if (o.list)
            puts(r[rows].name);
        else
            BENCH_ROWS[i].make(&r[rows++]);
    }
    if (rows == 0 && !o.list) {
        fprintf(stderr, "bench: --only %s: no such row; see --list\n", o.only);
        status = USAGE;
    }
    if (rows > 0) bench(&o, rows, r);
    for (int i = 0; i < rows; i++) r[i].release(r[i].state);
    free(r);
    return status;
}
