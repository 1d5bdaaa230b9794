/* verdicts.tsv, verdicts.md and errata.md. */
#include "report.h"

#include <math.h>
#include <string.h>

/* ---- verdicts.tsv ----------------------------------------------------------- */

static const char *const COLUMNS[] = {"chapter",   "experiment", "check",     "role",
                                      "method",    "verdict",    "expected",  "lo",
                                      "hi",        "region_lo",  "region_hi", "alpha",
                                      "tightness", "detectable"};

static void write_cell(const json_t *v, FILE *out)
{
    if (json_is_string(v))
        fputs(json_string_value(v), out);
    else if (json_is_number(v))
        fprintf(out, "%.17g", json_number_value(v));
}

void report_verdicts_tsv(const report_data *data, FILE *out)
{
    for (int c = 0; c < LEN(COLUMNS); c++)
        fprintf(out, "%s%s", c > 0 ? "\t" : "", COLUMNS[c]);
    fputc('\n', out);
    for (int i = 0; i < data->n_experiments; i++)
        for (int j = 0; j < data->experiments[i].n_rows; j++) {
            for (int c = 0; c < LEN(COLUMNS); c++) {
                if (c > 0) fputc('\t', out);
                write_cell(
                    json_object_get(data->experiments[i].rows[j].json, COLUMNS[c]),
                    out);
            }
            fputc('\n', out);
        }
}

/* ---- verdicts.md ------------------------------------------------------------- */

void report_markdown(FILE *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (strchr("\\`*_{}[]<>|^~$#", *c) != NULL) fputc('\\', out);
        fputc(*c, out);
    }
}

static void link_to(const report_experiment *e, FILE *out, bool links)
{
    fprintf(out, links ? "[%s](#%s)" : "%s", e->name, e->name);
}

/* "REFUTED (3 forms)", in bold if the print was not refuted. */
static void printed_cell(const report_experiment *e, FILE *out)
{
    report_forms f = report_printed_forms(e);
    const char *bold = f.refuted < f.judged ? "**" : "";
    fputs(bold, out);
    report_as_printed(e, out);
    fprintf(out, "%s | ", bold);
}

static void tested_cell(const report_experiment *e, FILE *out)
{
    const char *word = e->status < 0 ? "not run" : report_as_tested(e);
    bool bold = strcmp(word, "REFUTED") == 0 || strcmp(word, "INCONCLUSIVE") == 0;
    fprintf(out, bold ? "**%s** | " : "%s | ", word);
}

/* "12/12": how many ended as expected, in bold unless all did. */
static void share_cell(const report_experiment *e, const char *role, FILE *out)
{
    report_counts c = report_count(e, role, NULL);
    const char *bold = c.as_expected < c.total ? "**" : "";
    if (c.total > 0)
        fprintf(out, "%s%d/%d%s | ", bold, c.as_expected, c.total, bold);
    else
        fputs("– | ", out);
}

static void verdict_row(const report_experiment *e, FILE *out, bool links)
{
    fputs("| ", out);
    if (e->status > 0) {
        fputs("**", out);
        report_outcome(out, e->status);
        fputs(":** ", out);
    }
    link_to(e, out, links);
    fputs(" | ", out);
    report_markdown(out, report_text(e, "title"));
    fputs(" | ", out);
    printed_cell(e, out);
    tested_cell(e, out);
    share_cell(e, "control", out);
    share_cell(e, "claim", out);
    report_factor(out, report_tightness_of(e, NULL).least);
    fputs(" | ", out);
    if (!isnan(e->seconds)) fprintf(out, "%.1f", e->seconds);
    fputs(" |\n", out);
}

/* First the runs that did not end as expected. */
void report_verdict_table(const report_data *data, FILE *out, bool links)
{
    fputs("| experiment | statement | as printed | as tested | controls refuted | "
          "claims supported | tightness | time, s |\n"
          "|:----------------------|:----------------------|:-----------|:-----------|"
          "--------:|--------:|--------:|------:|\n",
          out);
    for (int expected = 0; expected <= 1; expected++)
        for (int i = 0; i < data->n_experiments; i++) {
            const report_experiment *e = &data->experiments[i];
            if ((e->status <= 0) == expected) verdict_row(e, out, links);
        }
}

/* The statements of a source, by their verdicts. */
typedef struct {
    int statements;               /* judged */
    int supported, refuted, open; /* as tested */
    int hold, wrong;              /* as printed */
    int forms, survived;          /* wrong forms that were refuted, and that were not */
    int unexpected;               /* runs, of instruments too */
} tally;

