/* The checks of one statement as HTML: a row a check, and all members folded away. */
#include "report.h"

#include <string.h>

/* ---- Small pieces ------------------------------------------------------------- */

void report_html(FILE *out, const char *text)
{
    static const char SPECIAL[] = "&<>\"";
    static const char *const ENTITY[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    for (const char *c = text; *c != '\0'; c++) {
        const char *at = strchr(SPECIAL, *c);
        if (at != NULL)
            fputs(ENTITY[at - SPECIAL], out);
        else
            fputc(*c, out);
    }
}

/* One cell whose label a narrow screen shows before it. */
static void open_cell(FILE *out, const char *label)
{
    fprintf(out, "<td data-label=\"%s\">", label);
}

static void interval_cell(FILE *out, const char *label, double lo, double hi)
{
    open_cell(out, label);
    report_interval(out, lo, hi);
    fputs("</td>", out);
}

static void number_cell(FILE *out, const char *label, double v)
{
    open_cell(out, label);
    report_number(out, v);
    fputs("</td>", out);
}

/* Below what stands in the cell, the case it is of. */
static void small_member(const report_row *r, FILE *out)
{
    if (report_member(r)[0] == '\0') return;
    fputs("<br><small>", out);
    report_html(out, report_member(r));
    fputs("</small>", out);
}

const char *report_mood(const report_counts *c)
{
    if (c->as_expected == c->total) return "ok";
    return c->as_expected + c->open == c->total ? "open" : "bad";
}

/* ---- Checks -------------------------------------------------------------------- */

/* The verdict of a family: that of the member shown, and how many are as expected. */
static void verdict_cell(const report_row *r, const report_counts *c, FILE *out)
{
    open_cell(out, "verdict");
    fprintf(out, "<span class=\"verdict %s\">%s</span>", report_mood(c), r->verdict);
    if (c->total > 1 || c->as_expected < c->total)
        fprintf(out, " <small>%d of %d %s</small>", c->as_expected, c->total,
                r->expected);
    fputs("</td>", out);
}

static void level_cell(const report_counts *c, const char *how, FILE *out)
{
    open_cell(out, "level");
    fputs(how, out);
    if (c->alpha > 0.0) {
        fputs(", α = ", out);
        report_number(out, c->alpha);
    }
    fputs("</td>", out);
}

/* The line that reproduces a family of `total`: that of a member, with the pattern cut to the
   id if there are others. */
static void reproduce_line(const report_row *r, int total, FILE *out)
{
    const char *member = strstr(r->reproduce, r->check);
    fputs("<code class=\"run\">", out);
    if (total == 1 || member == NULL)
        report_html(out, r->reproduce);
    else {
        fprintf(out, "%.*s%s", (int)(member - r->reproduce), r->reproduce, r->id);
        report_html(out, member + strlen(r->check));
    }
    fputs("</code>", out);
}

/* The least tightness, and the member that attains it. */
static void tightness_cell(const report_experiment *e, const char *id, FILE *out)
{
    report_tightness t = report_tightness_of(e, id);
    open_cell(out, "tightness");
    report_factor(out, t.least);
    if (t.n > 1) small_member(t.where, out);
    fputs("</td>", out);
}

/* A check: what it says, the member closest to the other verdict, the line that reruns it. */
static void family_row(const report_experiment *e, const json_t *check, FILE *out)
{
    const char *id = json_string_value(json_object_get(check, "id"));
    const report_row *r = report_closest(e, id);
    if (r == NULL) return;
    report_counts c = report_count(e, NULL, id);
    fprintf(out, "<tr class=\"family %s\">", r->role);
    open_cell(out, "role");
    fprintf(out, "<span class=\"role\">%s</span></td>", r->role);
    open_cell(out, "check");
    fprintf(out, "<b>%s</b><br>", id);
    report_html(out, json_string_value(json_object_get(check, "text")));
    fputs("</td>", out);
    interval_cell(out, "predicted", r->predicted.lo, r->predicted.hi);
    open_cell(out, "measured");
    report_interval(out, r->measured.lo, r->measured.hi);
    small_member(r, out);
    fputs("</td>", out);
    verdict_cell(r, &c, out);
    level_cell(&c, r->method, out);
    tightness_cell(e, id, out);
    fputs("</tr>\n<tr class=\"again\"><td colspan=\"7\">", out);
    reproduce_line(r, c.total, out);
    fputs("</td></tr>\n", out);
}

static void member_row(const report_row *r, FILE *out)
{
    bool good = report_as_expected(r);
    bool open = strcmp(r->verdict, "INCONCLUSIVE") == 0;
    fputs("<tr>", out);
    open_cell(out, "member");
    report_html(out, r->check);
    fputs("</td>", out);
    interval_cell(out, "predicted", r->predicted.lo, r->predicted.hi);
    interval_cell(out, "measured", r->measured.lo, r->measured.hi);
    open_cell(out, "verdict");
    fprintf(out, "<span class=\"verdict %s\">%s</span></td>",
            good   ? "ok"
            : open ? "open"
                   : "bad",
            r->verdict);
    open_cell(out, "tightness");
    report_factor(out, r->tightness);
    fputs("</td>", out);
    number_cell(out, "detectable", r->detectable);
    open_cell(out, "reproduce");
    fputs("<code class=\"run\">", out);
    report_html(out, r->reproduce);
    fputs("</code></td></tr>\n", out);
}

/* Every member of a check, folded away; nothing where the family row has said it all. */
static void member_table(const report_experiment *e, const char *id, FILE *out)
{
    int total = report_count(e, NULL, id).total;
    if (total < 2) return;
    fprintf(out,
            "<details><summary>%s: all %d cases</summary><div class=\"scroll\">"
            "<table class=\"members\"><thead><tr><th>case</th><th>predicted</th>"
            "<th>measured</th><th>verdict</th><th>tightness</th><th>detectable</th>"
            "<th>reproduce</th></tr></thead><tbody>\n",
            id, total);
    for (int i = 0; i < e->n_rows; i++)
        if (strcmp(e->rows[i].id, id) == 0) member_row(&e->rows[i], out);
    fputs("</tbody></table></div></details>\n", out);
}

void report_checks_html(const report_experiment *e, FILE *out)
{
    const json_t *table = json_object_get(e->record, "table");
    fputs(
        "<table "
        "class=\"checks\"><thead><tr><th>role</th><th>check</th><th>predicted</th>"
        "<th>measured</th><th>verdict</th><th>level</th><th>tightness</th></tr></thead>"
        "<tbody>\n",
        out);
    for (size_t i = 0; i < json_array_size(table); i++)
        family_row(e, json_array_get(table, i), out);
    fputs("</tbody></table>\n", out);
    for (size_t i = 0; i < json_array_size(table); i++)
        member_table(
            e, json_string_value(json_object_get(json_array_get(table, i), "id")), out);
}
