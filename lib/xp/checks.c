/* Judging, recording, and the exit status that follows. */
#include "xp/driver.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rounding allowance of a bound, which may be attained with equality. */
static const double BOUND_SLACK = 1e-9;

static const struct {
    const char *name;
    verdict expected; /* of a finding: none */
} ROLES[] = {
    [xp_claim] = {"claim", SUPPORTED},
    [xp_printed] = {"printed", REFUTED},
    [xp_control] = {"control", REFUTED},
    [xp_finding] = {"finding", INCONCLUSIVE},
};

static const xp_check *check_of(const xp *x, const xp_member *m)
{
    return &x->info->checks[m->check];
}

const char *xp_role_name(xp_role r) { return ROLES[r].name; }

const char *xp_expected_name(const xp *x, const xp_member *m)
{
    xp_role r = check_of(x, m)->role;
    return r == xp_finding ? "RECORDED" : verdict_name(ROLES[r].expected);
}

const char *xp_outcome_name(const xp *x, const xp_member *m)
{
    bool recorded = m->judged && check_of(x, m)->role == xp_finding;
    return recorded ? "RECORDED" : verdict_name(m->outcome);
}

double xp_detectable(const xp_member *m)
{
    return m->measured.alpha > 0.0 ? m->measured.hi - m->measured.lo : (double)NAN;
}

/* ---- --only ------------------------------------------------------------- */

static bool matches(const char *glob, const char *text)
{
    return strcmp(glob, text) == 0 || fnmatch(glob, text, 0) == 0;
}

static bool selected(const xp *x, const xp_member *m)
{
    const char *only = x->options.only;
    return only == NULL || matches(only, m->name) || matches(only, check_of(x, m)->id);
}

/* Whether --only may match a text that begins with `stem`: if the glob does, then one of its prefixes matches the
   stem. */
static bool may_match(const char *only, const char *stem)
{
    char *prefix = xp_format("%s", only);
    bool may = false;
    for (size_t n = strlen(prefix); n > 0 && !may; n--) {
        prefix[n] = '\0';
        may = matches(prefix, stem);
    }
    free(prefix);
    return may;
}

static bool wants(const xp *x, int check, const char *begin)
{
    REQUIRE(0 <= check && check < x->info->n_checks);
    const char *only = x->options.only, *id = x->info->checks[check].id;
    if (only == NULL || matches(only, id)) return true;
    char *stem = xp_format("%s/%s", id, begin);
    const bool wanted = may_match(only, stem);
    free(stem);
    return wanted;
}

bool xp_wants_members(const xp *x, int n, const int *check, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *begin = xp_vformat(fmt, args);
    va_end(args);
    bool wanted = false;
    for (int i = 0; i < n; i++) wanted = wanted || wants(x, check[i], begin);
    free(begin);
    return wanted;
}

/* ---- Judging ------------------------------------------------------------ */

/* "id/member", or "id" alone for a check with one nameless member. */
static char *member_name(const char *id, const char *fmt, va_list args)
{
    char *member = fmt != NULL ? xp_vformat(fmt, args) : xp_format("%s", "");
    REQUIRE(strpbrk(member, "\t\n'") == NULL);
    char *name = xp_format("%s%s%s", id, member[0] != '\0' ? "/" : "", member);
    free(member);
    return name;
}

/* Keeps a member, taking its name over, unless --only excludes it. */
static void keep(xp *x, xp_member m)
{
    for (int i = 0; i < x->n_members; i++)
        REQUIRE(strcmp(x->members[i].name, m.name) != 0); /* judged twice */
    if (!selected(x, &m)) {
        free(m.name);
        return;
    }
    if (x->n_members == x->capacity) {
        x->capacity = 2 * x->capacity + 16;
        x->members = realloc(x->members, (size_t)x->capacity * sizeof *x->members);
        REQUIRE(x->members != NULL);
    }
    x->members[x->n_members++] = m;
}

static const xp_check *check_in_role(const xp *x, int check, bool finding)
{
    REQUIRE(0 <= check && check < x->info->n_checks);
    REQUIRE((x->info->checks[check].role == xp_finding) == finding);
    return &x->info->checks[check];
}

static void require_enclosure(enclosure e)
{
    REQUIRE(!(e.lo > e.hi) && e.alpha >= 0.0);
}

verdict xp_judge(xp *x, int check, enclosure measured, region predicted,
                 const char *fmt, ...)
{
    const xp_check *c = check_in_role(x, check, false);
    require_enclosure(measured);
    REQUIRE(!isinf(predicted.lo) || !isinf(predicted.hi)); /* cannot fail */
    va_list args;
    va_start(args, fmt);
    char *name = member_name(c->id, fmt, args);
    va_end(args);
    verdict v = verdict_of(measured, predicted);
    keep(x, (xp_member){check, name, measured, predicted, v, true, NAN});
    return v;
}

