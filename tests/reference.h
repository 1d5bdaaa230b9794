/* reference -- the known values of tests/reference, for the unit tests.
 *
 * `file` is "matching" or "sampling"; `id` names an entry there. A missing file or entry ends the
 * test program with a line that names it.
 */
#ifndef SC_TESTS_REFERENCE_H
#define SC_TESTS_REFERENCE_H

/* The value, rounded to double. */
double reference_value(const char *file, const char *id);
/* How many of its significant decimal digits are known to be correct (9 to 20). */
int reference_digits(const char *file, const char *id);
/* |value| 10^(1-digits): what the value may be off by. */
double reference_error(const char *file, const char *id);

#endif
