/* main of every experiment, and the two ways to give up. */
#include "rank.h"
#include "xp/driver.h"
#include "xp/identity.h"

#include <gsl/gsl_errno.h>
#include <omp.h>
#include <stdlib.h>

enum { MESSAGE = 1024 };

/* ---- One run, several ranks ---------------------------------------------- */

/* The first rank speaks for all (the standard output of the others is /dev/null), unless a thread fails
   of which the other ranks may know nothing. */
static FILE *complaints(void)
{
    return rank_index() == 0 || omp_get_level() > 0 ? stderr : stdout;
}

/* Prints one line for a status other than 0 on some rank, and hands it on to all of them. */
static int complain(int status, const char *message)
{
    if (status == 0) message = "failed on another rank";
    status = -rank_least(-status);
    if (status != 0) fprintf(complaints(), "%s: %s\n", xp_name, message);
    return status;
}

static void set_threads(int asked)
{
    const int share = rank_count() > 1 ? rank_threads() : 0;
    if (asked > 0)
        omp_set_num_threads(asked);
    else if (share > 0 && getenv("OMP_NUM_THREADS") == NULL)
        omp_set_num_threads(share);
}

/* All ranks measured the same numbers, or the division of the work is at fault. */
static int compare_ranks(xp *x)
{
    if (rank_count() == 1) return 0;
    json_t *record = xp_record_json(x, 0.0);
    json_object_del(record, "run");
    char *text = json_dumps(record, 0), *table = xp_table_text(x);
    store_key key = store_key_new();
    store_key_text(&key, text);
    store_key_text(&key, table);
    free(table);
    free(text);
    json_decref(record);
    const bool same = rank_same(sizeof key, &key);
    return complain(same ? 0 : XP_FAILED,
                    "the ranks differ, expected the same numbers");
}

/* ---- The run --------------------------------------------------------------- */

/* The folders that the command line names. */
static int prepare(xp *x)
{
    char message[MESSAGE];
    const char *out = x->options.out, *laws = x->options.laws;
    int status = 0;
    if (out != NULL && rank_index() == 0)
        status = xp_output_prepare(x, message, sizeof message);
    if (status == 0 && laws != NULL && (x->laws = store_open(laws)) == NULL) {
        snprintf(message, sizeof message, "--laws: cannot write %s", laws);
        status = XP_CANNOT_WRITE;
    }
    return complain(status, message);
}

/* Measures, judges, prints and writes; the exit status of the run. A failed run writes nothing. */
static int run(xp *x)
{
    char message[MESSAGE];
    set_threads(x->options.threads);
    int status = prepare(x);
    if (status != 0) return status;

    x->began = xp_now();
    xp_run(x);
    double wall_seconds = xp_now() - x->began;
    xp_progress_end(x);

    xp_settle(x, complaints());
    status = xp_worse(xp_status(x), compare_ranks(x));
    if (status == XP_USAGE) return status;
    xp_print_verdicts(x, stdout);
    if (x->options.out != NULL && status != XP_FAILED) {
        int written = 0;
        if (rank_index() == 0)
            written = xp_output_write(x, wall_seconds, message, sizeof message);
        status = xp_worse(status, complain(written, message));
    }
    return status;
}

/* What the command line asks for; the exit status. */
static int obey(const xp_options *o)
{
    char message[MESSAGE];
    gmm *target = NULL;
    const bool read = o->target == NULL || xp_target_read(o->target, &target, message,
                                                          sizeof message) == SC_OK;
    int status = complain(read ? 0 : XP_USAGE, message);
    if (status != 0) return status;

    xp *x = xp_open(xp_name, xp_chapter, &xp_this, o);
    x->target = target;
    if (o->list)
        xp_print_table(x, stdout);
    else
        status = run(x);
    xp_close(x);
    return status;
}

int main(int argc, char **argv)
{
    char message[MESSAGE];
    gsl_set_error_handler_off(); /* failures are statuses, see TRY */
    base_keep_memory();

    if (rank_open(message, sizeof message) != SC_OK) {
        /* The others end well: a launcher would end the one that says why. */
        return message[0] != '\0' ? complain(XP_USAGE, message) : 0;
    }
    if (rank_index() != 0) REQUIRE(freopen("/dev/null", "w", stdout) != NULL);

    xp_options o;
    int status = xp_options_read(argc, argv, &xp_this, &o, message, sizeof message);
    status = complain(status, message);
    if (o.help && status == 0)
        xp_options_help(stdout, xp_name, &xp_this);
    else if (status == 0)
        status = obey(&o);

    const bool unheard = fflush(stdout) != 0 || ferror(stdout);
    status = xp_worse(status, complain(unheard ? XP_CANNOT_WRITE : 0,
                                       "cannot write to standard output"));
    rank_close();
    return status;
}

void xp_try(int status, const char *call, const char *file, int line)
{
    status = rank_least(status);
    if (status != SC_OK)
        xp_fail("%s: %s (%s:%d)", call, base_status_text(status), file, line);
}

void xp_fail(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fprintf(complaints(), "%s: ", xp_name);
    vfprintf(complaints(), fmt, args);
    fputc('\n', complaints());
    va_end(args);
    if (omp_get_level() == 0) rank_close();
    exit(XP_FAILED);
}