verdict xp_bound(xp *x, int check, enclosure measured, double bound, const char *fmt,
                 ...)
{
    const xp_check *c = check_in_role(x, check, false);
    require_enclosure(measured);
    REQUIRE(!isinf(bound)); /* cannot fail */
    va_list args;
    va_start(args, fmt);
    char *name = member_name(c->id, fmt, args);
    va_end(args);
    region predicted = region_at_most(bound + BOUND_SLACK * fabs(bound));
    verdict v = verdict_of(measured, predicted);
    bool positive = bound > 0.0 && measured.hi >= 0.0;
    double tightness = positive ? bound / measured.hi : (double)NAN;
    keep(x, (xp_member){check, name, measured, predicted, v, true, tightness});
    return v;
}

const xp_member *xp_tightest(const xp *x, int check)
{
    const xp_member *best = NULL;
    if (x->info->checks[check].role != xp_claim) return NULL;
    for (int i = 0; i < x->n_members; i++) {
        const xp_member *m = &x->members[i];
        bool counts =
            m->check == check && m->outcome == SUPPORTED && !isnan(m->tightness);
        if (counts && (best == NULL || m->tightness < best->tightness)) best = m;
    }
    return best;
}

void xp_record(xp *x, int check, enclosure measured, const char *fmt, ...)
{
    const xp_check *c = check_in_role(x, check, true);
    require_enclosure(measured);
    va_list args;
    va_start(args, fmt);
    char *name = member_name(c->id, fmt, args);
    va_end(args);
    region none = {NAN, NAN};
    keep(x, (xp_member){check, name, measured, none, INCONCLUSIVE, true, NAN});
}

/* ---- The exit status ---------------------------------------------------- */

int xp_worse(int a, int b)
{
    static const int WORST_FIRST[] = {XP_FAILED,           XP_CANNOT_WRITE, XP_USAGE,
                                      XP_CONTROL_SURVIVED, XP_CONTRADICTED, XP_OPEN};
    for (int i = 0; i < LEN(WORST_FIRST); i++)
        if (a == WORST_FIRST[i] || b == WORST_FIRST[i]) return WORST_FIRST[i];
    return XP_AS_EXPECTED;
}

/* A NaN that was measured or predicted is a numerical failure, never a verdict. */
static bool is_nan(const xp *x, const xp_member *m)
{
    if (!m->judged) return false;
    bool has_region = check_of(x, m)->role != xp_finding;
    return isnan(m->measured.lo) || isnan(m->measured.hi) ||
           (has_region && (isnan(m->predicted.lo) || isnan(m->predicted.hi)));
}

static int member_status(const xp *x, const xp_member *m)
{
    xp_role role = check_of(x, m)->role;
    if (!m->judged) return XP_OPEN;
    if (is_nan(x, m)) return XP_FAILED;
    if (role == xp_finding || m->outcome == ROLES[role].expected) return XP_AS_EXPECTED;
    if (role == xp_control) return XP_CONTROL_SURVIVED;
    return m->outcome == INCONCLUSIVE ? XP_OPEN : XP_CONTRADICTED;
}

int xp_status(const xp *x)
{
    int status = x->status;
    for (int i = 0; i < x->n_members; i++)
        status = xp_worse(status, member_status(x, &x->members[i]));
    return status;
}

static bool has_member(const xp *x, int check)
{
    for (int i = 0; i < x->n_members; i++)
        if (x->members[i].check == check) return true;
    return false;
}

/* A check of the table without a member: INCONCLUSIVE where an assumption fails, an error
   in a run of everything. */
static void settle_unjudged(xp *x, int check, FILE *err)
{
    const char *id = x->info->checks[check].id;
    if (x->assumption != NULL) {
        enclosure unknown = {NAN, NAN, 0.0};
        region none = {NAN, NAN};
        char *name = xp_format("%s", id);
        keep(x, (xp_member){check, name, unknown, none, INCONCLUSIVE, false, NAN});
    } else if (x->options.only == NULL && x->target == NULL) {
        fprintf(err, "%s: check %s was never judged\n", x->name, id);
        x->status = xp_worse(x->status, XP_FAILED);
    }
}

void xp_settle(xp *x, FILE *err)
{
    for (int c = 0; c < x->info->n_checks; c++)
        if (!has_member(x, c)) settle_unjudged(x, c, err);
    for (int i = 0; i < x->n_members; i++)
        if (is_nan(x, &x->members[i]))
            fprintf(err, "%s: %s: NaN, a numerical failure\n", x->name,
                    x->members[i].name);
    if (x->options.only != NULL && x->n_members == 0) {
        fprintf(
            err,
            "%s: --only '%s': expected a pattern that matches a check, see --list\n",
            x->name, x->options.only);
        x->status = xp_worse(x->status, XP_USAGE);
    }
}
