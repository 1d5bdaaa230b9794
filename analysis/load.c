/* The folder of results: one sub-folder an experiment. */
#include "report.h"

#include "xp/driver.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

const char *report_text(const report_experiment *e, const char *key)
{
    return text_of(e->record, key);
}

static const struct {
    const char *name, *topic;
} CHAPTERS[] = {
    {"forward",
     "forward processes, their kernels and discrete chains, semigroup, entropy"},
    {"reversal", "time reversal, probability flow, reparametrisation, consistency"},
    {"matching",
     "score matching: explicit, implicit, sliced, denoising; Tweedie, weights"},
    {"sampling", "schemes and their orders, correctors"},
    {"convergence",
     "bounds in TV, KL and W2: initialisation, discretisation, score error"},
    {"memory", "empirical score, kernel density estimate, memorisation"},
    {"manifold", "Hölder generators: representation, approximation, estimation"},
    {"network", "ReLU constructions and the approximation of the OU semigroup"},
};

int report_chapter_rank(const char *name)
{
    int rank = 0;
    while (rank < LEN(CHAPTERS) && strcmp(CHAPTERS[rank].name, name) != 0) rank++;
    return rank;
}

const char *report_chapter_topic(const char *name)
{
    int rank = report_chapter_rank(name);
    return rank < LEN(CHAPTERS) ? CHAPTERS[rank].topic : "";
}

static report_row row_of(const json_t *json)
{
    report_row r = {.json = json};
    r.check = text_of(json, "check");
    r.id = text_of(json, "id");
    r.role = text_of(json, "role");
    r.method = text_of(json, "method");
    r.verdict = text_of(json, "verdict");
    r.expected = text_of(json, "expected");
    r.reproduce = text_of(json, "reproduce");
    r.measured.lo = report_double(json_object_get(json, "lo"));
    r.measured.hi = report_double(json_object_get(json, "hi"));
    r.measured.alpha = report_double(json_object_get(json, "alpha"));
    r.predicted.lo = report_double(json_object_get(json, "region_lo"));
    r.predicted.hi = report_double(json_object_get(json, "region_hi"));
    r.tightness = report_double(json_object_get(json, "tightness"));
    r.detectable = report_double(json_object_get(json, "detectable"));
    return r;
}

/* What the sweep noted about the run, if it did: exit status and seconds. */
static void read_status(const report_data *data, report_experiment *e)
{
    char *path = xp_format("%s/%s/status", data->folder, e->name), line[64] = "";
    FILE *in = fopen(path, "r");
    free(path);
    if (in == NULL) return;
    char *got = fgets(line, sizeof line, in);
    fclose(in);
    if (got == NULL) return;
    char *rest;
    e->status = (int)strtol(line, &rest, 10);
    if (isnan(e->seconds)) e->seconds = strtod(rest, NULL);
}

static void read_record(const report_data *data, report_experiment *e, FILE *err)
{
    char *path = xp_format("%s/%s/record.json", data->folder, e->name);
    json_error_t error;
    if (access(path, F_OK) == 0) {
        e->record = json_load_file(path, 0, &error);
        e->status = XP_FAILED;
        if (e->record == NULL)
            fprintf(err, "report: %s: line %d: %s; run %s again\n", path, error.line,
                    error.text, e->name);
    }
    free(path);
    if (e->record == NULL) return;
    e->status = (int)json_integer_value(json_object_get(e->record, "exit_status"));
    const json_t *run = json_object_get(e->record, "run");
    e->seconds = report_double(json_object_get(run, "wall_seconds"));
    const json_t *checks = json_object_get(e->record, "checks");
    e->n_rows = (int)json_array_size(checks);
    e->rows = NEW_ARRAY(report_row, e->n_rows);
    for (int i = 0; i < e->n_rows; i++)
        e->rows[i] = row_of(json_array_get(checks, (size_t)i));
}

/* The chapter that holds the source of an experiment, or "". */
static const char *chapter_of_source(const char *sources, const char *name)
{
    for (int i = 0; i < LEN(CHAPTERS); i++) {
        char *path = xp_format("%s/%s/%s.c", sources, CHAPTERS[i].name, name);
        bool found = access(path, F_OK) == 0;
        free(path);
        if (found) return CHAPTERS[i].name;
    }
    return "";
}

static void read_experiment(const report_data *data, const char *name, FILE *err,
                            report_experiment *e)
{
    *e = (report_experiment){
        .name = xp_format("%s", name), .chapter = "", .status = -1, .seconds = NAN};
    read_record(data, e, err);
    read_status(data, e);
    e->chapter = e->record != NULL ? report_text(e, "chapter")
                                   : chapter_of_source(data->sources, name);
    char *figure = xp_format("%s/%s/figure.svg", data->folder, name);
    e->has_figure = access(figure, R_OK) == 0;
    free(figure);
}

/* A sub-folder that an experiment or the sweep wrote, and that paper_refs.md does not name. */
static int is_other(const char *folder, const char *name, const report_data *data)
{
    if (name[0] == '.' || report_refs_of(data, name) != NULL) return 0;
    char *record = xp_format("%s/%s/record.json", folder, name);
    int found = access(record, F_OK) == 0;
    free(record);
    return found;
}

/* Puts them in the order of the chapters, keeping their order in each. */
static void sort_by_chapter(report_experiment *e, int n)
{
    for (int i = 1; i < n; i++) {
        report_experiment moved = e[i];
        int rank = report_chapter_rank(moved.chapter), j = i;
        for (; j > 0 && report_chapter_rank(e[j - 1].chapter) > rank; j--)
            e[j] = e[j - 1];
        e[j] = moved;
    }
}

void report_load(report_data *data, FILE *err)
{
    struct dirent **entries = NULL;
    int n_entries = scandir(data->folder, &entries, NULL, alphasort);
    if (n_entries < 0) n_entries = 0;
    data->experiments = NEW_ARRAY(report_experiment, data->n_refs + n_entries);
    data->n_experiments = 0;
    for (int i = 0; i < data->n_refs; i++)
        read_experiment(data, data->refs[i].name, err,
                        &data->experiments[data->n_experiments++]);
    for (int i = 0; i < n_entries; i++) {
        const char *name = entries[i]->d_name;
        if (is_other(data->folder, name, data))
            read_experiment(data, name, err, &data->experiments[data->n_experiments++]);
        free(entries[i]);
    }
    free(entries);
    sort_by_chapter(data->experiments, data->n_experiments);
}

void report_unload(report_data *data)
{
    for (int i = 0; i < data->n_experiments; i++) {
        free(data->experiments[i].name);
        free(data->experiments[i].rows);
        json_decref(data->experiments[i].record);
    }
    free(data->experiments);
    report_refs_free(data->refs, data->n_refs);
}
