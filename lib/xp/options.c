/* The command line. One table drives the parser and --help. */
#include "xp/driver.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name, *argument; /* argument: NULL if none is taken */
    int key;
    const char *text;
} flag;

static const flag FLAGS[] = {
    {"list", NULL, 'l', "print the table of checks without computing anything"},
    {"help", NULL, 'h', "print this help"},
    {"quick", NULL, 'q', "the small grid and sample sizes (the default)"},
    {"full", NULL, 'f', "the full grid and sample sizes"},
    {"seed", "N", 's', "seed of the random streams, 0 <= N < 2^63 (default 1)"},
    {"threads", "N", 't', "number of threads, at least 1 (default: all cores)"},
    {"out", "DIR", 'o', "write DIR/EXPERIMENT/record.json and table.tsv"},
    {"only", "GLOB", 'c', "only the checks whose 'id' or 'id/member' matches GLOB"},
    {"laws", "DIR", 'w', "share exact laws with other programs of this build in DIR"},
    {"target", "FILE", 'g', "test the statement on the mixture in FILE (JSON)"},
};

enum { MAX_THREADS = 4096 };

static const flag *flag_of(int key)
{
    for (int i = 0; i < LEN(FLAGS); i++)
        if (FLAGS[i].key == key) return &FLAGS[i];
    return NULL;
}

/* text as an integer in [lo, hi]; false if it is anything else. */
static bool integer(const char *text, int64_t lo, int64_t hi, int64_t *value)
{
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || v < lo || v > hi) return false;
    *value = v;
    return true;
}

/* What is wrong with the word getopt_long has just rejected with `key`. */
static void explain_rejected(int key, const char *word, char *message, size_t capacity)
{
    const flag *f = flag_of(optopt);
    if (key == ':' && f != NULL)
        snprintf(message, capacity, "--%s: expected %s after it", f->name, f->argument);
    else if (f != NULL && f->argument == NULL)
        snprintf(message, capacity, "%s: expected --%s without a value", word, f->name);
    else
        snprintf(message, capacity, "%s: unknown flag, expected one listed by --help",
                 word);
}

/* A flag without a value. */
static void set_switch(xp_options *o, int key)
{
    o->quick = o->quick || key == 'q';
    o->full = o->full || key == 'f';
    o->list = o->list || key == 'l';
    o->help = o->help || key == 'h';
}

/* A flag with a value: NULL, or what was expected of it. */
static const char *set_value(xp_options *o, int key, const char *value)
{
    if (value[0] == '\0') return "expected a value that is not empty";
    int64_t threads = 0;
    switch (key) {
    case 's':
        return integer(value, 0, INT64_MAX, &o->seed)
                   ? NULL
                   : "expected an integer from 0 to 2^63 - 1";
    case 't':
        if (!integer(value, 1, MAX_THREADS, &threads))
            return "expected an integer from 1 to 4096";
        o->threads = (int)threads;
        return NULL;
    case 'o':
        o->out = value;
        return NULL;
    case 'c':
        o->only = value;
        return NULL;
    case 'w':
        o->laws = value;
        return NULL;
    default:
        o->target = value;
        return NULL;
    }
}

int xp_options_read(int argc, char **argv, const xp_info *info, xp_options *o,
                    char *message, size_t capacity)
{
    struct option longs[LEN(FLAGS) + 1] = {{0}};
    for (int i = 0; i < LEN(FLAGS); i++)
        longs[i] = (struct option){.name = FLAGS[i].name,
                                   .has_arg = FLAGS[i].argument != NULL,
                                   .val = FLAGS[i].key};
    *o = (xp_options){.seed = 1};
    message[0] = '\0';
    int key, at = 0;
    optind = 0; /* glibc: start afresh */
    opterr = 0; /* our messages, not getopt's */
    while (message[0] == '\0' &&
           (key = getopt_long(argc, argv, ":", longs, &at)) != -1) {
        if (key == '?' || key == ':')
            explain_rejected(key, argv[optind - 1], message, capacity);
        else if (optarg == NULL)
            set_switch(o, key);
        else {
            const char *expected = set_value(o, key, optarg);
            if (expected != NULL)
                snprintf(message, capacity, "--%s '%s': %s", FLAGS[at].name, optarg,
                         expected);
        }
    }
    if (message[0] != '\0') return XP_USAGE;
    if (optind < argc)
        snprintf(message, capacity, "'%s': expected only the flags listed by --help",
                 argv[optind]);
    else if (o->quick && o->full)
        snprintf(message, capacity, "--quick --full: expected one of the two");
    else if (o->target != NULL && !info->takes_target)
        snprintf(message, capacity,
                 "--target: expected no target, this statement fixes its law");
    return message[0] != '\0' ? XP_USAGE : 0;
}

void xp_options_help(FILE *out, const char *program, const xp_info *info)
{
    fprintf(out, "%s -- %s\n\n  %s\n  Source: %s\n\nusage: %s [flags]\n\n", program,
            info->title, info->statement, info->sources, program);
    for (int i = 0; i < LEN(FLAGS); i++) {
        const flag *f = &FLAGS[i];
        if (f->key == 'g' && !info->takes_target) continue;
        int width = fprintf(out, "  --%s %s", f->name, f->argument ? f->argument : "");
        fprintf(out, "%*s%s\n", 18 - width, "", f->text);
    }
    if (info->takes_target)
        fprintf(out, "\nFILE: {\"weights\": [w, ...], \"means\": [[...], ...], "
                     "\"covariances\": [c, ...]}, each c a\nnumber (isotropic), a list "
                     "(diagonal) or a list of lists (full); weights are normalised.\n");
    fprintf(out,
            "\nExit status: 0 every verdict as expected; 1 a verdict contradicts its "
            "expectation;\n2 something INCONCLUSIVE; 3 a control was not refuted; 64 "
            "usage; 70 numerical or\ninternal failure; 74 cannot write.\n");
}
