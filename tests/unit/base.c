/* Memory is zeroed and aligned; a broken precondition aborts; every status has its text. */
#include "base.h"

#include "check.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void memory_is_zero_and_aligned(void **state)
{
    (void)state;
    for (long n = 1; n < 300; n += 7) {
        double *x = NEW_ARRAY(double, n);
        assert_int_equal((uintptr_t)x % 64, 0);
        for (long i = 0; i < n; i++) assert_true(x[i] == 0.0);
        memset(x, 0xff, (size_t)n * sizeof *x); /* so that a reused block is not zero */
        free(x);
    }
    void *nothing = base_alloc(0, 8);
    assert_non_null(nothing);
    free(nothing);
}

/* How a child process that calls `offend` ends: its signal, or 0. */
static int signal_of(void (*offend)(void))
{
    pid_t child = fork();
    if (child == 0) {
        fclose(stderr);
        offend();
        _exit(0);
    }
    int end = 0;
    assert_int_equal(waitpid(child, &end, 0), child);
    return WIFSIGNALED(end) ? WTERMSIG(end) : 0;
}

static void keep_promise(void) { REQUIRE(1 + 1 == 2); }
static void break_promise(void) { REQUIRE(1 + 1 == 3); }
static void ask_negative(void) { free(base_alloc(-1, 8)); }
static void ask_too_much(void) { free(base_alloc(INT64_MAX, 16)); }

static void broken_preconditions_abort(void **state)
{
    (void)state;
    assert_int_equal(signal_of(keep_promise), 0);
    assert_int_equal(signal_of(break_promise), SIGABRT);
    assert_int_equal(signal_of(ask_negative), SIGABRT);
    assert_int_equal(signal_of(ask_too_much), SIGABRT);
}

static int status_of(int status)
{
    CHECK(status);
    return 1;
}

static void check_returns_the_failing_status(void **state)
{
    (void)state;
    assert_int_equal(status_of(SC_EACCURACY), SC_EACCURACY);
    assert_int_equal(status_of(SC_OK), 1);
}

static void every_status_has_its_own_text(void **state)
{
    (void)state;
    for (int i = SC_EIO; i <= SC_OK; i++)
        for (int j = SC_EIO; j <= SC_OK + 1; j++)
            if (i != j)
                assert_string_not_equal(base_status_text(i), base_status_text(j));
}

static void sorted_in_place(void **state)
{
    (void)state;
    double x[] = {2.0, (double)INFINITY, -0.5, 2.0, -(double)INFINITY, 1e-300, 7.0};
    const double sorted[] = {-(double)INFINITY, -0.5, 1e-300, 2.0, 7.0, 7.0};
    base_sort(6, x + 1); /* neither before nor after */
    assert_true(x[0] == 2.0);
    x[0] = 7.0;
    base_sort(6, x);
    for (int i = 0; i < 6; i++) assert_true(x[i] == sorted[i]);
    assert_true(x[6] == (double)INFINITY);
    base_sort(0, x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zero_and_aligned),
        cmocka_unit_test(broken_preconditions_abort),
        cmocka_unit_test(check_returns_the_failing_status),
        cmocka_unit_test(every_status_has_its_own_text),
        cmocka_unit_test(sorted_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
