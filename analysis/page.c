/* report.md: the page, Markdown for pandoc with raw HTML where a table needs it.
 *
 * Texts of records are plain ASCII mathematics: they stand in escaped HTML or in code, never in
 * bare Markdown. Texts of paper_refs.md are Markdown and are passed on. */
#include "report.h"

#include <math.h>
#include <string.h>

static void open_html(FILE *out) { fputs("\n```{=html}\n", out); }
static void close_html(FILE *out) { fputs("\n```\n\n", out); }

static const char *mood_of_status(int status)
{
    if (status == 0) return "ok";
    return status == 2 || status == -1 ? "open" : "bad";
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
    fprintf(out, " · <span class=\"verdict %s\">%d/%d %s</span>", report_mood(&c),
            c.as_expected, c.total, words);
}

/* Where it stands, how it ended, the claims with the controls beside them, level, time, and
   what restricted the run. */
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
    static const char *const RESTRICTIONS[] = {"only", "target"};
    for (int i = 0; i < LEN(RESTRICTIONS); i++) {
        const char *value = report_text(e, RESTRICTIONS[i]);
        if (value[0] == '\0') continue;
        fprintf(out, " · --%s ", RESTRICTIONS[i]);
        report_html(out, value);
    }
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
    if (e->record != NULL) {
        open_html(out);
        report_checks_html(e, out);
        close_html(out);
    }
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

static const char PREAMBLE[] =
    "---\n"
    "title: scorecheck\n"
    "subtitle: Theory of score-based diffusion models, tested by experiment\n"
    "lang: en\n"
    "---\n\n"
    "Each statement below is tested by one program. A prediction is a region, a\n"
    "measurement an enclosure: inside is SUPPORTED, disjoint REFUTED, neither\n"
    "INCONCLUSIVE. Every claim stands beside a *control*, a false variant that the "
    "same\n"
    "code must refute; a *printed* form is the statement as its source prints it, "
    "where\n"
    "that is wrong.\n\n";

/* "12 of 12 claims supported, ". */
static void share(const report_data *data, const char *role, const char *words,
                  FILE *out)
{
    report_counts c = overall(data, role);
    fprintf(out, "%d of %d %s, ", c.as_expected, c.total, words);
}

static void run_facts(const report_data *data, FILE *out)
{
    const report_experiment *first = first_recorded(data);
    if (first == NULL) return;
    fprintf(out, "Effort %s, seed %lld", report_text(first, "effort"),
            (long long)json_integer_value(json_object_get(first->record, "seed")));
    static const char *const FACTS[] = {"commit", "compiler", "host"};
    for (int i = 0; i < LEN(FACTS); i++)
        fprintf(out, ", %s `%s`", FACTS[i], run_fact(data, FACTS[i]));
    const json_t *run = json_object_get(first->record, "run");
    const char *date = json_string_value(json_object_get(run, "date"));
    fprintf(out, "%s%s.\n\n", date != NULL ? ", " : "", date != NULL ? date : "");
}

static void head(const report_data *data, FILE *out)
{
    double seconds = 0.0;
    int recorded = 0;
    for (int i = 0; i < data->n_experiments; i++) {
        const report_experiment *e = &data->experiments[i];
        recorded += e->record != NULL;
        if (!isnan(e->seconds)) seconds += e->seconds;
    }
    report_counts all = overall(data, NULL);
    fputs(PREAMBLE, out);
    fprintf(out, "**%d of %d statements tested, %d checks:** ", recorded,
            data->n_experiments, all.total);
    share(data, "claim", "claims supported", out);
    share(data, "printed", "printed forms refuted", out);
    share(data, "control", "controls refuted", out);
    fprintf(out,
            "%d findings. Probability that any statistical check is wrong by chance: ",
            overall(data, "finding").total);
    report_number(out, all.alpha);
    fprintf(out, " at most, of a budget of 0.001. Computing time %.0f s.\n\n", seconds);
    run_facts(data, out);
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
