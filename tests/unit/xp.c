/* The driver without its main: exit status, --only, records, the command line, target files. */
#include "check.h"

#include "xp/driver.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CLAIM, SAMPLED, PRINTED, CONTROL, FINDING };

static const xp_check CHECKS[] = {
    [CLAIM] = {xp_claim, EXACT_LAW, "order", "order at least 1", NULL},
    [SAMPLED] = {xp_claim, MONTE_CARLO, "order-sampled", "order at least 1", NULL},
    [PRINTED] = {xp_printed, QUADRATURE, "as-printed", "order 2", "order 1"},
    [CONTROL] = {xp_control, CLOSED_FORM, "sign-slip", "wrong by 4", NULL},
    [FINDING] = {xp_finding, EXACT_LAW, "constant", "observed constant", NULL},
};
static const xp_info INFO = {.title = "A title",
                             .statement = "A statement",
                             .sources = "A source",
                             .columns = "h kl",
                             .checks = CHECKS,
                             .n_checks = LEN(CHECKS),
                             .takes_target = true};

static xp *open_run(const char *only)
{
    xp_options o = {.seed = 1, .only = only};
    return xp_open("fixture", "sampling", &INFO, &o);
}

static const region SOME = {0.0, 1.0};

/* Judges every check as it should be, but for `odd` (ALL: no exception). */
enum { ALL = -1 };

static xp *judge_all(const char *only, int odd, enclosure measured)
{
    xp *x = open_run(only);
    enclosure in = enclosure_exact(0.5), out = enclosure_exact(5.0);
    enclosure good[] = {in, enclosure_of(0.5, 0.625, 1e-6), out, out, in};
    if (odd != ALL) good[odd] = measured;
    xp_judge(x, CLAIM, good[CLAIM], SOME, "h=%g", 0.5);
    xp_judge(x, SAMPLED, good[SAMPLED], SOME, "h=%g", 0.5);
    xp_judge(x, PRINTED, good[PRINTED], SOME, NULL);
    xp_judge(x, CONTROL, good[CONTROL], SOME, "h=%g", 0.5);
    xp_record(x, FINDING, good[FINDING], NULL);
    return x;
}

static int settled_status(xp *x)
{
    FILE *null = fopen("/dev/null", "w");
    assert_non_null(null);
    xp_settle(x, null);
    fclose(null);
    int status = xp_status(x);
    xp_close(x);
    return status;
}

static void exit_status(void **state)
{
    (void)state;
    enclosure in = enclosure_exact(0.5), out = enclosure_exact(5.0);
    enclosure across = enclosure_of(0.5, 5.0, 0.0), nan = {NAN, NAN, 0.0};
    const struct {
        enclosure measured;
        int check, status;
    } cases[] = {
        {in, ALL, 0},         {out, CLAIM, 1},      {across, CLAIM, 2},
        {in, PRINTED, 1},     {across, PRINTED, 2}, {in, CONTROL, 3},
        {across, CONTROL, 3}, {out, FINDING, 0},    {nan, CLAIM, 70},
        {nan, CONTROL, 70},   {nan, FINDING, 70},
    };
    for (int i = 0; i < LEN(cases); i++)
        assert_int_equal(
            settled_status(judge_all(NULL, cases[i].check, cases[i].measured)),
            cases[i].status);
}

static void worst_wins(void **state)
{
    (void)state;
    static const int ORDER[] = {70, 74, 64, 3, 1, 2, 0};
    for (int i = 0; i < LEN(ORDER); i++)
        for (int j = i; j < LEN(ORDER); j++) {
            assert_int_equal(xp_worse(ORDER[i], ORDER[j]), ORDER[i]);
            assert_int_equal(xp_worse(ORDER[j], ORDER[i]), ORDER[i]);
        }
}

