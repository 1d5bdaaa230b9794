/* check -- cmocka with what it needs, and comparison of doubles.  For tests/unit. */
#ifndef SC_TESTS_CHECK_H
#define SC_TESTS_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* |a - b| <= tolerance; NaN is near nothing. Prints both on failure. */
#define assert_near(a, b, tolerance)                                                   \
    check_near((a), (b), (tolerance), #a, __FILE__, __LINE__)
/* |a - b| <= tolerance |b|. */
#define assert_close(a, b, tolerance)                                                  \
    check_near((a), (b), (tolerance)*fabs(b), #a, __FILE__, __LINE__)

static inline void check_near(double a, double b, double tolerance, const char *what,
                              const char *file, int source_line)
{
    if (fabs(a - b) <= tolerance) return;
    print_error("%s = %.17g, expected %.17g +- %.3g (off by %.3g)\n", what, a, b,
                tolerance, a - b);
    _fail(file, source_line);
}

#endif
