/* The driver's own objects, shared by the sources of lib/xp and by its unit test only. */
#ifndef SC_XP_DRIVER_H
#define SC_XP_DRIVER_H

#include "xp.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

/* Exit status of an experiment, and of anything that sums several up. */
enum {
    XP_AS_EXPECTED = 0,
    XP_CONTRADICTED = 1,     /* a verdict contradicts its expectation */
    XP_OPEN = 2,             /* none of the others, but something is INCONCLUSIVE */
    XP_CONTROL_SURVIVED = 3, /* the instrument is broken */
    XP_USAGE = 64,
    XP_FAILED = 70, /* numerical or internal failure */
    XP_CANNOT_WRITE = 74
};

/* Of the levels of all checks of a sweep together; the report fails above it. */
#define XP_BUDGET 1e-3

/* The worse of two: 70 > 74 > 64 > 3 > 1 > 2 > 0. */
int xp_worse(int a, int b);

typedef struct {
    bool quick, full, list, help; /* as asked for; neither quick nor full: quick */
    int64_t seed;
    int threads; /* 0: all cores */
    /* Borrowed from argv; NULL where the flag is absent. */
    const char *out, *only, *laws, *target;
} xp_options;

/* Reads the command line. On a usage error `message` (capacity bytes) gets one line that
   names the flag and what was expected, and the value is XP_USAGE; else 0. */
int xp_options_read(int argc, char **argv, const xp_info *info, xp_options *o,
                    char *message, size_t capacity);
void xp_options_help(FILE *out, const char *program, const xp_info *info);

/* Reads {"weights": [w, ...], "means": [[...], ...], "covariances": [c, ...]}; each c a
   number, a list of d or d lists of d, promoted to the most general of them. SC_EFORMAT and
   one line in `message` when something is wrong. Caller frees *p. */
BASE_MUST_USE int xp_target_read(const char *path, gmm **p, char *message,
                                 size_t capacity);

/* One judged member of a check. */
typedef struct {
    int check;  /* index in info->checks */
    char *name; /* "id/member", or "id" alone; owned */
    enclosure measured;
    region predicted; /* NaN for findings */
    verdict outcome;  /* not used for findings */
    bool judged;      /* false: an assumption failed, so nothing was measured */
    double tightness; /* bound/measured; NaN unless a positive bound */
} xp_member;

struct xp {
    const char *name, *chapter;
    const xp_info *info;
    xp_options options;
    gmm *target; /* of --target, or NULL; owned */
    xp_member *members;
    int n_members, capacity;
    char *rows; /* the lines of table.tsv below its header; owned */
    size_t rows_length;
    FILE *rows_stream;
    char *assumption; /* what the user's target violates, or NULL; owned */
    char *note;       /* what the reader must know, or NULL; owned */
    int status;       /* the worst so far that is not about one member */
    store *laws;      /* of --laws, or NULL; owned */
    double began;     /* seconds of the monotonic clock */
    double shown;     /* when the progress line was last written; 0: never */
};

/* A run before its first measurement. Aborts if the table of checks is malformed. */
xp *xp_open(const char *name, const char *chapter, const xp_info *info,
            const xp_options *o);
void xp_close(xp *x);

/* Completes the run: checks never judged, --only without a match, NaN. Writes one line to
   err for each problem. */
void xp_settle(xp *x, FILE *err);
/* The exit status of all that was judged so far, x->status included. */
int xp_status(const xp *x);

const char *xp_role_name(xp_role r);
/* "SUPPORTED", "REFUTED", "INCONCLUSIVE"; "RECORDED" for a finding. */
const char *xp_outcome_name(const xp *x, const xp_member *m);
const char *xp_expected_name(const xp *x, const xp_member *m);
/* Smallest violation a statistical check would have seen: its enclosure holds the true value
   and has width hi - lo, so a value farther than that from the region is REFUTED. NaN if
   alpha = 0. */
double xp_detectable(const xp_member *m);
/* The least tightness of the supported bounds of a claim, and where it is attained; NULL without one. */
const xp_member *xp_tightest(const xp *x, int check);
/* The line that reproduces member m from the root of the repository; caller frees. */
char *xp_reproduce(const xp *x, const xp_member *m);

/* Seconds of the monotonic clock. */
double xp_now(void);
/* "NAME: done of all, 12 s, about 30 s left" at `now`; caller frees. */
char *xp_progress_text(const xp *x, long done, long all, double now);
/* Wipes the progress line, if one stands. */
void xp_progress_end(xp *x);

/* The table of checks without a measurement; one line a member and a summary. */
void xp_print_table(const xp *x, FILE *out);
void xp_print_verdicts(const xp *x, FILE *out);

/* The text of table.tsv, header first; caller frees. */
char *xp_table_text(xp *x);
/* What record.json says: everything but "run" depends on the command line alone. Caller
   owns. */
json_t *xp_record_json(const xp *x, double wall_seconds);

/* Creates DIR/NAME, so that a folder that cannot be written stops the run before it
   computes. XP_CANNOT_WRITE and one line in `message`, or 0. */
int xp_output_prepare(const xp *x, char *message, size_t capacity);
/* Writes DIR/NAME/table.tsv and record.json, both or neither. XP_CANNOT_WRITE and one line in
   `message`, or 0. */
int xp_output_write(xp *x, double wall_seconds, char *message, size_t capacity);

/* Writes text[i] to path[i], i < n: everything to temporary names first, renamed in order once
   all of it is on disk. XP_CANNOT_WRITE and one line in `message`, or 0. */
int xp_write_all(int n, char *const *path, char *const *text, char *message,
                 size_t capacity);

/* snprintf into a new string; caller frees. */
char *xp_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *xp_vformat(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));

#endif
