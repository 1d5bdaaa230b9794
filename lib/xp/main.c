/* main of every experiment, and the two ways to give up. */
#include "xp/driver.h"
#include "xp/identity.h"

#include <gsl/gsl_errno.h>
#include <omp.h>
#include <stdlib.h>

enum { MESSAGE = 1024 };

/* Prints one line for a status other than 0, and hands the status on. */
static int complain(int status, const char *message)
{
    if (status != 0) fprintf(stderr, "%s: %s\n", xp_name, message);
    return status;
}

/* Measures, judges, prints and writes; the exit status of the run. A failed run writes nothing. */
static int run(xp *x)
{
    char message[MESSAGE];
    const char *out = x->options.out;
    if (x->options.threads > 0) omp_set_num_threads(x->options.threads);
    if (out != NULL) {
        int status = xp_output_prepare(x, message, sizeof message);
        if (status != 0) return complain(status, message);
    }
    if (x->options.laws != NULL && (x->laws = store_open(x->options.laws)) == NULL) {
        snprintf(message, sizeof message, "--laws: cannot write %s", x->options.laws);
        return complain(XP_CANNOT_WRITE, message);
    }

    x->began = xp_now();
    xp_run(x);
    double wall_seconds = xp_now() - x->began;
    xp_progress_end(x);

    xp_settle(x, stderr);
    int status = xp_status(x);
    if (status == XP_USAGE) return status;
    xp_print_verdicts(x, stdout);
    if (out != NULL && status != XP_FAILED) {
        int written = xp_output_write(x, wall_seconds, message, sizeof message);
        status = xp_worse(status, complain(written, message));
    }
    return status;
}

int main(int argc, char **argv)
{
    char message[MESSAGE];
    gsl_set_error_handler_off(); /* failures are statuses, see TRY */

    xp_options o;
    int status = xp_options_read(argc, argv, &xp_this, &o, message, sizeof message);
    if (status != 0) return complain(status, message);
    if (o.help) {
        xp_options_help(stdout, xp_name, &xp_this);
        return 0;
    }

    gmm *target = NULL;
    if (o.target != NULL &&
        xp_target_read(o.target, &target, message, sizeof message) != SC_OK)
        return complain(XP_USAGE, message);

    xp *x = xp_open(xp_name, xp_chapter, &xp_this, &o);
    x->target = target;
    if (o.list)
        xp_print_table(x, stdout);
    else
        status = run(x);
    xp_close(x);

    if (fflush(stdout) != 0 || ferror(stdout))
        status = xp_worse(status, complain(XP_CANNOT_WRITE, "cannot write to standard "
                                                            "output"));
    return status;
}

void xp_try(int status, const char *call, const char *file, int line)
{
    if (status != SC_OK)
        xp_fail("%s: %s (%s:%d)", call, base_status_text(status), file, line);
}

void xp_fail(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fprintf(stderr, "%s: ", xp_name);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    exit(XP_FAILED);
}
