/* What is printed: the machine, its limits, one line a row. */
#include "bench.h"

#include "base.h"
#include "kernel.h"
#include "linalg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void print_machine(const measurements *all, table_form form)
{
    char name[256];
    machine_name(name, sizeof name);
    printf(form == TSV
               ? "# machine\t%s\tkernels %s\tOpenBLAS core %s\tthreads %d\trounds "
                 "%d\n# peers\t%s\n"
               : "%s, kernels %s, OpenBLAS core %s, threads %d, medians of %d "
                 "rounds. Peers: %s.\nLimits, in 1e9/s:\n\n",
           name, kernel_best()->isa, linalg_core(), all->threads, all->rounds,
           all->peer_versions != NULL ? all->peer_versions : "none");
    for (int q = 0; q < QUANTITIES; q++)
        printf(form == TSV ? "# limit\t%s\t%.4g\n" : "- %s: %.3g\n", QUANTITY_TEXT[q],
               1e-9 * rounds_median(all->rounds, all->rate[q]));
}

static void print_head(table_form form)
{
    if (form == TSV)
        puts(
            "row\tmillions_per_s\tunit\tms\tlimit_ms\tlimited_by\tfraction\tpeer\tpeer_"
            "ms\tratio\tdifference\tcounted");
    else
        puts("\n| row | 1e6/s | ms | limit, ms | limited by | fraction | best peer | "
             "its "
             "ms | ratio | difference |\n|---|---|---|---|---|---|---|---|---|---|");
}

/* Medians over the rounds: of the fractions, and of the peer's times over ours. */
typedef struct {
    double fraction, ratio;
} shares;

static shares shares_of(int rounds, const times *m)
{
    double *fraction = NEW_ARRAY(double, 2L * rounds), *ratio = fraction + rounds;
    for (int n = 0; n < rounds; n++) {
        fraction[n] = fmax(m->compute[n], m->memory[n]) / m->seconds[n];
        ratio[n] = m->peer_seconds[n] / m->seconds[n];
    }
    shares s = {rounds_median(rounds, fraction), rounds_median(rounds, ratio)};
    free(fraction);
    return s;
}

static void print_row(int rounds, const row *r, const times *m, table_form form)
{
    const shares s = shares_of(rounds, m);
    const double seconds = rounds_median(rounds, m->seconds);
    const double compute = rounds_median(rounds, m->compute);
    const double memory = rounds_median(rounds, m->memory);
    printf(form == TSV ? "%s\t%.4g\t%s\t%.4g\t%.4g\t%s\t%.3f\t"
                       : "| %s | %.4g %s | %.3g | %.3g | %s | %.2f | ",
           r->name, 1e-6 * r->items / seconds, r->unit, 1e3 * seconds,
           1e3 * fmax(compute, memory), compute >= memory ? "arithmetic" : "memory",
           s.fraction);
    if (m->peer_way != NULL)
        printf(form == TSV ? "%s\t%.4g\t%.3f\t%.2g" : "%s | %.3g | %.2f | %.1g |",
               m->peer_way, 1e3 * rounds_median(rounds, m->peer_seconds), s.ratio,
               m->difference);
    else
        printf(form == TSV ? "nan\tnan\tnan\tnan" : "| | | |");
    if (form == TSV) printf("\t%s", r->counted);
    putchar('\n');
}

void table_print(const measurements *all, table_form form)
{
    print_machine(all, form);
    print_head(form);
    for (int i = 0; i < all->rows; i++)
        print_row(all->rounds, &all->row[i], &all->m[i], form);
}

int table_disagreements(const measurements *all)
{
    int wrong = 0;
    for (int i = 0; i < all->rows; i++) {
        const times *m = &all->m[i];
        const double tolerance = all->row[i].peer.tolerance;
        if (m->peer_way == NULL || m->difference <= tolerance) continue;
        fprintf(stderr, "bench: %s: %s differs by %.3g, expected at most %.3g\n",
                all->row[i].name, m->peer_way, m->difference, tolerance);
        wrong++;
    }
    return wrong;
}
