/* Numbers as a reader wants them. */
#include "report.h"

#include <math.h>
#include <string.h>

double report_double(const json_t *v)
{
    if (json_is_number(v)) return json_number_value(v);
    const char *text = json_string_value(v);
    if (text == NULL || strcmp(text, "nan") == 0) return NAN;
    return text[0] == '-' ? -INFINITY : INFINITY;
}

void report_number(FILE *out, double v)
{
    if (!isnan(v)) fprintf(out, "%.3g", v);
}

/* mid +- half, as many digits of mid as half leaves sure. */
static void around(FILE *out, double mid, double half)
{
    int digits = 2 + (int)floor(log10(fabs(mid))) - (int)floor(log10(half));
    if (digits > 15) digits = 15;
    fprintf(out, "%.*g ± %.2g", digits, mid, half);
}

void report_interval(FILE *out, double lo, double hi)
{
    static const double NARROW = 0.1; /* half-width over midpoint */
    double mid = 0.5 * lo + 0.5 * hi, half = 0.5 * (hi - lo);
    if (isnan(lo) || isnan(hi))
        fputs("–", out);
    else if (isinf(lo) && isinf(hi))
        fputs(lo < hi ? "anything" : lo < 0.0 ? "−∞" : "∞", out);
    else if (isinf(lo))
        fprintf(out, "≤ %.7g", hi);
    else if (isinf(hi))
        fprintf(out, "≥ %.7g", lo);
    else if (lo == hi)
        fprintf(out, "%.10g", lo);
    else if (half < NARROW * fabs(mid))
        around(out, mid, half);
    else
        fprintf(out, "[%.3g, %.3g]", lo, hi);
}
