/* Weights, sparse rows, and what is counted on them. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void relu_grow(void *array, long *room, long n, size_t size)
{
    if (n < *room) return;
    const long more = *room < 8 ? 16 : 2 * *room;
    void *old, *grown = base_alloc(more, size);
    memcpy(&old, array, sizeof old);
    if (n > 0) memcpy(grown, old, (size_t)n * size);
    free(old);
    memcpy(array, &grown, sizeof grown);
    *room = more;
}

/* ---- The pool ----------------------------------------------------------------------- */

void relu_pool_init(relu_pool *p)
{
    memset(p, 0, sizeof *p);
    p->slots = 256;
    p->slot = NEW_ARRAY(int, p->slots);
}

void relu_pool_clear(relu_pool *p)
{
    for (long i = 0; i < p->n; i++) arf_clear(p->value + i);
    free(p->value);
    free(p->rounded);
    free(p->slot);
}

/* The slot of x, or the empty one where it belongs. */
static long slot_of(const relu_pool *p, const arf_t x, double rounded)
{
    uint64_t h;
    memcpy(&h, &rounded, sizeof h);
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9U; /* splitmix64 */
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebU;
    long i = (long)((h ^ (h >> 31)) & (uint64_t)(p->slots - 1));
    while (p->slot[i] != 0 && !arf_equal(p->value + p->slot[i] - 1, x))
        i = (i + 1) & (p->slots - 1);
    return i;
}

static void rehash(relu_pool *p)
{
    free(p->slot);
    p->slots *= 2;
    p->slot = NEW_ARRAY(int, p->slots);
    for (int i = 0; i < p->n; i++)
        p->slot[slot_of(p, p->value + i, p->rounded[i])] = i + 1;
}

int relu_pool_find(relu_pool *p, const arf_t x)
{
    const double rounded = arf_get_d(x, ARF_RND_NEAR);
    long at = slot_of(p, x, rounded), room = p->room;
    if (p->slot[at] != 0) return p->slot[at] - 1;
    REQUIRE(arf_is_finite(x));
    relu_grow(&p->value, &room, p->n, sizeof *p->value);
    relu_grow(&p->rounded, &p->room, p->n, sizeof *p->rounded);
    arf_init(p->value + p->n);
    arf_set(p->value + p->n, x);
    p->rounded[p->n] = rounded;
    p->slot[at] = (int)++p->n;
    if (2 * p->n > p->slots) rehash(p);
    return (int)p->n - 1;
}

/* ---- Rows --------------------------------------------------------------------------- */

void relu_rows_init(relu_rows *r)
{
    memset(r, 0, sizeof *r);
    r->row_room = 8;
    r->first = NEW_ARRAY(long, r->row_room);
    r->constant = NEW_ARRAY(int, r->row_room);
}

void relu_rows_clear(relu_rows *r)
{
    free(r->entry);
    free(r->first);
    free(r->constant);
}

void relu_rows_append(relu_rows *r, relu_entry e)
{
    relu_grow(&r->entry, &r->room, r->n, sizeof *r->entry);
    r->entry[r->n++] = e;
}

void relu_rows_end(relu_rows *r, int constant)
{
    long room = r->row_room;
    relu_grow(&r->constant, &room, r->rows + 1, sizeof *r->constant);
    relu_grow(&r->first, &r->row_room, r->rows + 1, sizeof *r->first);
    r->constant[r->rows++] = constant;
    r->first[r->rows] = r->n;
}

/* ---- The network -------------------------------------------------------------------- */

void relu_free(relu *f)
{
    if (f == NULL) return;
    for (int l = 0; l < f->layers; l++) relu_rows_clear(&f->map[l]);
    free(f->map);
    relu_pool_clear(&f->pool);
    free(f);
}

long relu_widest(const relu *f)
{
    long widest = f->inputs;
    for (int l = 0; l < f->layers; l++)
        widest = f->map[l].rows > widest ? f->map[l].rows : widest;
    return widest;
}

relu_size relu_measure(const relu *f)
{
    relu_size size = {f->layers, (int)relu_widest(f), 0, 0.0};
    for (int l = 0; l < f->layers; l++) {
        const relu_rows *r = &f->map[l];
        size.S += r->n;
        for (long j = 0; j < r->n; j++)
            size.B = fmax(size.B, fabs(f->pool.rounded[r->entry[j].weight]));
        for (long i = 0; i < r->rows; i++) {
            if (r->constant[i] == RELU_NONE) continue;
            size.S++;
            size.B = fmax(size.B, fabs(f->pool.rounded[r->constant[i]]));
        }
    }
    return size;
}

double relu_size_distance(relu_size a, relu_size b)
{
    return fmax(fmax(abs(a.L - b.L), abs(a.W - b.W)),
                fmax(fabs((double)(a.S - b.S)), fabs(a.B - b.B)));
}
