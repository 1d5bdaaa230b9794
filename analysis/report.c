/* report -- reads all results of one effort and writes what a reader sees.
 *
 *     report --results DIR --refs paper_refs.md --experiments DIR
 *
 * reads     DIR/NAME/record.json   what experiment NAME measured
 *           DIR/NAME/status        "EXIT SECONDS", if the sweep left one: an experiment that failed
 *                                  has no record but this
 *           DIR/NAME/figure.svg    if there is one
 *           paper_refs.md          the statements; an experiment of it without results is "not run"
 *           CHAPTER/NAME.c         in the folder of --experiments, for the chapter of such a one
 * writes    DIR/verdicts.tsv       one row a member of a check
 *           DIR/verdicts.md        one row an experiment
 *           DIR/errata.md          printed forms that were refuted, with the numbers
 *           DIR/report.md          the page, for
 *
 *     pandoc --from markdown --to html5 --standalone --self-contained --mathml \
 *            --css analysis/page.css --resource-path .:DIR --output DIR/index.html DIR/report.md
 *
 * All four or none: temporary names, then rename. Exit status: 0; 64 usage or no paper_refs.md; 74
 * cannot write; 70, with all four written, if the levels of all checks add up to more than their budget.
 * A record that cannot be read is named on stderr and shown as failed.
 */
#include "report.h"

#include "xp/driver.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *results, *refs, *experiments;
} arguments;

static bool read_arguments(int argc, char **argv, arguments *a)
{
    *a = (arguments){NULL, NULL, NULL};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--results") == 0) a->results = argv[i + 1];
        if (strcmp(argv[i], "--refs") == 0) a->refs = argv[i + 1];
        if (strcmp(argv[i], "--experiments") == 0) a->experiments = argv[i + 1];
    }
    return argc == 7 && a->results != NULL && a->refs != NULL && a->experiments != NULL;
}

static const struct {
    const char *name;
    void (*write)(const report_data *data, FILE *out);
} DOCUMENTS[] = {
    {"verdicts.tsv", report_verdicts_tsv},
    {"verdicts.md", report_verdicts_md},
    {"errata.md", report_errata_md},
    {"report.md", report_page_md},
};

static int write_documents(const report_data *data)
{
    char message[1024];
    char *path[LEN(DOCUMENTS)], *text[LEN(DOCUMENTS)];
    for (int i = 0; i < LEN(DOCUMENTS); i++) {
        size_t length;
        path[i] = xp_format("%s/%s", data->folder, DOCUMENTS[i].name);
        FILE *out = open_memstream(&text[i], &length);
        REQUIRE(out != NULL);
        DOCUMENTS[i].write(data, out);
        REQUIRE(fclose(out) == 0);
    }
    int status = xp_write_all(LEN(DOCUMENTS), path, text, message, sizeof message);
    if (status != 0) fprintf(stderr, "report: %s\n", message);
    for (int i = 0; i < LEN(DOCUMENTS); i++) {
        free(path[i]);
        free(text[i]);
    }
    return status;
}

/* The union bound over all statistical checks. */
static int check_budget(const report_data *data)
{
    const double spent = report_overall(data, NULL).alpha;
    if (spent <= XP_BUDGET) return 0;
    fprintf(
        stderr,
        "report: %s: the levels of all checks add up to %.3g, expected at most %g\n",
        data->folder, spent, XP_BUDGET);
    return XP_FAILED;
}

int main(int argc, char **argv)
{
    arguments a;
    if (!read_arguments(argc, argv, &a)) {
        fputs("report: expected --results DIR --refs paper_refs.md --experiments DIR\n",
              stderr);
        return XP_USAGE;
    }
    report_data data = {.folder = a.results, .sources = a.experiments};
    if (report_refs_read(a.refs, &data.refs, &data.n_refs) != SC_OK) {
        fprintf(stderr, "report: %s: expected a readable paper_refs.md\n", a.refs);
        return XP_USAGE;
    }
    report_load(&data, stderr);
    int status = write_documents(&data);
    if (status == 0) status = check_budget(&data);
    report_unload(&data);
    return status;
}
