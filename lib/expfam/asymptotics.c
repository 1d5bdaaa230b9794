/* What the moments say of the estimators as n -> infinity. */
#include "internal.h"

#include <math.h>

/* C = A B */
static expfam_matrix times(int k, const expfam_matrix *A, const expfam_matrix *B)
{
    expfam_matrix C;
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++) {
            C.at[i][j] = enclosure_mul(A->at[i][0], B->at[0][j]);
            for (int l = 1; l < k; l++)
                C.at[i][j] =
                    enclosure_add(C.at[i][j], enclosure_mul(A->at[i][l], B->at[l][j]));
        }
    return C;
}

static void apply(int k, const expfam_matrix *A, const enclosure *x, enclosure *y)
{
    for (int i = 0; i < k; i++) {
        y[i] = enclosure_mul(A->at[i][0], x[0]);
        for (int l = 1; l < k; l++)
            y[i] = enclosure_add(y[i], enclosure_mul(A->at[i][l], x[l]));
    }
}

/* By the adjugate. */
int expfam_inverse(int k, const expfam_matrix *A, expfam_matrix *inverse)
{
    REQUIRE(k == 1 || k == 2);
    expfam_matrix adjugate = {.at = {{{1.0, 1.0, 0.0}}}};
    enclosure det = A->at[0][0];
    if (k == 2) {
        det = enclosure_sub(enclosure_mul(A->at[0][0], A->at[1][1]),
                            enclosure_mul(A->at[0][1], A->at[1][0]));
        adjugate.at[0][0] = A->at[1][1];
        adjugate.at[1][1] = A->at[0][0];
        adjugate.at[0][1] = enclosure_scale(A->at[0][1], -1.0);
        adjugate.at[1][0] = enclosure_scale(A->at[1][0], -1.0);
    }
    if (!(det.lo > 0.0 || det.hi < 0.0)) return SC_EDOMAIN;
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++)
            inverse->at[i][j] = enclosure_div(adjugate.at[i][j], det);
    return SC_OK;
}

int expfam_sandwich(int k, const expfam_matrix *A, const expfam_matrix *S,
                    expfam_matrix *G)
{
    expfam_matrix inverse;
    CHECK(expfam_inverse(k, A, &inverse));
    expfam_matrix left = times(k, &inverse, S);
    *G = times(k, &left, &inverse);
    return SC_OK;
}

/* A^{-1}, A = E F' F'^T */
static int inverse_of_A(const expfam *p, expfam_matrix *inverse)
{
    expfam_matrix A;
    CHECK(expfam_second(p, EXPFAM_SLOPE, &A));
    return expfam_inverse(p->k, &A, inverse);
}

int expfam_equation(const expfam *p, enclosure residual[EXPFAM_MAX])
{
    enclosure mean[EXPFAM_MAX];
    expfam_matrix S;
    CHECK(expfam_mean(p, EXPFAM_PSI, mean));
    CHECK(expfam_second(p, EXPFAM_PSI, &S));
    for (int i = 0; i < p->k; i++)
        residual[i] = enclosure_scale(mean[i], 1.0 / fmax(1.0, sqrt(S.at[i][i].hi)));
    return SC_OK;
}

int expfam_theta(const expfam *p, enclosure theta[EXPFAM_MAX])
{
    expfam_matrix inverse;
    enclosure known[EXPFAM_MAX];
    CHECK(expfam_mean(p, EXPFAM_KNOWN, known));
    CHECK(inverse_of_A(p, &inverse));
    apply(p->k, &inverse, known, theta);
    for (int i = 0; i < p->k; i++) theta[i] = enclosure_scale(theta[i], -1.0);
    return SC_OK;
}

int expfam_gamma_mle(const expfam *p, expfam_matrix *G)
{
    expfam_matrix C;
    CHECK(expfam_cov(p, EXPFAM_F, &C));
    return expfam_inverse(p->k, &C, G);
}

int expfam_gamma(const expfam *p, expfam_vector v, expfam_matrix *G)
{
    expfam_matrix A, S;
    CHECK(expfam_second(p, EXPFAM_SLOPE, &A));
    CHECK(expfam_cov(p, v, &S));
    return expfam_sandwich(p->k, &A, &S, G);
}

int expfam_gamma_sm(const expfam *p, int slices, expfam_matrix *G)
{
    REQUIRE(slices >= 0);
    expfam_matrix A, S, bend;
    CHECK(expfam_second(p, EXPFAM_SLOPE, &A));
    CHECK(expfam_cov(p, EXPFAM_PSI, &S));
    if (slices > 0) CHECK(expfam_second(p, EXPFAM_BEND, &bend));
    for (int i = 0; i < p->k && slices > 0; i++)
        for (int j = 0; j < p->k; j++)
            S.at[i][j] =
                enclosure_add(S.at[i][j], enclosure_scale(bend.at[i][j], 2.0 / slices));
    return expfam_sandwich(p->k, &A, &S, G);
}

int expfam_compare(const expfam *p, expfam_efficiency *e)
{
    REQUIRE(p->k == 1);
    static const expfam_vector OF[] = {EXPFAM_F, EXPFAM_PSI, EXPFAM_DRIFT, EXPFAM_BEND};
    expfam_matrix A, var[LEN(OF)], sm, mle;
    CHECK(expfam_second(p, EXPFAM_SLOPE, &A));
    for (int i = 0; i < LEN(OF); i++) CHECK(expfam_cov(p, OF[i], &var[i]));
    CHECK(expfam_sandwich(1, &A, &var[1], &sm));
    CHECK(expfam_inverse(1, &var[0], &mle));
    e->sm = sm.at[0][0];
    e->mle = mle.at[0][0];
    e->ratio = enclosure_div(e->sm, e->mle);
    e->constant = enclosure_div(var[0].at[0][0], A.at[0][0]);
    enclosure square = enclosure_mul(e->mle, e->mle);
    enclosure sum = enclosure_add(var[2].at[0][0], var[3].at[0][0]);
    e->sharp = enclosure_mul(square, var[1].at[0][0]);
    e->bound = enclosure_scale(enclosure_mul(square, sum), 2.0);
    return SC_OK;
}

/* E F'_i F'_j (A^{-1} psi)_j, summed over j */
static int third(const expfam *p, const expfam_matrix *inverse, int i, enclosure *sum)
{
    *sum = enclosure_exact(0.0);
    for (int j = 0; j < p->k; j++)
        for (int l = 0; l < p->k; l++) {
            const expfam_factor f[] = {
                {EXPFAM_SLOPE, i, 0.0}, {EXPFAM_SLOPE, j, 0.0}, {EXPFAM_PSI, l, 0.0}};
            enclosure mean;
            CHECK(expfam_product_mean(p, LEN(f), f, &mean));
            *sum = enclosure_add(*sum, enclosure_mul(inverse->at[j][l], mean));
        }
    return SC_OK;
}

int expfam_bias(const expfam *p, enclosure bias[EXPFAM_MAX])
{
    expfam_matrix inverse;
    enclosure sum[EXPFAM_MAX];
    CHECK(inverse_of_A(p, &inverse));
    for (int i = 0; i < p->k; i++) CHECK(third(p, &inverse, i, &sum[i]));
    apply(p->k, &inverse, sum, bias);
    return SC_OK;
}
