/* paper_refs.md: sections "## NAME", each a run of "**Label.** text". */
#include "report.h"

#include "xp/driver.h"

#include <stdlib.h>
#include <string.h>

static const char *const LABELS[REFS_LABELS] = {
    [REFS_SOURCE] = "Source",
    [REFS_PRINTED] = "As printed",
    [REFS_TESTED] = "As tested",
    [REFS_ASSUMPTIONS] = "Assumptions",
    [REFS_CONTROL] = "Control",
    [REFS_ERRATUM] = "Erratum",
    [REFS_BLIND] = "What it cannot detect",
};

const char *report_label_name(report_label label) { return LABELS[label]; }

/* The whole file as a string, or NULL. */
static char *slurp(const char *path)
{
    FILE *in = fopen(path, "r");
    if (in == NULL) return NULL;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    REQUIRE(out != NULL);
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof block, in)) > 0) fwrite(block, 1, n, out);
    bool good = !ferror(in);
    fclose(in);
    REQUIRE(fclose(out) == 0);
    if (good) return text;
    free(text);
    return NULL;
}

/* A copy of [begin, end) without blanks at either end. */
static char *trimmed(const char *begin, const char *end)
{
    while (begin < end && strchr(" \n\t", *begin) != NULL) begin++;
    while (end > begin && strchr(" \n\t", end[-1]) != NULL) end--;
    return xp_format("%.*s", (int)(end - begin), begin);
}

/* The first "**Label.**" in text: where it begins, which it is, where its text begins. */
static const char *next_label(const char *text, report_label *label, const char **body)
{
    const char *first = NULL;
    for (int i = 0; i < REFS_LABELS; i++) {
        char *mark = xp_format("**%s.**", LABELS[i]);
        const char *at = strstr(text, mark);
        if (at != NULL && (first == NULL || at < first)) {
            first = at;
            *label = (report_label)i;
            *body = at + strlen(mark);
        }
        free(mark);
    }
    return first;
}

static void cut_at_labels(const char *text, report_refs *r)
{
    report_label label = REFS_SOURCE;
    const char *body = NULL, *at = next_label(text, &label, &body);
    while (at != NULL) {
        report_label following = REFS_SOURCE;
        const char *next_body = NULL;
        at = next_label(body, &following, &next_body);
        free(r->text[label]);
        r->text[label] = trimmed(body, at != NULL ? at : body + strlen(body));
        label = following;
        body = next_body;
    }
}

int report_refs_read(const char *path, report_refs **refs, int *n)
{
    char *text = slurp(path);
    if (text == NULL) return SC_EIO;
    static const char HEAD[] = "\n## ";
    int count = 0;
    for (const char *s = strstr(text, HEAD); s != NULL; s = strstr(s + 1, HEAD))
        count++;
    report_refs *all = NEW_ARRAY(report_refs, count);
    char *s = strstr(text, HEAD);
    for (report_refs *r = all; s != NULL; r++) {
        char *name = s + strlen(HEAD);
        s = strstr(name, HEAD);
        if (s != NULL) *s = '\0';
        char *line_end = name + strcspn(name, "\n");
        r->name = trimmed(name, line_end);
        cut_at_labels(line_end, r);
        if (s != NULL) *s = '\n';
    }
    free(text);
    *refs = all;
    *n = count;
    return SC_OK;
}

void report_refs_free(report_refs *refs, int n)
{
    for (int i = 0; i < n; i++) {
        free(refs[i].name);
        for (int j = 0; j < REFS_LABELS; j++) free(refs[i].text[j]);
    }
    free(refs);
}

const report_refs *report_refs_of(const report_data *data, const char *name)
{
    for (int i = 0; i < data->n_refs; i++)
        if (strcmp(data->refs[i].name, name) == 0) return &data->refs[i];
    return NULL;
}