static void never_judged(void **state)
{
    (void)state;
    xp *x = open_run(NULL);
    xp_judge(x, CLAIM, enclosure_exact(0.5), SOME, NULL);
    assert_int_equal(settled_status(x), 70);
    x = open_run("order");
    xp_judge(x, CLAIM, enclosure_exact(0.5), SOME, NULL);
    assert_int_equal(settled_status(x), 0);
}

static void only(void **state)
{
    (void)state;
    const struct {
        const char *glob;
        int members, wanted;
    } cases[] = {
        {"order", 1, 1},
        {"order*", 2, 2},
        {"order/h=0.5", 1, 1},
        {"*h=0.5", 3, LEN(CHECKS)},
        {"*/h=?.5", 3, LEN(CHECKS)},
        {"sign-slip/*", 1, 1},
        {"constant", 1, 1},
        {"order/h=7", 0, 1},
        {"[ac]*", 2, 2},
        {"nothing", 0, 0},
    };
    for (int i = 0; i < LEN(cases); i++) {
        xp *x = judge_all(cases[i].glob, ALL, enclosure_exact(0.0));
        assert_int_equal(x->n_members, cases[i].members);
        int wanted = 0;
        for (int c = 0; c < LEN(CHECKS); c++) wanted += xp_wants(x, c);
        assert_int_equal(wanted, cases[i].wanted);
        assert_int_equal(xp_wants(x, FINDING, CONTROL, PRINTED, SAMPLED, CLAIM),
                         cases[i].wanted > 0);
        assert_int_equal(settled_status(x), cases[i].members > 0 ? 0 : 64);
    }
}

/* Members by what their names begin with: left out only if no name that begins so can match. */
static void only_members(void **state)
{
    (void)state;
    const struct {
        const char *glob, *begin;
        bool order, others; /* wanted of "order"; of at least one of all other checks */
    } cases[] = {
        {"order", "h=1", true, false},
        {"order/h=0.5", "h=", true, false},
        {"order/h=0.5", "h=0.5", true, false},
        {"order/h=0.5", "h=0.7", false, false},
        {"order/h=0.5", "h=0.5 N=2", false, false},
        {"order/h=?.5*", "h=0.5 N=2", true, false},
        {"order/h=[12]*", "h=3", false, false},
        {"*h=0.5", "h=0.7", true, true},
        {"*/h=0.5", "n=1", true, true},
        {"sign-slip/h=1", "h=1", false, true},
        {"order*", "", true, true},
        {"nothing", "", false, false},
    };
    for (int i = 0; i < LEN(cases); i++) {
        xp *x = open_run(cases[i].glob);
        bool others = false;
        for (int c = 0; c < LEN(CHECKS); c++)
            if (strcmp(CHECKS[c].id, "order") == 0)
                assert_int_equal(xp_wants_named(x, cases[i].begin, c), cases[i].order);
            else
                others = others || xp_wants_members(x, XP_SET(c), "%s", cases[i].begin);
        assert_int_equal(others, cases[i].others);
        xp_close(x);
    }
    xp *all = open_run(NULL);
    assert_true(xp_wants_named(all, "anything", CLAIM, CONTROL));
    xp_close(all);
}

/* A bound may be attained with equality up to rounding; the tightness is bound/measured. */
static void bounds(void **state)
{
    (void)state;
    xp *x = open_run(NULL);
    assert_int_equal(xp_bound(x, CLAIM, enclosure_exact(2.0), 2.0 * (1 - 5e-10), "a"),
                     SUPPORTED);
    assert_int_equal(xp_bound(x, CLAIM, enclosure_exact(2.0), 2.0 * (1 - 2e-9), "b"),
                     REFUTED);
    assert_int_equal(xp_bound(x, CLAIM, enclosure_exact(-2.0), -2.0, "c"), SUPPORTED);
    assert_int_equal(xp_bound(x, CLAIM, enclosure_exact(-1.9), -2.0, "d"), REFUTED);
    assert_int_equal(xp_bound(x, CLAIM, enclosure_of(1.0, 4.0, 0), 8.0, "e"),
                     SUPPORTED);
    assert_int_equal(xp_bound(x, CLAIM, enclosure_of(1.0, 4.0, 0), 3.0, "f"),
                     INCONCLUSIVE);
    assert_near(x->members[4].tightness, 2.0, 0.0);
    assert_true(
        isnan(x->members[2].tightness)); /* a ratio of negative numbers says nothing */
    xp_close(x);
}

