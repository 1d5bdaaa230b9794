/* report.md: the page, Markdown for pandoc with raw HTML where a table needs it.
 *
 * Texts of records are plain ASCII mathematics: they stand in escaped HTML or in code, never in
 * bare Markdown. Texts of paper_refs.md are Markdown and are passed on. */
#include "report.h"

#include "xp/driver.h"

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

/* " · 12/12 claims", where the role occurs. */
static void score(const report_experiment *e, const char *role, const char *words,
                  FILE *out)
{
    report_counts c = report_count(e, role, NULL);
    if (c.total == 0) return;
    fprintf(out, " · <span class=\"verdict %s\">%d/%d %s</span>", report_mood(&c),
            c.as_expected, c.total, words);
}

/* The two verdicts; before them how the run ended, if not as expected. */
static void verdict_line(const report_experiment *e, FILE *out)
{
    report_counts printed = report_count(e, "printed", NULL),
                  claims = report_count(e, "claim", NULL);
    if (e->status != 0) {
        fprintf(out, " · <span class=\"verdict %s\">", mood_of_status(e->status));
        report_outcome(out, e->status);
        fputs("</span>", out);
    }
    if (e->record == NULL) return;
    bool refuted = printed.total > 0 && printed.as_expected == printed.total;
    fprintf(out, " · as printed <span class=\"verdict %s\">",
            refuted ? "refuted" : report_mood(&printed));
    report_as_printed(e, out);
    fprintf(out, "</span> · as tested <span class=\"verdict %s\">%s</span>",
            report_mood(&claims), report_as_tested(e));
}

/* Where it stands, the verdicts, the claims with the controls beside them, level, time, and what
   restricted the run. */
