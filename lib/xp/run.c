/* The run an experiment is given: what it may ask for. */
#include "xp/driver.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const double ALPHA = 1e-6;

static void require_wellformed(const xp_info *info)
{
    for (int i = 0; i < info->n_checks; i++) {
        const xp_check *c = &info->checks[i];
        REQUIRE(c->id != NULL && c->id[0] != '\0' && c->text != NULL);
        for (const char *s = c->id; *s != '\0'; s++)
            REQUIRE(islower((unsigned char)*s) || isdigit((unsigned char)*s) ||
                    *s == '-');
        REQUIRE((c->role == xp_printed) == (c->correction != NULL));
        for (int j = 0; j < i; j++) REQUIRE(strcmp(info->checks[j].id, c->id) != 0);
    }
}

xp *xp_open(const char *name, const char *chapter, const xp_info *info,
            const xp_options *o)
{
    require_wellformed(info);
    xp *x = NEW(xp);
    *x = (xp){.name = name, .chapter = chapter, .info = info, .options = *o};
    x->rows_stream = open_memstream(&x->rows, &x->rows_length);
    REQUIRE(x->rows_stream != NULL);
    return x;
}

void xp_close(xp *x)
{
    if (x == NULL) return;
    for (int i = 0; i < x->n_members; i++) free(x->members[i].name);
    free(x->members);
    fclose(x->rows_stream);
    free(x->rows);
    free(x->assumption);
    free(x->note);
    gmm_free(x->target);
    store_close(x->laws);
    free(x);
}

long xp_effort(const xp *x, long quick, long full)
{
    return x->options.full ? full : quick;
}

bool xp_full(const xp *x) { return x->options.full; }

double xp_alpha(const xp *x)
{
    (void)x;
    return ALPHA;
}

rng_key xp_stream(const xp *x, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *stream = xp_vformat(fmt, args);
    va_end(args);
    char *name = xp_format("%s/%s", x->name, stream);
    rng_key key = rng_key_of((uint64_t)x->options.seed, name);
    free(name);
    free(stream);
    return key;
}

const gmm *xp_target(const xp *x) { return x->target; }

const store *xp_laws(const xp *x) { return x->laws; }

void xp_assumption_fails(xp *x, const char *fmt, ...)
{
    REQUIRE(x->target != NULL); /* only a user's target can violate one */
    va_list args;
    va_start(args, fmt);
    free(x->assumption);
    x->assumption = xp_vformat(fmt, args);
    va_end(args);
}

void xp_note(xp *x, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    free(x->note);
    x->note = xp_vformat(fmt, args);
    va_end(args);
}

char *xp_data_path(const char *name) { return xp_format("%s/%s", XP_DATA_DIR, name); }

bool xp_target_on_line(xp *x)
{
    int d = x->target ? gmm_dim(x->target) : 1;
    if (d != 1)
        xp_assumption_fails(
            x, "the laws are computed on the line; the target has d = %d", d);
    return d == 1;
}
