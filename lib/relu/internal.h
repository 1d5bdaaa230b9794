/* internal.h -- how a network is stored. */
#ifndef SC_RELU_INTERNAL_H
#define SC_RELU_INTERNAL_H

#include "relu.h"

/* Distinct dyadic numbers; an open-addressing hash table finds the index of one. */
typedef struct {
    arf_ptr value;
    double *rounded;
    long n, room;
    int *slot; /* slots of them, a power of two: index + 1, or 0 */
    long slots;
} relu_pool;
void relu_pool_init(relu_pool *p);
void relu_pool_clear(relu_pool *p);
int relu_pool_find(relu_pool *p, const arf_t x);

/* Rows of a sparse matrix with a constant each, in the pool's indices: row i has the entries
   first[i] .. first[i+1]-1, its constant is constant[i] or RELU_NONE. As the map of a layer
   row i gives neuron i (the constant is -b_i); as the signals of a layer row i is signal i. */
enum { RELU_NONE = -1 };
typedef struct {
    int neuron, weight;
} relu_entry;
typedef struct {
    relu_entry *entry;
    long n, room;
    long *first;
    int *constant;
    long rows, row_room;
} relu_rows;
void relu_rows_init(relu_rows *r);
void relu_rows_clear(relu_rows *r);
void relu_rows_append(relu_rows *r, relu_entry e); /* to the row under way */
void relu_rows_end(relu_rows *r, int constant);    /* ends that row */

struct relu {
    int inputs, layers;
    relu_rows *map; /* layers of them, ReLU after all but the last */
    relu_pool pool;
};
/* The widest layer, with the input and the output. */
long relu_widest(const relu *f);

/* *array, of room objects of `size` bytes, grown to hold more than n. */
void relu_grow(void *array, long *room, long n, size_t size);

#endif
