/* field -- a vector field s: R^d -> R^d and its Jacobian, batched.  Floor 1. */
#ifndef SC_FIELD_H
#define SC_FIELD_H

/* s_i = s(x_i) for n points; point i at x + i*ldx, value i at s + i*lds. */
typedef void field_eval(const void *ctx, long n, int d, const double *x, int ldx,
                        double *s, int lds);
/* J_{jk} = d s_j / d x_k at one point, row-major, ldj >= d. */
typedef void field_jacobian(const void *ctx, int d, const double *x, double *J,
                            int ldj);

typedef struct {
    const char *name;
    field_eval *eval;
    field_jacobian *jacobian; /* NULL if not known */
    const void *ctx;          /* borrowed */
} field;

#endif