static void meta_line(const report_experiment *e, FILE *out)
{
    open_html(out);
    fputs("<p class=\"meta\">", out);
    if (e->chapter[0] != '\0') fprintf(out, "%s/", e->chapter);
    fputs(e->name, out);
    verdict_line(e, out);
    score(e, "claim", "claims", out);
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

/* The title of the statement, or of an experiment without a record its name. */
static void heading(const report_experiment *e, FILE *out)
{
    if (e->record != NULL)
        report_markdown(out, report_text(e, "title"));
    else
        report_markdown(out, e->name);
}

static void statement(const report_data *data, const report_experiment *e, FILE *out)
{
    const report_refs *r = report_refs_of(data, e->name);
    fputs("\n### ", out);
    heading(e, out);
    fprintf(out, " {#%s}\n", e->name);
    meta_line(e, out);
    reference(r, REFS_SOURCE, out);
    reference(r, REFS_PRINTED, out);
    reference(r, REFS_TESTED, out);
    reference(r, REFS_ERRATUM, out);
    if (e->record != NULL && report_text(e, "assumption")[0] != '\0')
        fprintf(out, "The target violates an assumption: `%s`\n\n",
                report_text(e, "assumption"));
    if (e->record != NULL && report_text(e, "note")[0] != '\0')
        fprintf(out, "Of this run: `%s`\n\n", report_text(e, "note"));
    if (e->has_figure) {
        fputs("![Prediction and measurement: ", out);
        heading(e, out);
        fprintf(out, "](%s/figure.svg)\n\n", e->name);
    } else if (e->record != NULL)
        fputs("No figure has been drawn.\n\n", out);
    if (e->record != NULL) {
        open_html(out);
        report_checks_html(e, out);
        close_html(out);
    }
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

static const char PREAMBLE[] =
    "---\n"
    "title: scorecheck\n"
    "subtitle: Theory of score-based diffusion models, tested by experiment\n"
    "lang: en\n"
    "---\n\n";

static const char LEGEND[] =
    "**As printed**: in the words of the source. **As tested**: corrected where the\n"
    "print is wrong. A prediction is a region, a measurement an enclosure: inside is\n"
    "SUPPORTED, disjoint REFUTED, neither INCONCLUSIVE. **Controls** are false "
    "variants\n"
    "that the same code must refute. **Tightness** is bound / measured, the least "
    "over\n"
    "the supported bounds; 1.00: attained. An instrument is a tool of the other\n"
    "experiments, which no source states. Numbers are rounded to ten digits; a\n"
    "half-width in parentheses is that of the unrounded number.\n\n";

/* "12 of 12 claims supported, ". */
static void share(const report_data *data, const char *role, const char *words,
                  FILE *out)
{
    report_counts c = report_overall(data, role);
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
    report_counts all = report_overall(data, NULL);
    report_verdict_summary(data, out);
    fprintf(out, "%d of %d experiments run, %d checks: ", recorded, data->n_experiments,
            all.total);
    share(data, "claim", "claims supported", out);
    share(data, "printed", "cases of printed forms refuted", out);
    share(data, "control", "controls refuted", out);
    fprintf(out,
            "%d findings. Probability that any statistical check is wrong by chance: ",
            report_overall(data, "finding").total);
    report_number(out, all.alpha);
    fprintf(out,
            " at most (nominal level of the intervals), of a budget of %g. Computing "
            "time %.0f s.\n\n",
            XP_BUDGET, seconds);
    run_facts(data, out);
}

/* ---- Tables over all statements -------------------------------------------------------- */

static void tightness_row(const report_experiment *e, const char *id, FILE *out)
{
    report_tightness t = report_tightness_of(e, id);
    if (t.n == 0) return;
    fprintf(out, "| [%s](#%s) | %s | ", e->name, e->name, id);
    report_factor(out, t.least);
    const char *member = report_member(t.where);
    fprintf(out, member[0] != '\0' ? " | `%s` | " : " | %s | ", member);
    report_factor(out, t.median);
    fprintf(out, " | %d |\n", t.n);
}

static void tightness_table(const report_data *data, FILE *out)
{
    fputs(
        "\n## How tight the bounds are {#tightness}\n\nBound / measured over the "
        "supported cases of each check; measured is the upper end of the enclosure, so "
        "that the bound exceeds the truth at least so many times.\n\n::: {.scroll "
        ".tightness}\n"
        "| experiment | bound | least | attained at | median | cases |\n"
        "|:---|:---|---:|:---|---:|---:|\n",
        out);
    for (int i = 0; i < data->n_experiments; i++) {
        const report_experiment *e = &data->experiments[i];
        const json_t *table = json_object_get(e->record, "table");
        for (size_t j = 0; j < json_array_size(table); j++)
            tightness_row(
                e, json_string_value(json_object_get(json_array_get(table, j), "id")),
                out);
    }
    fputs(":::\n", out);
}

/* ---- Chapters ---------------------------------------------------------------------------- */

static bool begins_chapter(const report_data *data, int i)
{
    return i == 0 ||
           strcmp(data->experiments[i].chapter, data->experiments[i - 1].chapter) != 0;
}

static const char *chapter_name(const report_experiment *e)
{
    return e->chapter[0] != '\0' ? e->chapter : "other";
}

/* The tables, then a line a chapter with its statements. */
static void contents(const report_data *data, FILE *out)
{
    fputs("::: contents\n- [Verdicts](#verdicts) · [Errata](#errata) · "
          "[Tightness](#tightness)",
          out);
    for (int i = 0; i < data->n_experiments; i++) {
        const report_experiment *e = &data->experiments[i];
        if (begins_chapter(data, i))
            fprintf(out, "\n- [%s](#chapter-%s): ", chapter_name(e), chapter_name(e));
        else
            fputs(" · ", out);
        fprintf(out, "[%s](#%s)", e->name, e->name);
    }
    fputs("\n:::\n\n", out);
}

static void chapter_heading(const report_experiment *e, FILE *out)
{
    const char *topic = report_chapter_topic(e->chapter);
    fprintf(out, "\n## Chapter %s {#chapter-%s .chapter}\n\n", chapter_name(e),
            chapter_name(e));
    if (topic[0] != '\0') fprintf(out, "::: topic\n%s\n:::\n\n", topic);
}

void report_page_md(const report_data *data, FILE *out)
{
    fputs(PREAMBLE, out);
    head(data, out);
    contents(data, out);
    fputs("## Verdicts {#verdicts}\n\n::: {.scroll .verdicts}\n", out);
    report_verdict_table(data, out, true);
    fprintf(out, ":::\n\n%s## Errata {#errata}\n\n", LEGEND);
    report_errata_list(data, out, true);
    tightness_table(data, out);
    for (int i = 0; i < data->n_experiments; i++) {
        if (begins_chapter(data, i)) chapter_heading(&data->experiments[i], out);
        statement(data, &data->experiments[i], out);
    }
}