static void assumption(void **state)
{
    (void)state;
    xp *x = open_run(NULL);
    x->target = gmm_new(1, 1, (double[]){1.0}, (double[]){0.0}, 1, (double[]){1.0});
    xp_judge(x, CLAIM, enclosure_exact(0.5), SOME, NULL);
    xp_assumption_fails(x, "variance %g > 1", 4.0);
    xp_settle(x, stderr);
    assert_int_equal(x->n_members, LEN(CHECKS));
    for (int i = 1; i < LEN(CHECKS); i++)
        assert_string_equal(xp_outcome_name(x, &x->members[i]), "INCONCLUSIVE");
    assert_int_equal(xp_status(x), 2); /* not 3: the control was not at fault */
    assert_string_equal(x->assumption, "variance 4 > 1");
    xp_close(x);
}

/* A note is kept for the record, the last one; data stand in the folder data/. */
static void notes_and_data(void **state)
{
    (void)state;
    xp *x = open_run(NULL);
    assert_null(x->note);
    xp_note(x, "first");
    xp_note(x, "no %s", "digits");
    json_t *record = xp_record_json(x, 0.0);
    assert_string_equal(json_string_value(json_object_get(record, "note")),
                        "no digits");
    json_decref(record);
    xp_close(x);
    char *path = xp_data_path("digits.csv");
    const char *end = strstr(path, "/data/digits.csv");
    assert_true(end != NULL && strlen(end) == strlen("/data/digits.csv"));
    free(path);
}

/* Statements about laws on the line leave a target in the plane alone, and say so. */
static void line_only(void **state)
{
    (void)state;
    for (int d = 0; d <= 2; d++) {
        xp *x = open_run(NULL);
        if (d > 0)
            x->target = gmm_new(1, d, (double[]){1.0}, (double[]){0.0, 0.0}, d,
                                (double[]){1.0});
        assert_int_equal(xp_target_on_line(x), d < 2);
        if (d == 2) assert_non_null(strstr(x->assumption, "d = 2"));
        if (d < 2) assert_null(x->assumption);
        xp_close(x);
    }
}

static void tables(void **state)
{
    (void)state;
    xp *x = open_run(NULL);
    char *text = xp_table_text(x);
    assert_string_equal(text, "h\tkl\n");
    free(text);
    xp_row(x, "%g  %.17g", 0.5, 0.1);
    xp_row(x, "%g %s", 0.25, "nan");
    text = xp_table_text(x);
    assert_string_equal(text, "h\tkl\n0.5\t0.10000000000000001\n0.25\tnan\n");
    free(text);
    xp_close(x);
}

static void points(void **state)
{
    (void)state;
    xp *x = open_run(NULL);
    xp_info info = *x->info;
    info.columns = "series x value lo hi";
    x->info = &info;
    xp_point(x, "tv", 0.5, enclosure_of(1.0, 2.0, 1e-6));
    char *text = xp_table_text(x);
    assert_non_null(strstr(text, "\ntv\t0.5\t1.5\t1\t2\n"));
    free(text);
    xp_close(x);
}

