/* The fields. */
#include "base.h"
#include "catalogue.h"

#include <math.h>

/* ---- On the line: s_theta and its slope ------------------------------------------------- */

static void wavy(const void *ctx, long n, int d, const double *x, int ldx, double *s,
                 int lds)
{
    double theta = *(const double *)ctx;
    REQUIRE(d == 1);
    for (long i = 0; i < n; i++)
        s[i * lds] = -theta * x[i * ldx] + 0.7 * sin(2.0 * x[i * ldx]);
}

static void wavy_slope(const void *ctx, int d, const double *x, double *J, int ldj)
{
    (void)d, (void)ldj;
    J[0] = -*(const double *)ctx + 1.4 * cos(2.0 * x[0]);
}

static void saturating(const void *ctx, long n, int d, const double *x, int ldx,
                       double *s, int lds)
{
    double theta = *(const double *)ctx;
    REQUIRE(d == 1);
    for (long i = 0; i < n; i++) s[i * lds] = -2.0 * tanh(theta * x[i * ldx]);
}

static void saturating_slope(const void *ctx, int d, const double *x, double *J,
                             int ldj)
{
    (void)d, (void)ldj;
    double theta = *(const double *)ctx, rise = 1.0 / cosh(theta * x[0]);
    J[0] = -2.0 * theta * rise * rise;
}

static void linear(const void *ctx, long n, int d, const double *x, int ldx, double *s,
                   int lds)
{
    double theta = *(const double *)ctx;
    REQUIRE(d == 1);
    for (long i = 0; i < n; i++) s[i * lds] = -theta * x[i * ldx];
}

static void linear_slope(const void *ctx, int d, const double *x, double *J, int ldj)
{
    (void)d, (void)x, (void)ldj;
    J[0] = -*(const double *)ctx;
}

static void shift(const void *ctx, long n, int d, const double *x, int ldx, double *s,
                  int lds)
{
    double theta = *(const double *)ctx;
    REQUIRE(d == 1);
    for (long i = 0; i < n; i++) s[i * lds] = theta - x[i * ldx];
}

static void shift_slope(const void *ctx, int d, const double *x, double *J, int ldj)
{
    (void)ctx, (void)d, (void)x, (void)ldj;
    J[0] = -1.0;
}

field catalogue_wavy(const double *theta)
{
    return (field){"wavy", wavy, wavy_slope, theta};
}

field catalogue_tanh(const double *theta)
{
    return (field){"tanh", saturating, saturating_slope, theta};
}

field catalogue_linear(const double *theta)
{
    return (field){"linear", linear, linear_slope, theta};
}

field catalogue_shift(const double *theta)
{
    return (field){"shift", shift, shift_slope, theta};
}

static const double THETA[] = {0.4, 1.3};
const field CATALOGUE_FIELDS[CATALOGUE_N_FIELDS] = {
    {"wavy theta=0.4", wavy, wavy_slope, &THETA[0]},
    {"wavy theta=1.3", wavy, wavy_slope, &THETA[1]},
    {"tanh theta=0.4", saturating, saturating_slope, &THETA[0]},
    {"tanh theta=1.3", saturating, saturating_slope, &THETA[1]},
    {"linear theta=0.4", linear, linear_slope, &THETA[0]},
    {"linear theta=1.3", linear, linear_slope, &THETA[1]},
};

/* ---- Classes: s^2 + 2 s' and its derivatives in theta ----------------------------------------- */

/* 4 T^2 - 4 theta S with T = tanh(theta x), S = 1 - T^2. */
static match_jet tanh_jet(double theta, double x)
{
    double T = tanh(theta * x), S = 1.0 - T * T, TSx = T * S * x;
    return (match_jet){4.0 * (T * T - theta * S), 8.0 * (1.0 + theta) * TSx - 4.0 * S,
                       16.0 * TSx +
                           8.0 * (1.0 + theta) * x * x * S * (1.0 - 3.0 * T * T)};
}

