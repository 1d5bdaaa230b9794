/* Numbers as a reader wants them. */
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double report_double(const json_t *v)
{
    if (json_is_number(v)) return json_number_value(v);
    const char *text = json_string_value(v);
    if (text == NULL || strcmp(text, "nan") == 0) return NAN;
    return text[0] == '-' ? -INFINITY : INFINITY;
}

/* The exponent "-13" as the reader writes it: "10⁻¹³". */
static void power_of_ten(FILE *out, const char *exponent)
{
    static const char *const DIGITS[] = {"⁰", "¹", "²", "³", "⁴",
                                         "⁵", "⁶", "⁷", "⁸", "⁹"};
    long e = strtol(exponent, NULL, 10);
    char text[24];
    snprintf(text, sizeof text, "%ld", labs(e));
    fputs(e < 0 ? "10⁻" : "10", out);
    for (const char *c = text; *c != '\0'; c++) fputs(DIGITS[*c - '0'], out);
}

/* "1.5e-13", "1e-10" or "-4" as the reader writes them: "1.5·10⁻¹³", "10⁻¹⁰", "−4". */
static void write_digits(FILE *out, char *text)
{
    char *e = strchr(text, 'e');
    if (e != NULL) *e = '\0';
    bool negative = text[0] == '-';
    const char *mantissa = text + negative;
    size_t length = strlen(mantissa);
    if (length > 0 && mantissa[length - 1] == '.') length--;
    bool is_one = e != NULL && length == 1 && mantissa[0] == '1';
    if (negative) fputs("−", out);
    if (!is_one) fprintf(out, "%.*s", (int)length, mantissa);
    if (e == NULL) return;
    if (!is_one) fputs("·", out);
    power_of_ten(out, e + 1);
}

/* v to at most `digits` digits; a whole number below 10^15 in full. */
static void general(FILE *out, double v, int digits)
{
    static const double WHOLE = 1e15;
    char text[64];
    bool whole = fabs(v) < WHOLE && v == floor(v);
    snprintf(text, sizeof text, "%.*g", whole ? 15 : digits, v == 0.0 ? 0.0 : v);
    write_digits(out, text);
}

/* True, and the sign written, if v is infinite; true if it is NaN. */
static bool not_finite(FILE *out, double v)
{
    if (isinf(v)) fputs(v > 0.0 ? "∞" : "−∞", out);
    return !isfinite(v);
}

void report_number(FILE *out, double v)
{
    char text[64];
    if (not_finite(out, v)) return;
    snprintf(text, sizeof text, "%.3g", v);
    write_digits(out, text);
}

void report_factor(FILE *out, double v)
{
    char text[64];
    if (not_finite(out, v)) return;
    snprintf(text, sizeof text, "%#.3g", v);
    write_digits(out, text);
}

enum { DIGITS = 10 };       /* of a midpoint, at most */
#define NO_BREAK "\xc2\xa0" /* a blank at which no line ends */

/* v rounded to so many decimal digits. */
static double rounded_to(double v, int digits)
{
    char text[64];
    snprintf(text, sizeof text, "%.*g", digits, v);
    return strtod(text, NULL);
}

/* mid ± half: as many digits of mid as half leaves sure, DIGITS at most. */
static void around(FILE *out, double mid, double half)
{
    int sure = 2 + (int)floor(log10(fabs(mid))) - (int)floor(log10(half));
    double rounded = rounded_to(mid, sure < DIGITS ? sure : DIGITS);
    bool lost = fabs(rounded - mid) > 0.1 * half;
    general(out, rounded, DIGITS);
    fputs(lost ? " (±" NO_BREAK : " ±" NO_BREAK, out);
    general(out, rounded_to(half, 2), 2);
    if (lost) fputc(')', out);
}

void report_interval(FILE *out, double lo, double hi)
{
    static const double NARROW = 0.1; /* half-width over midpoint */
    double mid = 0.5 * lo + 0.5 * hi, half = 0.5 * (hi - lo);
    if (isnan(lo) || isnan(hi))
        fputs("–", out);
    else if (isinf(lo) && isinf(hi))
        fputs(lo < hi ? "anything" : lo < 0.0 ? "−∞" : "∞", out);
    else if (isinf(lo) || isinf(hi)) {
        fputs(isinf(lo) ? "≤" NO_BREAK : "≥" NO_BREAK, out);
        general(out, isinf(lo) ? hi : lo, 7);
    } else if (lo == hi)
        general(out, lo, DIGITS);
    else if (half < NARROW * fabs(mid))
        around(out, mid, half);
    else {
        fputc('[', out);
        general(out, lo, 3);
        fputs(", ", out);
        general(out, hi, 3);
        fputc(']', out);
    }
}
