/* One process: what several do is tested by cli/mpi.sh. */
#include "rank.h"
#include "check.h"
#include "rank/launcher.h"

#include <stdlib.h>
#include <string.h>

static void alone_all_pieces_are_mine(void **state)
{
    (void)state;
    double y[] = {1.5, -0.0, 2.5};
    const double before[] = {1.5, -0.0, 2.5};
    char message[64] = "untouched";
    assert_int_equal(rank_open(message, sizeof message), SC_OK);
    assert_string_equal(message, "untouched");
    assert_int_equal(rank_index(), 0);
    assert_int_equal(rank_count(), 1);
    assert_true(rank_threads() >= 1);
    const rank_share mine = rank_divide();
    assert_int_equal(mine.first, 0);
    assert_int_equal(mine.step, 1);
    rank_gather(mine, sizeof y, y);
    assert_memory_equal(y, before, sizeof y);
    assert_int_equal(rank_least(SC_EIO), SC_EIO);
    assert_int_equal(rank_least(7), 7);
    assert_true(rank_same(sizeof y, y));
    rank_close();
}

/* As which of how many a launcher that sets these two variables started this process. */
static rank_launch launched(const char *index, const char *i, const char *count,
                            const char *n)
{
    assert_int_equal(setenv(index, i, 1), 0);
    assert_int_equal(setenv(count, n, 1), 0);
    const rank_launch l = rank_launched();
    unsetenv(index);
    unsetenv(count);
    return l;
}

static void launchers_number_their_processes(void **state)
{
    (void)state;
    assert_int_equal(rank_launched().count, 1);
    const rank_launch l[] = {
        launched("OMPI_COMM_WORLD_RANK", "2", "OMPI_COMM_WORLD_SIZE", "3"),
        launched("PMI_RANK", "2", "PMI_SIZE", "3"),
        launched("SLURM_PROCID", "2", "SLURM_STEP_NUM_TASKS", "3"),
    };
    for (int i = 0; i < LEN(l); i++) {
        assert_int_equal(l[i].index, 2);
        assert_int_equal(l[i].count, 3);
    }
    /* A batch script of Slurm is one process, however many it may start. */
    assert_int_equal(launched("SLURM_PROCID", "0", "SLURM_NTASKS", "3").count, 1);
}

static void the_first_says_why_it_does_not_join(void **state)
{
    (void)state;
    char line[128] = "untouched";
    rank_refuse((rank_launch){0, 3}, "is old", line, sizeof line);
    assert_string_equal(
        line, "started 3 times by an MPI launcher, expected once: this build is old");
    rank_refuse((rank_launch){1, 3}, "is old", line, sizeof line);
    assert_string_equal(line, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alone_all_pieces_are_mine),
        cmocka_unit_test(launchers_number_their_processes),
        cmocka_unit_test(the_first_says_why_it_does_not_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