static tally tally_of(const report_data *data)
{
    tally t = {0};
    for (int i = 0; i < data->n_experiments; i++) {
        const report_experiment *e = &data->experiments[i];
        t.unexpected += e->status > 0;
        if (e->record == NULL || report_is_instrument(e)) continue;
        t.statements++;
        report_forms f = report_printed_forms(e);
        const char *tested = report_as_tested(e);
        bool supported = strcmp(tested, "SUPPORTED") == 0,
             refuted = strcmp(tested, "REFUTED") == 0;
        t.supported += supported;
        t.refuted += refuted;
        t.open += strcmp(tested, "INCONCLUSIVE") == 0;
        t.hold += f.listed == 0 && supported;
        t.wrong += f.refuted > 0 || (f.listed == 0 && refuted);
        t.forms += f.refuted;
        t.survived += f.judged - f.refuted;
    }
    return t;
}

void report_verdict_summary(const report_data *data, FILE *out)
{
    tally t = tally_of(data);
    fprintf(out,
            "Of %d statement%s, **as printed** %d are SUPPORTED and %d REFUTED, in %d "
            "form%s",
            t.statements, t.statements == 1 ? "" : "s", t.hold, t.wrong, t.forms,
            t.forms == 1 ? "" : "s");
    if (t.survived > 0) fprintf(out, " (**%d more not refuted**)", t.survived);
    fprintf(out, "; **as tested** %d are SUPPORTED", t.supported);
    if (t.refuted > 0) fprintf(out, ", **%d REFUTED**", t.refuted);
    if (t.open > 0) fprintf(out, ", **%d INCONCLUSIVE**", t.open);
    fputs(".", out);
    if (t.unexpected > 0)
        fprintf(out, " **%d did not end as expected:** they come first.", t.unexpected);
    fputs("\n\n", out);
}

void report_verdicts_md(const report_data *data, FILE *out)
{
    fputs("# Verdicts\n\n", out);
    report_verdict_summary(data, out);
    report_verdict_table(data, out, false);
    fputs(
        "\nAs printed: in the words of the source; the refuted forms are in errata.md. "
        "As tested: corrected where the print is wrong. Controls: false variants, to "
        "be "
        "refuted by the same code. Tightness: bound / measured, the least over the "
        "supported bounds; 1.00: attained.\n",
        out);
}

/* ---- errata.md ---------------------------------------------------------------- */

/* "measured 0.1 at `x=1`, where the print predicts 0: REFUTED in 3 of 3 cases". */
static void write_counterexample(const report_row *r, const report_counts *c, FILE *out)
{
    report_interval(out, r->measured.lo, r->measured.hi);
    if (report_member(r)[0] != '\0') fprintf(out, " at `%s`", report_member(r));
    fputs(", where the print predicts ", out);
    report_interval(out, r->predicted.lo, r->predicted.hi);
    const char *bold = c->as_expected < c->total ? "**" : "";
    fprintf(out, ": %sREFUTED in %d of %d case%s%s", bold, c->as_expected, c->total,
            c->total == 1 ? "" : "s", bold);
}

/* One printed form: what stands there, the numbers against it, what is right. */
static void write_erratum(const report_experiment *e, const json_t *check, FILE *out)
{
    const char *id = json_string_value(json_object_get(check, "id"));
    const char *correction = json_string_value(json_object_get(check, "correction"));
    report_counts c = report_count(e, "printed", id);
    fprintf(out, "**Printed** `%s`\\\n**Measured** ",
            json_string_value(json_object_get(check, "text")));
    write_counterexample(report_farthest(e, id), &c, out);
    fprintf(out, "\\\n**Corrected** `%s`\n\n", correction != NULL ? correction : "");
}

void report_errata_list(const report_data *data, FILE *out, bool links)
{
    for (int i = 0; i < data->n_experiments; i++) {
        const report_experiment *e = &data->experiments[i];
        if (report_printed_forms(e).judged == 0) continue;
        fputs(links ? "### " : "## ", out);
        link_to(e, out, links);
        if (links) fprintf(out, " {#errata-%s}", e->name);
        fputs("\n\n", out);
        report_markdown(out, report_text(e, "title"));
        fputs(". Source: ", out);
        report_markdown(out, report_text(e, "sources"));
        fputs(".\n\n", out);
        const json_t *table = json_object_get(e->record, "table");
        for (size_t j = 0; j < json_array_size(table); j++) {
            const json_t *check = json_array_get(table, j);
            const char *id = json_string_value(json_object_get(check, "id"));
            if (report_count(e, "printed", id).total > 0) write_erratum(e, check, out);
        }
    }
}

void report_errata_md(const report_data *data, FILE *out)
{
    fputs(
        "# Errata\n\nStatements that are false as their source prints them, the "
        "measurement farthest from the print, and the form that was confirmed. Numbers "
        "are rounded to ten digits; a half-width in parentheses is that of the "
        "unrounded number.\n\n",
        out);
    report_errata_list(data, out, false);
}
