/* store -- numbers kept in a folder under what they were computed from.  Floor 0.
 *
 * Programs that share a folder compute each law once: the first to ask computes while the others that
 * ask for the same wait. What is read back has the bytes that were written, so that no result depends on
 * the folder. The folder is the caller's to empty: nothing in it says which program wrote it.
 */
#ifndef SC_STORE_H
#define SC_STORE_H

#include "base.h"

/* 128-bit digest (two FNV-1a hashes) of what was added, in order; a value. */
typedef struct {
    uint64_t word[2];
} store_key;
store_key store_key_new(void);
void store_key_text(store_key *k, const char *text);
void store_key_doubles(store_key *k, long n, const double *x);

/* A folder; the caller frees. NULL if it cannot be created or written. */
typedef struct store store;
store *store_open(const char *folder);
void store_close(store *s);

/* Computes n numbers; a status. */
typedef int store_compute(const void *ctx, int n, double *value);
/* value <- what stands under the key, else f(ctx), which is kept if it succeeds. s may be NULL: computes.
   A folder that fails (full, removed) only costs time. The failing status of f. */
BASE_MUST_USE int store_fetch(const store *s, store_key key, store_compute *f,
                              const void *ctx, int n, double *value);

#endif
