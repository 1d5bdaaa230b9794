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

static void write_share(const report_experiment *e, const char *role, FILE *out)
{
    report_counts c = report_count(e, role, NULL);
    if (c.total > 0)
        fprintf(out, " %d/%d |", c.as_expected, c.total);
    else
        fputs(" – |", out);
}

void report_verdict_table(const report_data *data, FILE *out, bool links)
{
    fputs("| experiment | verdict | claims supported | printed refuted | controls "
          "refuted | "
          "loosest bound | time, s |\n"
          "|:---|:---|---:|---:|---:|---:|---:|\n",
          out);
    for (int i = 0; i < data->n_experiments; i++) {
        const report_experiment *e = &data->experiments[i];
        if (links)
            fprintf(out, "| [%s](#%s) | ", e->name, e->name);
        else
            fprintf(out, "| %s | ", e->name);
        report_outcome(out, e->status);
        fputs(" |", out);
        write_share(e, "claim", out);
        write_share(e, "printed", out);
        write_share(e, "control", out);
        fputc(' ', out);
        report_number(out, report_count(e, "claim", NULL).loosest);
        fputs(" | ", out);
        if (!isnan(e->seconds)) fprintf(out, "%.1f", e->seconds);
        fputs(" |\n", out);
    }
}

void report_verdicts_md(const report_data *data, FILE *out)
{
    fputs("# Verdicts\n\n", out);
    report_verdict_table(data, out, false);
    fputs("\nLoosest bound: the largest factor by which a supported bound exceeds what "
          "was "
          "measured.\n",
          out);
}

/* ---- errata.md ---------------------------------------------------------------- */

/* One refuted printed form: what stands there, the numbers against it, what is right. */
static void write_erratum(const report_experiment *e, const json_t *check, bool link,
                          FILE *out)
{
    const char *id = json_string_value(json_object_get(check, "id"));
    const report_row *r = report_farthest(e, id);
    report_counts c = report_count(e, "printed", id);
    if (r == NULL) return;
    if (link)
        fprintf(out, "### [%s](#%s): %s\n\n", e->name, e->name, id);
    else
        fprintf(out, "### %s: %s\n\n", e->name, id);
    fprintf(out, "**As printed** (%s). `%s`\n\n", report_text(e, "sources"),
            json_string_value(json_object_get(check, "text")));
    fputs("**Counterexample.** The print predicts ", out);
    report_interval(out, r->predicted.lo, r->predicted.hi);
    fputs("; measured ", out);
    report_interval(out, r->measured.lo, r->measured.hi);
    if (report_member(r)[0] != '\0') fprintf(out, " at `%s`", report_member(r));
    fprintf(out, ": %s; %d of %d cases REFUTED.\n\n", r->verdict, c.as_expected,
            c.total);
    const char *correction = json_string_value(json_object_get(check, "correction"));
    fprintf(out, "**Corrected.** `%s`\n\n", correction != NULL ? correction : "");
}

void report_errata_list(const report_data *data, FILE *out, bool links)
{
    for (int i = 0; i < data->n_experiments; i++) {
        const report_experiment *e = &data->experiments[i];
        const json_t *table = json_object_get(e->record, "table");
        for (size_t j = 0; j < json_array_size(table); j++) {
            const json_t *check = json_array_get(table, j);
            const char *role = json_string_value(json_object_get(check, "role"));
            if (role != NULL && strcmp(role, "printed") == 0)
                write_erratum(e, check, links, out);
        }
    }
}

void report_errata_md(const report_data *data, FILE *out)
{
    fputs("# Errata\n\nStatements that are false as their source prints them, the "
          "measurement "
          "that shows it, and the form that was confirmed.\n\n",
          out);
    report_errata_list(data, out, false);
}
