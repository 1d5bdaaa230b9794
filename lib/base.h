/* base -- status codes, preconditions, memory, sorting.  Floor 0; everything may use it.
 *
 * Conventions of the whole library
 *
 * Status      A function that can fail on valid-looking data returns int: SC_OK or a
 *             negative SC_E*, with its outputs untouched on failure. What cannot fail
 *             returns its value. Broken preconditions and lack of memory abort through
 *             REQUIRE, in every build type.
 * Order       object, inputs (const), outputs.
 * Arrays      n points in R^d are row-major with a leading dimension: point i stands at
 *             x + i*ldx, ldx >= d. The caller owns every array. The batched form is the
 *             real one.
 * Objects     What allocates is opaque, with _new and _free (free accepts NULL); small
 *             mathematical things (enclosure, region, sde, gauss) are plain values.
 * Counts      int for dimensions, long for numbers of points; never unsigned.
 * Threads     Functions may be called from several threads at once on different objects,
 *             and on the same const object. No global state, no printing below xp.
 */
#ifndef SC_BASE_H
#define SC_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SC_OK = 0,
    SC_EDOMAIN = -1,      /* an argument lies outside the domain of the formula */
    SC_EACCURACY = -2,    /* the accuracy asked for was not reached */
    SC_ECONVERGENCE = -3, /* an iteration did not converge */
    SC_EFORMAT = -4,      /* a file does not have the form it should have */
    SC_EIO = -5           /* reading or writing failed */
};

/* One line of English for a status code. */
const char *base_status_text(int status);

#define BASE_MUST_USE __attribute__((warn_unused_result))

/* REQUIRE(condition): a programmer's error; prints file, line and condition, aborts. */
#define REQUIRE(cond) ((cond) ? (void)0 : base_abort(__FILE__, __LINE__, #cond))
__attribute__((noreturn)) void base_abort(const char *file, int line, const char *what);

/* CHECK(call): returns the status of a failing call to the caller's caller. */
#define CHECK(call)                                                                    \
    do {                                                                               \
        int status_ = (call);                                                          \
        if (status_ != SC_OK) return status_;                                          \
    } while (0)

/* pi, which strict C17 leaves out of <math.h>. */
#define SC_PI 3.14159265358979323846

#define LEN(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* count objects of size bytes, zeroed, aligned to 64 bytes (a cache line, an AVX-512
   vector); never NULL. Release with free. */
void *base_alloc(long count, size_t size);
#define NEW(type)              ((type *)base_alloc(1, sizeof(type)))
#define NEW_ARRAY(type, count) ((type *)base_alloc((count), sizeof(type)))

/* What is freed stays with the process, for what is allocated next: chunks of Monte Carlo allocate and free the same
   arrays thousands of times, and memory given back must be mapped again page by page. For main. */
void base_keep_memory(void);

/* x[0..n-1] in increasing order, in place; none a NaN. */
void base_sort(long n, double *x);

#endif
