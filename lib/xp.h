/* xp -- what an experiment program is made of.  Floor 5.
 *
 * An experiment is one .c that defines `xp_this` and `xp_run`; main, the command line, streams,
 * tables, records and exit codes come from here. It declares its checks in a table, measures, and
 * hands each enclosure over:
 *
 *     enum { CONSTANT, SIGN_SLIP };
 *     static const xp_check CHECKS[] = {
 *         [CONSTANT] = {xp_claim, QUADRATURE, "constant", "J_DSM - J_ESM = d/s2 - I(p_t)"},
 *         [SIGN_SLIP] = {xp_control, QUADRATURE, "sign-slip",
 *                        "u0 -> -u0 shifts the constant by 4 E div s"},
 *     };
 *     const xp_info xp_this = {.title = ..., .checks = CHECKS, .n_checks = LEN(CHECKS)};
 *     void xp_run(xp *x) { ... xp_judge(x, CONSTANT, e, region_about(C, tol), "t=%g", t); ... }
 *
 * A check of the table judged k times has k members, named "constant/t=0.1"; with a NULL format
 * it has one, named "constant". A run of everything must judge every check at least once, and no
 * member twice.
 *
 * Exit status: 0 every verdict as expected; 1 one contradicts its expectation; 3 a control was not
 * REFUTED; 2 none of these but some INCONCLUSIVE; 64 usage; 70 numerical or internal failure, a
 * NaN included (its member is recorded as INCONCLUSIVE); 74 cannot write. The worst wins:
 * 70 > 74 > 64 > 3 > 1 > 2 > 0. Under --target the experiment judges only what must hold for every
 * target that meets the assumptions: it leaves out a control or a printed form that the user's
 * mixture may make true by accident.
 */
#ifndef SC_XP_H
#define SC_XP_H

#include "base.h"
#include "claim.h"
#include "gmm.h"
#include "rng.h"
#include "store.h"

typedef struct xp xp;

typedef enum {
    xp_claim, /* the statement (corrected where the print is wrong): expected SUPPORTED */
    xp_printed, /* as the source prints it, where that is wrong: expected REFUTED */
    xp_control, /* a false variant, wrong by a known amount: expected REFUTED */
    xp_finding  /* a measured fact without a prediction: recorded */
} xp_role;

typedef struct {
    xp_role role;
    method how;
    const char *id; /* lower case, words joined by '-' */
    const char *
        text; /* what is claimed, one line; for xp_control also by how much it is wrong */
    const char *correction; /* xp_printed only: the corrected form, one line */
} xp_check;

typedef struct {
    const char *title;     /* one line */
    const char *statement; /* as tested, one line */
    const char *sources;   /* "002 Theorem 4.3; 000; Vincent 2011" */
    const char *columns;   /* of table.tsv, separated by blanks */
    const xp_check *checks;
    int n_checks;
    bool
        takes_target; /* --target FILE makes sense: the statement quantifies over targets */
} xp_info;

/* What an experiment file defines. */
extern const xp_info xp_this;
void xp_run(xp *x);

/* ---- For xp_run --------------------------------------------------------- */

/* The two efforts: the value for --quick or for --full. */
long xp_effort(const xp *x, long quick, long full);
bool xp_full(const xp *x);
/* Level of one statistical check, 1e-6. A check may have another, such as the sum of those it is made of: what counts
   is that all of a sweep add up to at most 1e-3, else the report fails. */
double xp_alpha(const xp *x);
/* Key of the stream "experiment/name" under the seed of the run. */
rng_key xp_stream(const xp *x, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The user's mixture (--target FILE), or NULL; owned by xp. */
const gmm *xp_target(const xp *x);
/* Where a chain may keep the distances of its law (.kept): of --laws DIR, which a sweep gives to all its
   experiments so that each law is computed once; NULL without. */
const store *xp_laws(const xp *x);
/* Says on a terminal how far the run is, from its fifth second on and at most once a second, with the time
   left if the rest goes on at the same pace. Call it after each of `all` parts of the work. */
void xp_progress(xp *x, long done, long all);
/* xp_wants(x, CHECK, ...): false if --only excludes every member of these checks, whose measurement may
   then be skipped. */
#define xp_wants(x, ...) xp_wants_named(x, "", __VA_ARGS__)
/* xp_wants_named(x, "line", CHECK, ...): the same for those members of these checks whose names begin so;
   xp_wants_members(x, XP_SET(CHECK, ...), "t=%g", t) formats what they begin with. */
#define xp_wants_named(x, begin, ...)                                                  \
    xp_wants_members(x, XP_SET(__VA_ARGS__), "%s", begin)
#define XP_SET(...) LEN(((const int[]){__VA_ARGS__})), ((const int[]){__VA_ARGS__})
bool xp_wants_members(const xp *x, int n, const int *check, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Judges and records one member of checks[check] (a claim, printed or control). A prediction that
   allows every number is no check: it aborts. */
verdict xp_judge(xp *x, int check, enclosure measured, region predicted,
                 const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* A bound, measured <= bound (1 + 1e-9), finite: as xp_judge, and records the tightness
   bound/measured of a positive bound (with the upper end of the enclosure: the bound exceeds the
   truth at least so many times). */
verdict xp_bound(xp *x, int check, enclosure measured, double bound, const char *fmt,
                 ...) __attribute__((format(printf, 5, 6)));
/* Records a finding. */
void xp_record(xp *x, int check, enclosure measured, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* One row of table.tsv: blank-separated values in the order of .columns ("%.17g" for doubles). */
void xp_row(xp *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The row "series at mid lo hi" of a table with these five columns. */
void xp_point(xp *x, const char *series, double at, enclosure e);
/* Path of NAME in the folder data/ of the source tree, where scripts/setup.sh puts the data it fetches;
   caller frees. The file need not be there. */
char *xp_data_path(const char *name);
/* One line that the reader must know, such as data that are missing: printed, recorded, on the page. */
void xp_note(xp *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* True unless the user's target has d > 1; then that is the assumption that fails. */
bool xp_target_on_line(xp *x);
/* The user's target violates an assumption: says which in one line; every check that was not
   judged is then INCONCLUSIVE. Aborts without --target. */
void xp_assumption_fails(xp *x, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* TRY(call): a failing status ends the program with exit 70 and one line that names the call. */
#define TRY(call) xp_try((call), #call, __FILE__, __LINE__)
void xp_try(int status, const char *call, const char *file, int line);
/* A numerical failure found by the experiment itself: exit 70 with this line. */
__attribute__((noreturn, format(printf, 1, 2))) void xp_fail(const char *fmt, ...);

#endif