static const char *string_at(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static void records(void **state)
{
    (void)state;
    xp *x = judge_all(NULL, CLAIM, enclosure_of(-(double)INFINITY, 0.5, 0.0));
    json_t *record = xp_record_json(x, 1.5);
    const json_t *checks = json_object_get(record, "checks");
    assert_int_equal(json_array_size(checks), LEN(CHECKS));
    assert_int_equal(json_array_size(json_object_get(record, "table")), LEN(CHECKS));

    const json_t *claim = json_array_get(checks, CLAIM);
    assert_string_equal(string_at(claim, "check"), "order/h=0.5");
    assert_string_equal(string_at(claim, "role"), "claim");
    assert_string_equal(string_at(claim, "method"), "exact-law");
    assert_string_equal(string_at(claim, "verdict"), "INCONCLUSIVE");
    assert_string_equal(string_at(claim, "expected"), "SUPPORTED");
    assert_string_equal(string_at(claim, "lo"), "-inf");
    assert_true(json_is_null(json_object_get(claim, "detectable")));
    assert_true(json_is_null(json_object_get(claim, "tightness")));
    assert_string_equal(
        string_at(claim, "reproduce"),
        "build/release/experiments/sampling/fixture --quick --seed 1 --only "
        "'order/h=0.5'");

    const json_t *sampled = json_array_get(checks, SAMPLED);
    assert_near(json_real_value(json_object_get(sampled, "detectable")), 0.125, 0.0);
    assert_near(json_real_value(json_object_get(sampled, "alpha")), 1e-6, 0.0);
    const json_t *finding = json_array_get(checks, FINDING);
    assert_string_equal(string_at(finding, "verdict"), "RECORDED");
    assert_string_equal(string_at(finding, "expected"), "RECORDED");
    assert_true(json_is_null(json_object_get(finding, "region_lo")));
    assert_int_equal(json_integer_value(json_object_get(record, "exit_status")), 2);

    /* All that may differ between repetitions is in "run". */
    json_t *again = xp_record_json(x, 2.5);
    assert_false(json_equal(record, again));
    json_object_del(record, "run");
    json_object_del(again, "run");
    assert_true(json_equal(record, again));
    json_decref(again);
    json_decref(record);
    xp_close(x);
}

/* The least tightness counts where the bound held, and of equal ones the first. */
static void tightest(void **state)
{
    (void)state;
    xp *x = open_run(NULL);
    assert_null(xp_tightest(x, CLAIM));
    const double bound[] = {-1.0, 6.0, 3.0, 3.0, 1.5};
    for (int i = 0; i < LEN(bound); i++)
        xp_bound(x, CLAIM, enclosure_exact(2.0 - (i == 0) * 4.0), bound[i], "%d", i);
    assert_ptr_equal(xp_tightest(x, CLAIM), &x->members[2]);
    xp_bound(x, CONTROL, enclosure_exact(2.0), 3.0, "control");
    assert_null(xp_tightest(x, CONTROL));
    json_t *record = xp_record_json(x, 0.0);
    const json_t *check = json_array_get(json_object_get(record, "table"), CLAIM);
    assert_near(json_real_value(json_object_get(check, "tightness")), 1.5, 0.0);
    assert_string_equal(string_at(check, "attained"), x->members[2].name);
    check = json_array_get(json_object_get(record, "table"), CONTROL);
    assert_true(json_is_null(json_object_get(check, "attained")));
    json_decref(record);
    xp_close(x);
}

static void streams(void **state)
{
    (void)state;
    xp *x = open_run(NULL);
    rng_key a = xp_stream(x, "t=%g", 0.5), b = rng_key_of(1, "fixture/t=0.5");
    assert_memory_equal(&a, &b, sizeof a);
    x->options.seed = 2;
    rng_key c = xp_stream(x, "t=%g", 0.5);
    assert_memory_not_equal(&a, &c, sizeof a);
    assert_int_equal(xp_effort(x, 3, 7), 3);
    x->options.full = true;
    assert_int_equal(xp_effort(x, 3, 7), 7);
    xp_close(x);
}

/* ---- The command line --------------------------------------------------- */

static int parse(xp_options *o, char *message, const char *a, const char *b)
{
    enum { WORD = 64 };
    char words[3][WORD];
    snprintf(words[0], WORD, "fixture");
    snprintf(words[1], WORD, "%s", a != NULL ? a : "");
    snprintf(words[2], WORD, "%s", b != NULL ? b : "");
    char *argv[] = {words[0], words[1], words[2], NULL};
    int argc = 1 + (a != NULL) + (b != NULL);
    argv[argc] = NULL;
    return xp_options_read(argc, argv, &INFO, o, message, 256);
}

static void progress(void **state)
{
    (void)state;
    xp *x = open_run(NULL);
    x->began = 100.0;
    char *text = xp_progress_text(x, 1, 4, 110.0);
    assert_string_equal(text, "fixture: 1 of 4, 10 s, about 30 s left");
    free(text);
    xp_close(x);
}

static void options(void **state)
{
    (void)state;
    xp_options o;
    char message[256];
    assert_int_equal(parse(&o, message, NULL, NULL), 0);
    assert_true(!o.full && !o.list && !o.help && o.seed == 1 && o.threads == 0);
    assert_true(o.out == NULL && o.only == NULL && o.target == NULL);
    assert_int_equal(parse(&o, message, "--full", "--seed=9223372036854775807"), 0);
    assert_true(o.full && o.seed == INT64_MAX);
    assert_int_equal(parse(&o, message, "--laws", "D"), 0);
    assert_string_equal(o.laws, "D");
    assert_int_equal(parse(&o, message, "--threads", "7"), 0);
    assert_int_equal(o.threads, 7);

    const struct {
        const char *a, *b, *says;
    } bad[] = {
        {"--speed", NULL, "--speed"},
        {"--seed", NULL, "--seed: expected N"},
        {"--seed", "-1", "--seed '-1'"},
        {"--seed", "1x", "--seed '1x'"},
        {"--seed", "9223372036854775808", "2^63"},
        {"--threads", "0", "from 1 to 4096"},
        {"--full", "--quick", "one of the two"},
        {"--full=yes", NULL, "without a value"},
        {"word", NULL, "'word'"},
        {"--only", "", "not empty"},
        {"-v", NULL, "-v"},
    };
    for (int i = 0; i < LEN(bad); i++) {
        assert_int_equal(parse(&o, message, bad[i].a, bad[i].b), 64);
        assert_non_null(strstr(message, bad[i].says));
        assert_null(strchr(message, '\n'));
    }
}

/* ---- Target files ------------------------------------------------------- */

/* Reads `text` as a target file. */
static int read_target(const char *text, gmm **p, char *message)
{
    char path[] = "/tmp/scorecheck-target-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *out = fdopen(fd, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    int status = xp_target_read(path, p, message, 256);
    unlink(path);
    return status;
}

static void good_targets(void **state)
{
    (void)state;
    const struct {
        const char *covariances;
        gmm_shape shape;
        double second[4]; /* covariance of the second component */
    } cases[] = {
        {"[1, 2.5]", GMM_ISOTROPIC, {2.5, 0, 0, 2.5}},
        {"[1, [2, 3]]", GMM_DIAGONAL, {2, 0, 0, 3}},
        {"[[1, 1], 4]", GMM_DIAGONAL, {4, 0, 0, 4}},
        {"[1, [[2, 0.5], [0.5, 3]]]", GMM_FULL, {2, 0.5, 0.5, 3}},
        {"[[[2, 0.5], [0.5, 3]], [1, 2]]", GMM_FULL, {1, 0, 0, 2}},
    };
    for (int i = 0; i < LEN(cases); i++) {
        char text[256], message[256] = "";
        snprintf(
            text, sizeof text,
            "{\"weights\": [1, 3], \"means\": [[0, 1], [2, 3]], \"covariances\": %s}",
            cases[i].covariances);
        gmm *p = NULL;
        assert_int_equal(read_target(text, &p, message), SC_OK);
        assert_int_equal(gmm_shape_of(p), cases[i].shape);
        double cov[4];
        gmm_cov_of(p, 1, cov, 2);
        for (int j = 0; j < 4; j++) assert_near(cov[j], cases[i].second[j], 1e-14);
        assert_near(gmm_weight(p, 1), 0.75, 1e-15);
        assert_near(gmm_mean_of(p, 1)[0], 2.0, 0.0);
        gmm_free(p);
    }
}

static void bad_targets(void **state)
{
    (void)state;
    const struct {
        const char *text, *says;
    } bad[] = {
        {"", "line 1"},
        {"{\"weights\": [1],\n \"means\" [[0]]}", "line 2"},
        {"[1]", "expected an object"},
        {"{\"weights\": [1], \"means\": [[0]]}", "'covariances': expected a list"},
        {"{\"weights\": [1], \"means\": [[0]], \"covs\": [1]}", "'covs'"},
        {"{\"weights\": [1], \"weights\": [1]}", "duplicate"},
        {"{\"weights\": [], \"means\": [], \"covariances\": []}", "'weights'"},
        {"{\"weights\": [1], \"means\": [[0], [1]], \"covariances\": [1]}",
         "'means': expected 1 entries"},
        {"{\"weights\": [-1], \"means\": [[0]], \"covariances\": [1]}",
         "'weights', entry 1"},
        {"{\"weights\": [0], \"means\": [[0]], \"covariances\": [1]}", "'weights'"},
        {"{\"weights\": [1e999], \"means\": [[0]], \"covariances\": [1]}", "line 1"},
        {"{\"weights\": [1, 1], \"means\": [[0], [1, 2]], \"covariances\": [1, 1]}",
         "'means', entry 2"},
        {"{\"weights\": [1], \"means\": [[]], \"covariances\": [1]}",
         "'means', entry 1"},
        {"{\"weights\": [1], \"means\": [[0]], \"covariances\": [0]}",
         "'covariances', entry 1"},
        {"{\"weights\": [1], \"means\": [[0, 0]], \"covariances\": [[1, -1]]}",
         "'covariances', entry 1"},
        {"{\"weights\": [1], \"means\": [[0, 0]], \"covariances\": [[1]]}",
         "list of 2"},
        {"{\"weights\": [1], \"means\": [[0, 0]], \"covariances\": [[[1, 2], [2, 1]]]}",
         "positive definite"},
        {"{\"weights\": [1], \"means\": [[0, 0]], \"covariances\": [[[1, 0.5], [0, "
         "1]]]}",
         "symmetric"},
        {"{\"weights\": [1], \"means\": [[0, 0]], \"covariances\": [[[1, 0]]]}",
         "2 lists of 2 finite numbers"},
        {"{\"weights\": [1], \"means\": [[0]], \"covariances\": [\"x\"]}",
         "'covariances', entry 1"},
    };
    for (int i = 0; i < LEN(bad); i++) {
        char message[256] = "";
        gmm *p = NULL;
        assert_int_equal(read_target(bad[i].text, &p, message), SC_EFORMAT);
        assert_null(p);
        if (strstr(message, bad[i].says) == NULL)
            fail_msg("%s: %s", bad[i].text, message);
        assert_null(strchr(message, '\n'));
    }
    gmm *p = NULL;
    char message[256];
    assert_int_equal(xp_target_read("/no/such/file", &p, message, sizeof message),
                     SC_EFORMAT);
    assert_non_null(strstr(message, "/no/such/file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exit_status),  cmocka_unit_test(worst_wins),
        cmocka_unit_test(never_judged), cmocka_unit_test(only),
        cmocka_unit_test(only_members), cmocka_unit_test(bounds),
        cmocka_unit_test(assumption),   cmocka_unit_test(notes_and_data),
        cmocka_unit_test(line_only),    cmocka_unit_test(tables),
        cmocka_unit_test(points),       cmocka_unit_test(records),
        cmocka_unit_test(tightest),     cmocka_unit_test(streams),
        cmocka_unit_test(progress),     cmocka_unit_test(options),
        cmocka_unit_test(good_targets), cmocka_unit_test(bad_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
