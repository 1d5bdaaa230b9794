/* Counts and the members worth showing. */
#include "report.h"

#include <math.h>
#include <stdlib.h>
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
    report_counts c = {0};
    for (int i = 0; i < e->n_rows; i++) {
        const report_row *r = &e->rows[i];
        if (role != NULL && strcmp(r->role, role) != 0) continue;
        if (id != NULL && strcmp(r->id, id) != 0) continue;
        c.total++;
        c.as_expected += report_as_expected(r);
        c.open += strcmp(r->verdict, "INCONCLUSIVE") == 0;
        c.alpha += r->measured.alpha;
    }
    return c;
}

report_counts report_overall(const report_data *data, const char *role)
{
    report_counts sum = {0};
    for (int i = 0; i < data->n_experiments; i++) {
        report_counts c = report_count(&data->experiments[i], role, NULL);
        sum.total += c.total;
        sum.as_expected += c.as_expected;
        sum.open += c.open;
        sum.alpha += c.alpha;
    }
    return sum;
}

const char *report_as_tested(const report_experiment *e)
{
    report_counts c = report_count(e, "claim", NULL);
    if (c.total == 0) return "–";
    if (c.as_expected == c.total) return "SUPPORTED";
    return c.as_expected + c.open == c.total ? "INCONCLUSIVE" : "REFUTED";
}

report_forms report_printed_forms(const report_experiment *e)
{
    report_forms f = {0};
    const json_t *table = json_object_get(e->record, "table");
    for (size_t i = 0; i < json_array_size(table); i++) {
        const json_t *check = json_array_get(table, i);
        const char *role = json_string_value(json_object_get(check, "role"));
        const char *id = json_string_value(json_object_get(check, "id"));
        if (role == NULL || id == NULL || strcmp(role, "printed") != 0) continue;
        report_counts c = report_count(e, "printed", id);
        f.listed++;
        f.judged += c.total > 0;
        f.refuted += c.total > 0 && c.as_expected == c.total;
    }
    return f;
}

bool report_is_instrument(const report_experiment *e)
{
    static const char NONE[] = "none";
    return strncmp(report_text(e, "sources"), NONE, strlen(NONE)) == 0;
}

void report_as_printed(const report_experiment *e, FILE *out)
{
    report_forms f = report_printed_forms(e);
    if (report_is_instrument(e))
        fputs("instrument", out);
    else if (f.listed == 0)
        fputs(report_as_tested(e), out);
    else if (f.judged == 0)
        fputs("–", out);
    else if (f.refuted < f.judged)
        fprintf(out, "%d of %d forms REFUTED", f.refuted, f.judged);
    else
        fprintf(out, "REFUTED (%d form%s)", f.refuted, f.refuted == 1 ? "" : "s");
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

report_tightness report_tightness_of(const report_experiment *e, const char *id)
{
    report_tightness t = {0, NAN, NAN, NULL};
    double *all = NEW_ARRAY(double, e->n_rows);
    for (int i = 0; i < e->n_rows; i++) {
        const report_row *r = &e->rows[i];
        if (id != NULL && strcmp(r->id, id) != 0) continue;
        if (strcmp(r->role, "claim") != 0 || strcmp(r->verdict, "SUPPORTED") != 0)
            continue;
        if (isnan(r->tightness)) continue;
        all[t.n++] = r->tightness;
        if (t.where == NULL || r->tightness < t.least) {
            t.least = r->tightness;
            t.where = r;
        }
    }
    if (t.n > 0) {
        qsort(all, (size_t)t.n, sizeof *all, ascending);
        t.median = 0.5 * (all[(t.n - 1) / 2] + all[t.n / 2]);
    }
    free(all);
    return t;
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