static match_jet linear_jet(double theta, double x)
{
    return (match_jet){theta * (theta * x * x - 2.0), 2.0 * (theta * x * x - 1.0),
                       2.0 * x * x};
}

static match_jet shift_jet(double theta, double x)
{
    return (match_jet){(theta - x) * (theta - x) - 2.0, 2.0 * (theta - x), 2.0};
}

/* clang-format off */
const match_class
    CATALOGUE_CLASS_TANH = {"tanh", catalogue_tanh, tanh_jet, -1.0, 2.0},
    CATALOGUE_CLASS_LINEAR = {"linear", catalogue_linear, linear_jet, 0.0, 10.0},
    CATALOGUE_CLASS_INTERVAL = {"interval", catalogue_linear, linear_jet, 0.3, 0.5},
    CATALOGUE_CLASS_SHIFT = {"shift", catalogue_shift, shift_jet, 1.0, 2.0};
/* clang-format on */

/* ---- In R^d -------------------------------------------------------------------------------- */

static void cyclic(const void *ctx, long n, int d, const double *x, int ldx, double *s,
                   int lds)
{
    double c = *(const double *)ctx;
    for (long i = 0; i < n; i++)
        for (int j = 0; j < d; j++)
            s[i * lds + j] =
                -c * x[i * ldx + j] + 3.0 * sin(2.0 * x[i * ldx + (j + 1) % d]);
}

static void cyclic_jacobian(const void *ctx, int d, const double *x, double *J, int ldj)
{
    double c = *(const double *)ctx;
    for (long j = 0; j < d; j++)
        for (int k = 0; k < d; k++)
            J[j * ldj + k] =
                (k == j ? -c : 0.0) + (k == (j + 1) % d ? 6.0 * cos(2.0 * x[k]) : 0.0);
}

field catalogue_cyclic(const double *c)
{
    return (field){"cyclic", cyclic, cyclic_jacobian, c};
}

static void matrix(const void *ctx, long n, int d, const double *x, int ldx, double *s,
                   int lds)
{
    const double *B = ctx;
    for (long i = 0; i < n; i++)
        for (long j = 0; j < d; j++) {
            double sum = 0.0;
            for (int k = 0; k < d; k++) sum += B[j * d + k] * x[i * ldx + k];
            s[i * lds + j] = -sum;
        }
}

static void matrix_jacobian(const void *ctx, int d, const double *x, double *J, int ldj)
{
    (void)x;
    const double *B = ctx;
    for (long j = 0; j < d; j++)
        for (int k = 0; k < d; k++) J[j * ldj + k] = -B[j * d + k];
}

field catalogue_matrix(const double *B)
{
    return (field){"matrix", matrix, matrix_jacobian, B};
}

const double CATALOGUE_L2_SIGMA[4] = {1.5, 0.4, 0.4, 0.7};
const double CATALOGUE_L2_B[4] = {1.2, 0.3, -0.5, 0.9};

/* ---- In the plane -------------------------------------------------------------------------- */

static void plane(const void *ctx, long n, int d, const double *x, int ldx, double *s,
                  int lds)
{
    (void)ctx;
    REQUIRE(d == 2);
    for (long i = 0; i < n; i++) {
        double a = x[i * ldx], b = x[i * ldx + 1];
        s[i * lds] = -a + 0.5 * sin(b);
        s[i * lds + 1] = -b + 0.3 * a * cos(b);
    }
}

static void plane_jacobian(const void *ctx, int d, const double *x, double *J, int ldj)
{
    (void)ctx, (void)d;
    J[0] = -1.0;
    J[1] = 0.5 * cos(x[1]);
    J[ldj] = 0.3 * cos(x[1]);
    J[ldj + 1] = -1.0 - 0.3 * x[0] * sin(x[1]);
}

const field CATALOGUE_PLANE_FIELD = {"plane", plane, plane_jacobian, NULL};
