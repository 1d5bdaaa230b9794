/* report.md: the page, Markdown for pandoc with raw HTML where a table needs it.
 *
 * Texts of records are plain ASCII mathematics: they stand in escaped HTML or in code, never in
 * bare Markdown. Texts of paper_refs.md are Markdown and are passed on. */
#include "report.h"

#include <math.h>
#include <string.h>

/* ---- Small pieces ------------------------------------------------------------- */

static void html(FILE *out, const char *text)
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

static void open_html(FILE *out) { fputs("\n```{=html}\n", out); }
static void close_html(FILE *out) { fputs("\n```\n\n", out); }

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

/* ok, open or bad: how a verdict compares with its expectation. */
static const char *mood(const report_counts *c)
{
    if (c->as_expected == c->total) return "ok";
    return c->as_expected + c->open == c->total ? "open" : "bad";
}

static const char *mood_of_status(int status)
{
    if (status == 0) return "ok";
    return status == 2 || status == -1 ? "open" : "bad";
}

/* ---- Checks -------------------------------------------------------------------- */

/* The verdict of a family: that of the member shown, and how many are as expected. */
static void verdict_cell(const report_row *r, const report_counts *c, FILE *out)
{
    open_cell(out, "verdict");
    fprintf(out, "<span class=\"verdict %s\">%s</span>", mood(c), r->verdict);
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

static void tightness_cell(const report_counts *c, FILE *out)
{
    open_cell(out, "tightness");
    report_number(out, c->tightest);
    if (c->loosest > c->tightest) {
        fputs(" – ", out);
        report_number(out, c->loosest);
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
        html(out, r->reproduce);
    else {
        fprintf(out, "%.*s%s", (int)(member - r->reproduce), r->reproduce, r->id);
        html(out, member + strlen(r->check));
    }
    fputs("</code>", out);
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
    html(out, json_string_value(json_object_get(check, "text")));
    fputs("</td>", out);
    interval_cell(out, "predicted", r->predicted.lo, r->predicted.hi);
    open_cell(out, "measured");
    report_interval(out, r->measured.lo, r->measured.hi);
    if (report_member(r)[0] != '\0') {
        fputs("<br><small>", out);
        html(out, report_member(r));
        fputs("</small>", out);
    }
    fputs("</td>", out);
    verdict_cell(r, &c, out);
    level_cell(&c, r->method, out);
    tightness_cell(&c, out);
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
    html(out, r->check);
    fputs("</td>", out);
    interval_cell(out, "predicted", r->predicted.lo, r->predicted.hi);
    interval_cell(out, "measured", r->measured.lo, r->measured.hi);
    open_cell(out, "verdict");
    fprintf(out, "<span class=\"verdict %s\">%s</span></td>",
            good   ? "ok"
            : open ? "open"
                   : "bad",
            r->verdict);
    number_cell(out, "tightness", r->tightness);
    number_cell(out, "detectable", r->detectable);
    open_cell(out, "reproduce");
    fputs("<code class=\"run\">", out);
    html(out, r->reproduce);
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

static void check_tables(const report_experiment *e, FILE *out)
{
    const json_t *table = json_object_get(e->record, "table");
    open_html(out);
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
    close_html(out);
}

/* ---- One statement ---------------------------------------------------------------- */

static void reference(const report_refs *r, report_label label, FILE *out)
{
    if (r != NULL && r->text[label] != NULL)
        fprintf(out, "**%s.** %s\n\n", report_label_name(label), r->text[label]);
}

/* "12/12 claims SUPPORTED", where the role occurs. */
static void score(const report_experiment *e, const char *role, const char *words,
                  FILE *out)
{
    report_counts c = report_count(e, role, NULL);
    if (c.total == 0) return;
    fprintf(out, " · <span class=\"verdict %s\">%d/%d %s</span>", mood(&c),
            c.as_expected, c.total, words);
}

/* Where it stands, how it ended, the claims with the controls beside them, level, time. */
static void meta_line(const report_experiment *e, FILE *out)
{
    open_html(out);
    fputs("<p class=\"meta\">", out);
    if (e->record != NULL) fprintf(out, "%s/", report_text(e, "chapter"));
    fprintf(out, "%s · <span class=\"verdict %s\">", e->name,
            mood_of_status(e->status));
    report_outcome(out, e->status);
    fputs("</span>", out);
    score(e, "claim", "claims SUPPORTED", out);
    score(e, "printed", "printed REFUTED", out);
    score(e, "control", "controls REFUTED", out);
    double alpha = report_count(e, NULL, NULL).alpha;
    if (alpha > 0.0) {
        fputs(" · α = ", out);
        report_number(out, alpha);
    }
    if (!isnan(e->seconds)) fprintf(out, " · %.1f s", e->seconds);
    fputs("</p>", out);
    close_html(out);
}

static void background(const report_refs *r, FILE *out)
{
    fputs("::: background\n\n", out);
    reference(r, REFS_ASSUMPTIONS, out);
    reference(r, REFS_CONTROL, out);
    reference(r, REFS_BLIND, out);
    fputs(":::\n\n", out);
}

static void statement(const report_data *data, const report_experiment *e, FILE *out)
{
    const report_refs *r = report_refs_of(data, e->name);
    const char *title = e->record != NULL ? report_text(e, "title") : e->name;
    fprintf(out, "\n## %s {#%s}\n", title, e->name);
    meta_line(e, out);
    reference(r, REFS_SOURCE, out);
    reference(r, REFS_PRINTED, out);
    reference(r, REFS_TESTED, out);
    reference(r, REFS_ERRATUM, out);
    if (e->record != NULL) check_tables(e, out);
    if (e->record != NULL && report_text(e, "assumption")[0] != '\0')
        fprintf(out, "The target violates an assumption: `%s`\n\n",
                report_text(e, "assumption"));
    if (e->has_figure)
        fprintf(out, "![Prediction and measurement: %s](%s/figure.svg)\n\n", title,
                e->name);
    else if (e->record != NULL)
        fputs("No figure has been drawn.\n\n", out);
    background(r, out);
}

/* ---- The head ------------------------------------------------------------------------ */

static const report_experiment *first_recorded(const report_data *data)
{
    for (int i = 0; i < data->n_experiments; i++)
        if (data->experiments[i].record != NULL) return &data->experiments[i];
    return NULL;
}

/* A fact of the runs, "several" if they do not agree. */
static const char *run_fact(const report_data *data, const char *key)
{
    const char *common = NULL;
    for (int i = 0; i < data->n_experiments; i++) {
        const json_t *run = json_object_get(data->experiments[i].record, "run");
        const char *fact = json_string_value(json_object_get(run, key));
        if (fact == NULL) continue;
        if (common != NULL && strcmp(common, fact) != 0) return "several";
        common = fact;
    }
    return common != NULL ? common : "unknown";
}

/* Sums over all experiments, for one role or (NULL) all. */
static report_counts overall(const report_data *data, const char *role)
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

static void head(const report_data *data, FILE *out)
{
    const report_experiment *first = first_recorded(data);
    double seconds = 0.0;
    int recorded = 0;
    for (int i = 0; i < data->n_experiments; i++) {
        const report_experiment *e = &data->experiments[i];
        recorded += e->record != NULL;
        if (!isnan(e->seconds)) seconds += e->seconds;
    }
    fputs("---\ntitle: scorecheck\nsubtitle: Theory of score-based diffusion models, "
          "tested by "
          "experiment\nlang: en\n---\n\n",
          out);
    fputs("Each statement below is tested by one program. A prediction is a region, a "
          "measurement an enclosure: inside is SUPPORTED, disjoint REFUTED, neither "
          "INCONCLUSIVE. Every claim stands beside a *control*, a false variant that "
          "the same "
          "code must refute; a *printed* form is the statement as its source prints "
          "it, where "
          "that is wrong.\n\n",
          out);
    report_counts all = overall(data, NULL), claims = overall(data, "claim");
    report_counts printed = overall(data, "printed"),
                  controls = overall(data, "control");
    fprintf(out,
            "**%d of %d statements tested, %d checks:** %d of %d claims supported, %d "
            "of %d "
            "printed forms refuted, %d of %d controls refuted, %d findings. "
            "Probability that any "
            "statistical check is wrong by chance: at most %.2g, of a budget of 0.001. "
            "Computing time %.0f s.\n\n",
            recorded, data->n_experiments, all.total, claims.as_expected, claims.total,
            printed.as_expected, printed.total, controls.as_expected, controls.total,
            overall(data, "finding").total, all.alpha, seconds);
    if (first == NULL) return;
    fprintf(out, "Effort %s, seed %lld, commit `%s`, compiler `%s`, host `%s`, `%s`",
            report_text(first, "effort"),
            (long long)json_integer_value(json_object_get(first->record, "seed")),
            run_fact(data, "commit"), run_fact(data, "compiler"),
            run_fact(data, "host"),
            json_string_value(
                json_object_get(json_object_get(first->record, "run"), "date")));
    fputs(".\n\n", out);
}

static void tightness_table(const report_data *data, FILE *out)
{
    fputs("\n## How tight the bounds are {#tightness}\n\nThe factor by which a bound "
          "exceeds what "
          "was measured, over all cases of the check.\n\n::: scroll\n"
          "| experiment | bound | tightest | loosest |\n|:---|:---|---:|---:|\n",
          out);
    for (int i = 0; i < data->n_experiments; i++) {
        const report_experiment *e = &data->experiments[i];
        const json_t *table = json_object_get(e->record, "table");
        for (size_t j = 0; j < json_array_size(table); j++) {
            const char *id =
                json_string_value(json_object_get(json_array_get(table, j), "id"));
            report_counts c = report_count(e, "claim", id);
            if (isnan(c.tightest)) continue;
            fprintf(out, "| [%s](#%s) | %s | ", e->name, e->name, id);
            report_number(out, c.tightest);
            fputs(" | ", out);
            report_number(out, c.loosest);
            fputs(" |\n", out);
        }
    }
    fputs(":::\n", out);
}

void report_page_md(const report_data *data, FILE *out)
{
    head(data, out);
    fputs("## Verdicts {#verdicts}\n\n::: scroll\n", out);
    report_verdict_table(data, out, true);
    fputs(":::\n\n## Errata {#errata}\n\n", out);
    report_errata_list(data, out, true);
    tightness_table(data, out);
    for (int i = 0; i < data->n_experiments; i++)
        statement(data, &data->experiments[i], out);
}
