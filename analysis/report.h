/* What the report program reads, and the documents it makes of it. */
#ifndef SC_ANALYSIS_REPORT_H
#define SC_ANALYSIS_REPORT_H

#include "base.h"
#include "claim.h"
#include "enclosure.h"

#include <jansson.h>
#include <stdio.h>

/* One member of a check; its texts are borrowed from the record. */
typedef struct {
    const json_t *json;
    const char *check, *id, *role, *method, *verdict, *expected, *reproduce;
    enclosure measured;
    region predicted;             /* NaN for a finding */
    double tightness, detectable; /* NaN where they do not apply */
} report_row;

typedef struct {
    char *name; /* owned */
    const char *
        chapter; /* of an experiment without a record: the folder of its source, or "" */
    json_t *record; /* NULL: not run, or failed; owned */
    int status;     /* of the run; -1: not run */
    double seconds; /* NaN if unknown */
    report_row *rows;
    int n_rows;
    bool has_figure;
} report_experiment;

/* A section "## NAME" of paper_refs.md, cut at its bold labels. */
typedef enum {
    REFS_SOURCE,
    REFS_PRINTED,
    REFS_TESTED,
    REFS_ASSUMPTIONS,
    REFS_CONTROL,
    REFS_ERRATUM,
    REFS_BLIND, /* what it cannot detect */
    REFS_LABELS
} report_label;

typedef struct {
    char *name;              /* owned */
    char *text[REFS_LABELS]; /* Markdown after the label, or NULL; owned */
} report_refs;

typedef struct {
    const char *folder;  /* results/EFFORT; borrowed */
    const char *sources; /* holds CHAPTER/NAME.c; borrowed */
    report_refs *refs;   /* in the order of paper_refs.md */
    int n_refs;
    report_experiment
        *experiments; /* by chapter; in one, those of refs in their order */
    int n_experiments;
} report_data;

/* ---- Reading (load.c, refs.c) -------------------------------------------- */

/* Sections of the file at path; SC_EIO if it cannot be read. Caller frees. */
BASE_MUST_USE int report_refs_read(const char *path, report_refs **refs, int *n);
void report_refs_free(report_refs *refs, int n);
const report_refs *report_refs_of(const report_data *data, const char *name);
/* The Markdown label, "As printed". */
const char *report_label_name(report_label label);

/* The experiments of data->refs and all others in data->folder. Complaints about unreadable
   records go to err, one line each. */
void report_load(report_data *data, FILE *err);
void report_unload(report_data *data);

/* What a chapter is about, and its place among the chapters; "" and the last place for a name that
   is none. */
const char *report_chapter_topic(const char *name);
int report_chapter_rank(const char *name);

/* A text of the record, or "". */
const char *report_text(const report_experiment *e, const char *key);

/* ---- Summaries (summary.c) ------------------------------------------------ */

typedef struct {
    int total, as_expected, open; /* open: INCONCLUSIVE */
    double alpha;                 /* false-alarm probability spent */
} report_counts;

/* Over the rows whose role and id are these; NULL stands for any. */
report_counts report_count(const report_experiment *e, const char *role,
                           const char *id);
/* Sums of that over all experiments. */
report_counts report_overall(const report_data *data, const char *role);
bool report_as_expected(const report_row *r);

/* The verdict on the statement as tested: SUPPORTED if every claim is, REFUTED if one is, else
   INCONCLUSIVE; "–" where nothing claimed was judged. */
const char *report_as_tested(const report_experiment *e);

/* The forms of a statement that its source prints and that are wrong: the checks of role
   printed, those judged, and those of them with every case REFUTED. */
typedef struct {
    int listed, judged, refuted;
} report_forms;
report_forms report_printed_forms(const report_experiment *e);
/* The verdict on the statement as printed, "REFUTED (3 forms)". With no wrong form listed it is
   tested as printed. "instrument" where no source states it. */
void report_as_printed(const report_experiment *e, FILE *out);
bool report_is_instrument(const report_experiment *e);

/* Tightness, bound/measured, of the supported claims that are bounds. */
typedef struct {
    int n;
    double least, median;    /* NaN if n = 0 */
    const report_row *where; /* the least is attained; NULL if n = 0 */
} report_tightness;
report_tightness report_tightness_of(const report_experiment *e, const char *id);

/* "t=0.1" of the check "constant/t=0.1"; "" where a check has one nameless member. */
const char *report_member(const report_row *r);
/* Distance of the enclosure from its region, in units of the region's finite ends: positive when
   they are disjoint, negative (how far inside) when SUPPORTED, 0 or NaN otherwise. */
double report_distance(const report_row *r);
/* The member that comes closest to the other verdict (what a reader should look at), and the
   one farthest from its region; NULL if there is none. */
const report_row *report_closest(const report_experiment *e, const char *id);
const report_row *report_farthest(const report_experiment *e, const char *id);
/* "as expected", "CONTROL SURVIVED (exit 3)", "FAILED (exit 70)", "not run". */
void report_outcome(FILE *out, int status);

/* ---- Numbers (numbers.c) --------------------------------------------------- */

/* "0.01241 ± 3·10⁻⁷", "0.07913393585 (± 9·10⁻¹⁸)", "[1, 5]", "≤ 2", "≥ 0.97", "–". Ten digits at
   most: in parentheses is the half-width of a midpoint that had to be rounded for that. */
void report_interval(FILE *out, double lo, double hi);
/* A level or a time in three digits at most, a tightness in exactly three; "" for NaN. */
void report_number(FILE *out, double v);
void report_factor(FILE *out, double v);
/* A JSON number, "nan", "inf", "-inf"; null is NaN. */
double report_double(const json_t *v);

/* ---- Documents ---------------------------------------------------------------- */

void report_verdicts_tsv(const report_data *data, FILE *out);
void report_verdicts_md(const report_data *data, FILE *out);
void report_errata_md(const report_data *data, FILE *out);
void report_page_md(const report_data *data, FILE *out);

/* Plain text as HTML, and as Markdown. */
void report_html(FILE *out, const char *text);
void report_markdown(FILE *out, const char *text);
/* The checks of one experiment as HTML tables. */
void report_checks_html(const report_experiment *e, FILE *out);
/* "ok", "open" or "bad": how verdicts compare with what was expected, for the style sheet. */
const char *report_mood(const report_counts *c);

/* Shared by the files of their own and the page, which links to its sections. */
void report_verdict_summary(const report_data *data, FILE *out);
void report_verdict_table(const report_data *data, FILE *out, bool links);
void report_errata_list(const report_data *data, FILE *out, bool links);

#endif
