/* digits -- handwritten digits of 8 x 8 pixels.  Floor 0.
 *
 * The test part of the UCI set "optical recognition of handwritten digits" (Alpaydin, Kaynak 1998), 1797
 * digits, as scikit-learn ships it: one digit a line, 64 integers 0 (paper) to 16 (ink), row after row of
 * the picture, and the label 0 to 9, separated by commas.
 */
#ifndef SC_DIGITS_H
#define SC_DIGITS_H

#include "base.h"

enum { DIGITS = 1797, DIGITS_SIDE = 8, DIGITS_PIXELS = DIGITS_SIDE * DIGITS_SIDE };

/* Reads a file of exactly n digits: x (n x 64, row-major) <- pixels/8 - 1, in [-1, 1]; label (n; may be
   NULL). SC_EIO if it cannot be read, SC_EFORMAT unless it is of that form; then nothing is written. */
BASE_MUST_USE int digits_read(const char *path, int n, double *x, int *label);

#endif
