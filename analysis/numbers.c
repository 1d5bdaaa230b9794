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

/* The exponent of "1e-13" as the reader writes it: "·10⁻¹³". */
static void power_of_ten(FILE *out, const char *exponent)
{
    static const char *const DIGITS[] = {"⁰", "¹", "²", "³", "⁴",
                                         "⁵", "⁶", "⁷", "⁸", "⁹"};
    long e = strtol(exponent, NULL, 10);
    char text[24];
    snprintf(text, sizeof text, "%ld", labs(e));
    fputs(e < 0 ? "·10⁻" : "·10", out);
    for (const char *c = text; *c != '\0'; c++) fputs(DIGITS[*c - '0'], out);
}

/* v to `digits` digits, with a true minus sign; trailing zeros are kept if `padded`. */
static void general(FILE *out, double v, int digits, bool padded)
{
    char text[64];
    snprintf(text, sizeof text, padded ? "%#.*g" : "%.*g", digits, fabs(v));
    char *e = strchr(text, 'e');
    if (e != NULL) *e = '\0';
    fprintf(out, "%s%s", v < 0.0 ? "−" : "", text);
    if (e != NULL) power_of_ten(out, e + 1);
}

void report_number(FILE *out, double v)
{
    if (isinf(v))
        fputs(v > 0.0 ? "∞" : "−∞", out);
    else if (!isnan(v))
        general(out, v, 3, false);
}

/* mid +- half, as many digits of mid as half leaves sure. */
static void around(FILE *out, double mid, double half)
{
    int digits = 2 + (int)floor(log10(fabs(mid))) - (int)floor(log10(half));
    general(out, mid, digits < 15 ? digits : 15, true);
    fputs(" ± ", out);
    general(out, half, 2, false);
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
        fputs(isinf(lo) ? "≤ " : "≥ ", out);
        general(out, isinf(lo) ? hi : lo, 7, false);
    } else if (lo == hi)
        general(out, lo, 10, false);
    else if (half < NARROW * fabs(mid))
        around(out, mid, half);
    else {
        fputc('[', out);
        general(out, lo, 3, false);
        fputs(", ", out);
        general(out, hi, 3, false);
        fputc(']', out);
    }
}
