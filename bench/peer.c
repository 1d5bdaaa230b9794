/* The other process: started once, spoken to through two pipes.
 *
 *     new I GROUP NAME:ROWS:COLUMNS ...  + the arrays    ->  the name of its fastest way, or "-"
 *     run I                                              ->  seconds
 *     result I                                           ->  how many numbers  + the numbers
 *
 * Requests and answers are lines; arrays are doubles as they stand in memory.
 */
#include "bench.h"

#include "base.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ROWS = 64, LINE = 256 };

struct peer {
    pid_t pid;
    FILE *to, *from;
    char versions[LINE], way[MOST_ROWS][LINE];
};

/* The next line without its end; false when the process is gone. */
static bool read_line(const peer *p, char *line)
{
    if (fflush(p->to) != 0 || fgets(line, LINE, p->from) == NULL) return false;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

/* After an answer that must come. */
static void answer(const peer *p, char *line)
{
    if (read_line(p, line)) return;
    fputs("bench: the peer process has ended: see what it says above\n", stderr);
    exit(70);
}

/* The child: reads fd[0], writes fd[1], everything on one thread. */
_Noreturn static void become_python(const char *python, bool verbose, const int fd[2])
{
    static const char *const LIBRARIES[] = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                                            "MKL_NUM_THREADS"};
    for (int i = 0; i < LEN(LIBRARIES); i++) setenv(LIBRARIES[i], "1", 1);
    dup2(fd[0], STDIN_FILENO);
    dup2(fd[1], STDOUT_FILENO);
    execlp(python, python, BENCH_PEERS, verbose ? "--verbose" : NULL, (char *)NULL);
    _exit(127);
}

peer *peer_start(const char *python, bool verbose)
{
    int request[2], reply[2];
    REQUIRE(pipe(request) == 0 && pipe(reply) == 0);
    signal(SIGPIPE, SIG_IGN);
    peer *p = NEW(peer);
    p->pid = fork();
    REQUIRE(p->pid >= 0);
    if (p->pid == 0) {
        close(request[1]);
        close(reply[0]);
        become_python(python, verbose, (int[]){request[0], reply[1]});
    }
    close(request[0]);
    close(reply[1]);
    p->to = fdopen(request[1], "w");
    p->from = fdopen(reply[0], "r");
    REQUIRE(p->to != NULL && p->from != NULL);
    if (read_line(p, p->versions)) return p;
    fprintf(stderr,
            "bench: --peers: %s has no numpy (python3-numpy); going on without peers\n",
            python);
    peer_stop(p);
    return NULL;
}

void peer_stop(peer *p)
{
    if (p == NULL) return;
    fclose(p->to);
    fclose(p->from);
    waitpid(p->pid, NULL, 0);
    free(p);
}

const char *peer_versions(const peer *p) { return p->versions; }

const char *peer_give(peer *p, int i, const same_work *work)
{
    REQUIRE(i < MOST_ROWS);
    fprintf(p->to, "new %d %s", i, work->group);
    for (const given *g = work->of; g->name != NULL; g++)
        fprintf(p->to, " %s:%ld:%ld", g->name, g->rows, g->columns);
    fputc('\n', p->to);
    for (const given *g = work->of; g->name != NULL; g++)
        fwrite(g->x, sizeof *g->x, (size_t)(g->rows * g->columns), p->to);
    answer(p, p->way[i]);
    return strcmp(p->way[i], "-") == 0 ? NULL : p->way[i];
}

double peer_run(peer *p, int i)
{
    char line[LINE];
    fprintf(p->to, "run %d\n", i);
    answer(p, line);
    return strtod(line, NULL);
}

double peer_difference(peer *p, int i, const same_work *work)
{
    char line[LINE];
    fprintf(p->to, "result %d\n", i);
    answer(p, line);
    const long n = strtol(line, NULL, 10);
    double *x = NEW_ARRAY(double, n), largest = 0.0;
    const bool whole = fread(x, sizeof *x, (size_t)n, p->from) == (size_t)n;
    for (long j = 0; j < n && n == work->results; j++) {
        const double unit =
            work->scale != NULL ? work->scale[j] : fmax(1.0, fabs(work->result[j]));
        const double gap = fabs(x[j] - work->result[j]) / unit;
        largest = isnan(gap) || gap > largest ? gap : largest;
        if (isnan(gap)) break;
    }
    free(x);
    return whole && n == work->results ? largest : (double)NAN;
}
