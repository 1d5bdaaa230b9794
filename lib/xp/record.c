/* record.json. */
#include "rank.h"
#include "xp/driver.h"

#include <cblas.h>
#include <fftw3.h>
#include <gsl/gsl_version.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef __clang__
static const char COMPILER[] = __VERSION__; /* begins with its name */
#else
static const char COMPILER[] = "gcc " __VERSION__;
#endif

/* A number; NaN and infinities, which JSON lacks, as "nan", "inf", "-inf". */
static json_t *number(double v)
{
    if (isnan(v)) return json_string("nan");
    if (isinf(v)) return json_string(v > 0.0 ? "inf" : "-inf");
    return json_real(v);
}

/* null stands for "does not apply". */
static json_t *optional(double v) { return isnan(v) ? json_null() : number(v); }

static void put(json_t *object, const char *key, json_t *value)
{
    REQUIRE(json_object_set_new(object, key, value) == 0);
}

static void put_text(json_t *object, const char *key, const char *text)
{
    put(object, key, text != NULL ? json_string(text) : json_null());
}

/* The line that reproduces member m; a run on the user's target names the file, too. */
char *xp_reproduce(const xp *x, const xp_member *m)
{
    const xp_options *o = &x->options;
    char *line = xp_format(
        "build/release/experiments/%s/%s --%s --seed %lld --only '%s'", x->chapter,
        x->name, o->full ? "full" : "quick", (long long)o->seed, m->name);
    if (o->target == NULL) return line;
    char *longer = xp_format("%s --target '%s'", line, o->target);
    free(line);
    return longer;
}

/* The columns of verdicts.tsv by the same names, then the member's check and its reproduce
   line. */
static json_t *member_json(const xp *x, const xp_member *m)
{
    const xp_check *c = &x->info->checks[m->check];
    json_t *row = json_object();
    put_text(row, "chapter", x->chapter);
    put_text(row, "experiment", x->name);
    put_text(row, "check", m->name);
    put_text(row, "role", xp_role_name(c->role));
    put_text(row, "method", method_name(c->how));
    put_text(row, "verdict", xp_outcome_name(x, m));
    put_text(row, "expected", xp_expected_name(x, m));
    put(row, "lo", number(m->measured.lo));
    put(row, "hi", number(m->measured.hi));
    bool has_region = c->role != xp_finding && m->judged;
    put(row, "region_lo", has_region ? number(m->predicted.lo) : json_null());
    put(row, "region_hi", has_region ? number(m->predicted.hi) : json_null());
    put(row, "alpha", number(m->measured.alpha));
    put(row, "tightness", optional(m->tightness));
    put(row, "detectable", optional(xp_detectable(m)));
    put_text(row, "id", c->id);
    char *line = xp_reproduce(x, m);
    put_text(row, "reproduce", line);
    free(line);
    return row;
}

static json_t *check_json(const xp *x, int check)
{
    const xp_check *c = &x->info->checks[check];
    const xp_member *tightest = xp_tightest(x, check);
    json_t *object = json_object();
    put_text(object, "id", c->id);
    put_text(object, "role", xp_role_name(c->role));
    put_text(object, "method", method_name(c->how));
    put_text(object, "text", c->text);
    put_text(object, "correction", c->correction);
    put(object, "tightness", optional(tightest ? tightest->tightness : (double)NAN));
    put_text(object, "attained", tightest ? tightest->name : NULL);
    return object;
}

/* The commit the build was made from: one line of a file the build writes. */
static void commit_of_build(char *line, int capacity)
{
    snprintf(line, (size_t)capacity, "unknown");
    FILE *in = fopen(XP_COMMIT_FILE, "r");
    if (in == NULL) return;
    if (fgets(line, capacity, in) != NULL) line[strcspn(line, "\n")] = '\0';
    fclose(in);
}

/* Facts of this run, not of the result: the only part that may differ between
   repetitions. */
static json_t *run_json(double wall_seconds)
{
    enum { TEXT = 256 };
    char host[TEXT] = "unknown", date[TEXT] = "unknown", commit[TEXT];
    gethostname(host, sizeof host - 1);
    time_t t = time(NULL);
    struct tm utc;
    if (gmtime_r(&t, &utc) != NULL)
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc);
    commit_of_build(commit, sizeof commit);

    json_t *run = json_object(), *versions = json_object();
    put(run, "wall_seconds", number(wall_seconds));
    put(run, "threads", json_integer(omp_get_max_threads()));
    put(run, "ranks", json_integer(rank_count()));
    put_text(run, "date", date);
    put_text(run, "host", host);
    put_text(run, "compiler", COMPILER);
    put_text(run, "commit", commit);
    put_text(versions, "gsl", gsl_version);
    put_text(versions, "fftw", fftw_version);
    put_text(versions, "openblas", openblas_get_config());
    put_text(versions, "jansson", jansson_version_str());
    put(run, "versions", versions);
    return run;
}

json_t *xp_record_json(const xp *x, double wall_seconds)
{
    json_t *record = json_object(), *table = json_array(), *checks = json_array();
    put_text(record, "chapter", x->chapter);
    put_text(record, "experiment", x->name);
    put_text(record, "title", x->info->title);
    put_text(record, "statement", x->info->statement);
    put_text(record, "sources", x->info->sources);
    put_text(record, "effort", x->options.full ? "full" : "quick");
    put(record, "seed", json_integer(x->options.seed));
    put_text(record, "only", x->options.only);
    put_text(record, "target", x->options.target);
    put_text(record, "assumption", x->assumption);
    put_text(record, "note", x->note);
    put(record, "exit_status", json_integer(xp_status(x)));
    for (int i = 0; i < x->info->n_checks; i++)
        REQUIRE(json_array_append_new(table, check_json(x, i)) == 0);
    put(record, "table", table);
    for (int i = 0; i < x->n_members; i++)
        REQUIRE(json_array_append_new(checks, member_json(x, &x->members[i])) == 0);
    put(record, "checks", checks);
    put(record, "run", run_json(wall_seconds));
    return record;
}
