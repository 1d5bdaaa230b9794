/* The progress line of a run that takes longer than a few seconds. */
#include "rank.h"
#include "xp/driver.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const double FIRST = 5.0, EVERY = 1.0; /* seconds */

double xp_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

char *xp_progress_text(const xp *x, long done, long all, double now)
{
    REQUIRE(0 < done && done <= all);
    double spent = now - x->began, left = spent * (double)(all - done) / (double)done;
    return xp_format("%s: %ld of %ld, %.0f s, about %.0f s left", x->name, done, all,
                     spent, left);
}

void xp_progress(xp *x, long done, long all)
{
    double now = xp_now();
    if (now - x->began < FIRST || now - x->shown < EVERY) return;
    if (isatty(STDERR_FILENO) == 0 || rank_index() > 0) return;
    char *text = xp_progress_text(x, done, all, now);
    fprintf(stderr, "\r\033[K%s", text);
    free(text);
    x->shown = now;
}

void xp_progress_end(xp *x)
{
    if (x->shown > 0.0) fprintf(stderr, "\r\033[K");
    x->shown = 0.0;
}
