/* Counts and the members worth showing. */
#include "report.h"

#include <math.h>
#include <string.h>

bool report_as_expected(const report_row *r)
{
    return strcmp(r->verdict, r->expected) == 0;
}

const char *report_member(const report_row *r)
{
    const char *slash = strchr(r->check, '/');
    return slash != NULL ? slash + 1 : "";
}

report_counts report_count(const report_experiment *e, const char *role, const char *id)
{
    report_counts c = {.tightest = NAN, .loosest = NAN};
    for (int i = 0; i < e->n_rows; i++) {
        const report_row *r = &e->rows[i];
        if (role != NULL && strcmp(r->role, role) != 0) continue;
        if (id != NULL && strcmp(r->id, id) != 0) continue;
        c.total++;
        c.as_expected += report_as_expected(r);
        c.open += strcmp(r->verdict, "INCONCLUSIVE") == 0;
        c.alpha += r->measured.alpha;
        c.tightest = fmin(c.tightest, r->tightness); /* fmin, fmax pass NaN over */
        c.loosest = fmax(c.loosest, r->tightness);
    }
    return c;
}

double report_distance(const report_row *r)
{
    double above = r->measured.lo - r->predicted.hi,
           below = r->predicted.lo - r->measured.hi;
    double scale = fmax(isinf(r->predicted.lo) ? 0.0 : fabs(r->predicted.lo),
                        isinf(r->predicted.hi) ? 0.0 : fabs(r->predicted.hi));
    if (scale == 0.0) scale = 1.0;
    if (above > 0.0 || below > 0.0) return fmax(above, below) / scale;
    double inside =
        fmin(r->predicted.hi - r->measured.hi, r->measured.lo - r->predicted.lo);
    return inside >= 0.0 ? -inside / scale : 0.0;
}

const report_row *report_closest(const report_experiment *e, const char *id)
{
    const report_row *best = NULL;
    for (int i = 0; i < e->n_rows; i++) {
        const report_row *r = &e->rows[i];
        if (strcmp(r->id, id) != 0) continue;
        bool worse = best == NULL ||
                     (report_as_expected(best) && !report_as_expected(r)) ||
                     (report_as_expected(best) == report_as_expected(r) &&
                      fabs(report_distance(r)) < fabs(report_distance(best)));
        if (worse) best = r;
    }
    return best;
}

const report_row *report_farthest(const report_experiment *e, const char *id)
{
    const report_row *best = NULL;
    for (int i = 0; i < e->n_rows; i++) {
        const report_row *r = &e->rows[i];
        if (strcmp(r->id, id) != 0) continue;
        if (best == NULL || report_distance(r) > report_distance(best)) best = r;
    }
    return best;
}

void report_outcome(FILE *out, int status)
{
    static const struct {
        int status;
        const char *text;
    } TEXTS[] = {
        {-1, "not run"},
        {0, "as expected"},
        {1, "CONTRADICTED (exit 1)"},
        {2, "inconclusive (exit 2)"},
        {3, "CONTROL SURVIVED (exit 3)"},
    };
    for (int i = 0; i < LEN(TEXTS); i++)
        if (TEXTS[i].status == status) {
            fputs(TEXTS[i].text, out);
            return;
        }
    fprintf(out, "FAILED (exit %d)", status);
}
