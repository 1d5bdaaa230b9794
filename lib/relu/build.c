/* Signals and layers: linear forms are multiplied out, exactly. */
#include "internal.h"

#include <stdlib.h>

struct relu_builder {
    relu f;
    long layer_room;
    relu_rows signals[2]; /* of layers `open` - 1 and `open`: layer l at l % 2 */
    int open;             /* the layer that receives neurons; 0 is the input */
    int width;            /* its neurons so far */
    /* The form under way: of neuron j the coefficient is sum[where[j]], if where[j] < n. */
    long n, room, where_room;
    long *where;
    int *neuron;
    arf_ptr sum;
    arf_t constant, term;
};

/* ---- Forms ---------------------------------------------------------------------------- */

static relu_signal keep(relu_builder *b, int layer)
{
    relu_rows *r = &b->signals[layer % 2];
    for (long i = 0; i < b->n; i++)
        if (!arf_is_zero(b->sum + i))
            relu_rows_append(
                r, (relu_entry){b->neuron[i], relu_pool_find(&b->f.pool, b->sum + i)});
    relu_rows_end(r, arf_is_zero(b->constant)
                         ? RELU_NONE
                         : relu_pool_find(&b->f.pool, b->constant));
    return (relu_signal){layer, (int)r->rows - 1};
}

static const relu_rows *signals_of(const relu_builder *b, relu_signal s)
{
    const relu_rows *r = &b->signals[s.layer % 2];
    REQUIRE(s.layer == b->open || s.layer == b->open - 1);
    REQUIRE(s.index >= 0 && s.index < r->rows);
    return r;
}

/* Coefficient of neuron j in the form under way. */
static arf_ptr coefficient(relu_builder *b, int j)
{
    while (j >= b->where_room)
        relu_grow(&b->where, &b->where_room, b->where_room, sizeof *b->where);
    const long i = b->where[j];
    if (i < b->n && b->neuron[i] == j) return b->sum + i;
    if (b->n == b->room) {
        long room = b->room;
        relu_grow(&b->neuron, &room, b->n, sizeof *b->neuron);
        relu_grow(&b->sum, &b->room, b->n, sizeof *b->sum);
        for (long k = b->n; k < b->room; k++) arf_init(b->sum + k);
    }
    b->where[j] = b->n;
    b->neuron[b->n] = j;
    arf_zero(b->sum + b->n);
    return b->sum + b->n++;
}

static void add_product(relu_builder *b, arf_ptr sum, arf_srcptr w, int weight)
{
    arf_mul(b->term, w, b->f.pool.value + weight, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_add(sum, sum, b->term, ARF_PREC_EXACT, ARF_RND_DOWN);
}

relu_signal relu_sum_exact(relu_builder *b, int n, arf_srcptr w, const relu_signal *s,
                           const arf_t c)
{
    REQUIRE(n >= 1);
    b->n = 0;
    arf_set(b->constant, c);
    for (int k = 0; k < n; k++) {
        REQUIRE(s[k].layer == s[0].layer);
        const relu_rows *r = signals_of(b, s[k]);
        const int i = s[k].index;
        for (long j = r->first[i]; j < r->first[i + 1]; j++)
            add_product(b, coefficient(b, r->entry[j].neuron), w + k,
                        r->entry[j].weight);
        if (r->constant[i] != RELU_NONE)
            add_product(b, b->constant, w + k, r->constant[i]);
    }
    return keep(b, s[0].layer);
}

relu_signal relu_sum(relu_builder *b, int n, const double *w, const relu_signal *s,
                     double c)
{
    REQUIRE(n >= 1);
    arf_ptr exact = NEW_ARRAY(arf_struct, n + 1);
    for (int k = 0; k <= n; k++) {
        arf_init(exact + k);
        arf_set_d(exact + k, k < n ? w[k] : c);
    }
    relu_signal sum = relu_sum_exact(b, n, exact, s, exact + n);
    for (int k = 0; k <= n; k++) arf_clear(exact + k);
    free(exact);
    return sum;
}

/* ---- Layers --------------------------------------------------------------------------- */

/* The signal that is neuron j of the open layer. */
static relu_signal signal_of_neuron(relu_builder *b, int j)
{
    b->n = 0;
    arf_zero(b->constant);
    arf_one(coefficient(b, j));
    return keep(b, b->open);
}

static void open_layer(relu_builder *b)
{
    relu_rows *signals = &b->signals[++b->open % 2];
    signals->n = signals->rows = 0;
    b->width = 0;
    relu_grow(&b->f.map, &b->layer_room, b->f.layers, sizeof *b->f.map);
    relu_rows_init(&b->f.map[b->f.layers++]);
}

/* Row i of r as a row of the open map. */
static void copy_row(relu_builder *b, const relu_rows *r, int i)
{
    relu_rows *map = &b->f.map[b->f.layers - 1];
    for (long j = r->first[i]; j < r->first[i + 1]; j++)
        relu_rows_append(map, r->entry[j]);
    relu_rows_end(map, r->constant[i]);
}

relu_builder *relu_begin(int inputs, relu_signal *x)
{
    REQUIRE(inputs >= 1);
    relu_builder *b = NEW(relu_builder);
    b->f.inputs = b->width = inputs;
    relu_pool_init(&b->f.pool);
    for (int i = 0; i < 2; i++) relu_rows_init(&b->signals[i]);
    arf_init(b->constant);
    arf_init(b->term);
    for (int i = 0; i < inputs; i++) x[i] = signal_of_neuron(b, i);
    return b;
}

relu_signal relu_neuron(relu_builder *b, relu_signal s)
{
    if (s.layer == b->open) {
        signals_of(b, s);
        open_layer(b);
    }
    REQUIRE(s.layer == b->open - 1);
    copy_row(b, signals_of(b, s), s.index);
    return signal_of_neuron(b, b->width++);
}

void relu_carry(relu_builder *b, int n, relu_signal *s)
{
    for (int i = 0; i < n; i++) s[i] = relu_neuron(b, s[i]);
}

relu *relu_finish(relu_builder *b, int n, const relu_signal *y)
{
    REQUIRE(n >= 1);
    for (int i = 0; i < n; i++) REQUIRE(y[i].layer == b->open);
    open_layer(b);
    for (int i = 0; i < n; i++) copy_row(b, signals_of(b, y[i]), y[i].index);
    relu *f = NEW(relu);
    *f = b->f;
    for (long k = 0; k < b->room; k++) arf_clear(b->sum + k);
    arf_clear(b->constant);
    arf_clear(b->term);
    for (int i = 0; i < 2; i++) relu_rows_clear(&b->signals[i]);
    free(b->where);
    free(b->neuron);
    free(b->sum);
    free(b);
    return f;
}
