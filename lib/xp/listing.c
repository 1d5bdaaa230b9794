/* What an experiment prints: its table of checks, its verdicts. */
#include "xp/driver.h"

#include <string.h>

void xp_print_table(const xp *x, FILE *out)
{
    fprintf(out, "%s -- %s\n", x->name, x->info->title);
    for (int i = 0; i < x->info->n_checks; i++) {
        const xp_check *c = &x->info->checks[i];
        fprintf(out, "%-8s %-12s %-28s %s\n", xp_role_name(c->role),
                method_name(c->how), c->id, c->text);
    }
}

static void print_member(const xp *x, const xp_member *m, FILE *out)
{
    xp_role role = x->info->checks[m->check].role;
    fprintf(out, "%-12s %-8s %s  [%.9g, %.9g]", xp_outcome_name(x, m),
            xp_role_name(role), m->name, m->measured.lo, m->measured.hi);
    if (role != xp_finding && m->judged)
        fprintf(out, "  predicted [%.9g, %.9g]", m->predicted.lo, m->predicted.hi);
    fputc('\n', out);
}

/* "3 of 4 claims SUPPORTED; ", or nothing where the role does not occur. */
static void print_count(const xp *x, xp_role r, const char *plural, FILE *out)
{
    int total = 0, as_expected = 0;
    const char *expected = NULL;
    for (int i = 0; i < x->n_members; i++) {
        const xp_member *m = &x->members[i];
        if (x->info->checks[m->check].role != r) continue;
        expected = xp_expected_name(x, m);
        total++;
        as_expected += strcmp(xp_outcome_name(x, m), expected) == 0;
    }
    if (total > 0)
        fprintf(out, "%d of %d %s %s; ", as_expected, total, plural, expected);
}

void xp_print_verdicts(const xp *x, FILE *out)
{
    double spent = 0.0;
    for (int i = 0; i < x->n_members; i++) {
        print_member(x, &x->members[i], out);
        spent += x->members[i].measured.alpha;
    }
    for (int c = 0; c < x->info->n_checks; c++) {
        const xp_member *m = xp_tightest(x, c);
        if (m != NULL)
            fprintf(out, "tightness    %-8s %s  %.9g, the least, attained at %s\n",
                    xp_role_name(xp_claim), x->info->checks[c].id, m->tightness,
                    m->name);
    }
    if (x->assumption != NULL)
        fprintf(out, "%s: the target violates an assumption: %s\n", x->name,
                x->assumption);
    if (x->note != NULL) fprintf(out, "%s: %s\n", x->name, x->note);
    fprintf(out, "%s: ", x->name);
    print_count(x, xp_claim, "claims", out);
    print_count(x, xp_printed, "printed forms", out);
    print_count(x, xp_control, "controls", out);
    print_count(x, xp_finding, "findings", out);
    fprintf(out, "false-alarm budget spent %.3g\n", spent);
}
