/* claim -- prediction, measurement, verdict.  Floor 4.
 *
 * A prediction is a region, a measurement an enclosure:
 *
 *     enclosure inside region           SUPPORTED
 *     enclosure and region disjoint     REFUTED
 *     neither, or NaN anywhere          INCONCLUSIVE
 */
#ifndef SC_CLAIM_H
#define SC_CLAIM_H

#include "base.h"
#include "enclosure.h"

/* The closed set [lo, hi] a statement allows; half-lines for bounds. */
typedef struct {
    double lo, hi;
} region;

region region_between(double lo, double hi);
region region_about(double value, double tolerance); /* tolerance >= 0, absolute */
region region_at_most(double hi);
region region_at_least(double lo);

typedef enum { SUPPORTED, REFUTED, INCONCLUSIVE } verdict;

verdict verdict_of(enclosure measured, region predicted);
const char *verdict_name(verdict v);

/* How an enclosure was obtained. */
typedef enum { CLOSED_FORM, EXACT_LAW, QUADRATURE, MONTE_CARLO, CERTIFIED } method;
const char *method_name(method m); /* "closed-form", "exact-law", ... */

#endif
