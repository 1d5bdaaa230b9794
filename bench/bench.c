/* The program: options, and which rows. */
#include "bench.h"

#include "base.h"

#include <fnmatch.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USAGE = 64, CANNOT_WRITE = 74, DISAGREE = 1 };

static const char HELP[] =
    "bench -- throughput of the kernels against the limits of this machine\n"
    "\n"
    "  --only GLOB       rows whose name matches, e.g. 'a*'\n"
    "  --threads N       threads; 1 (the default) is timed by processor time, more by "
    "wall time\n"
    "  --rounds N        rounds (default 9, at least 7); medians are printed\n"
    "  --peers           against numpy, torch, scipy, scikit-learn and POT too, as far "
    "as installed\n"
    "  --python PROGRAM  that has them (default /usr/bin/python3)\n"
    "  --verbose         on stderr, what each way of the peers to do a row takes\n"
    "  --tsv             tab-separated values instead of Markdown\n"
    "  --list            the names of the rows\n"
    "  --help            this text\n"
    "\n"
    "Exit status: 0; 1 if a peer finds something else; 64 for a bad option; 70 if the "
    "peers' process\nends early; 74 if the table cannot be written.\n";

typedef struct {
    const char *only, *python;
    int threads, rounds;
    bool tsv, list, peers, verbose;
} options;

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

/* A flag with a value; -1: there is no such. */
static int parse_value(const char *flag, const char *value, options *o)
{
    if (strcmp(flag, "--threads") == 0) return positive(flag, value, 1, &o->threads);
    if (strcmp(flag, "--rounds") == 0) return positive(flag, value, 7, &o->rounds);
    if (strcmp(flag, "--only") == 0)
        o->only = value;
    else if (strcmp(flag, "--python") == 0)
        o->python = value;
    else
        return -1;
    return 0;
}

static int parse(int argc, char **argv, options *o)
{
    for (int i = 1; i < argc; i++) {
        const char *flag = argv[i];
        int status = i + 1 < argc ? parse_value(flag, argv[i + 1], o) : -1;
        if (status == 0)
            i++;
        else if (status == USAGE)
            return status;
        else if (strcmp(flag, "--tsv") == 0)
            o->tsv = true;
        else if (strcmp(flag, "--list") == 0)
            o->list = true;
        else if (strcmp(flag, "--peers") == 0)
            o->peers = true;
        else if (strcmp(flag, "--verbose") == 0)
            o->verbose = true;
        else {
            fprintf(stderr,
                    "bench: %s: no such option, or its value is missing; see "
                    "--help\n",
                    flag);
            return USAGE;
        }
    }
    if (o->peers && o->threads > 1) {
        fputs("bench: --peers: expected --threads 1, as peers run on one\n", stderr);
        return USAGE;
    }
    return 0;
}

/* The rows whose name matches, made unless they are only listed; how many. */
static int choose(const options *o, int n, const row_maker *maker, row *r)
{
    int rows = 0;
    for (int i = 0; i < n; i++) {
        if (fnmatch(o->only, maker[i].name, 0) != 0) continue;
        if (o->list) {
            puts(maker[i].name);
            continue;
        }
        r[rows].name = maker[i].name;
        maker[i].make(&r[rows++]);
    }
    return rows;
}

static int measure(const options *o, int rows, const row *r)
{
    peer *p = o->peers ? peer_start(o->python, o->verbose) : NULL;
    measurements all = rounds_run(o->threads, o->rounds, rows, r, p);
    table_print(&all, o->tsv ? TSV : MARKDOWN);
    const int wrong = table_disagreements(&all);
    rounds_free(&all);
    peer_stop(p);
    return wrong > 0 ? DISAGREE : 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(HELP, stdout);
        return 0;
    }
    options o = {.only = "*", .python = "/usr/bin/python3", .threads = 1, .rounds = 9};
    int status = parse(argc, argv, &o);
    if (status != 0) return status;
    omp_set_num_threads(o.threads);
    base_keep_memory();

    row *r = NEW_ARRAY(row, SCORE_ROW_COUNT + SAMPLING_ROW_COUNT + NETWORK_ROW_COUNT +
                                LAW_ROW_COUNT);
    int rows = choose(&o, SCORE_ROW_COUNT, SCORE_ROWS, r);
    rows += choose(&o, SAMPLING_ROW_COUNT, SAMPLING_ROWS, r + rows);
    rows += choose(&o, NETWORK_ROW_COUNT, NETWORK_ROWS, r + rows);
    rows += choose(&o, LAW_ROW_COUNT, LAW_ROWS, r + rows);
    if (rows == 0 && !o.list) {
        fprintf(stderr, "bench: --only %s: no such row; see --list\n", o.only);
        status = USAGE;
    }
    if (rows > 0) status = measure(&o, rows, r);
    for (int i = 0; i < rows; i++) r[i].release(r[i].state);
    free(r);
    if (fflush(stdout) == 0 && ferror(stdout) == 0) return status;
    fputs("bench: cannot write to standard output\n", stderr);
    return CANNOT_WRITE;
}
