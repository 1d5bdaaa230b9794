/* Factorisations give back what they factor; products agree with the definition. */
#include "linalg.h"

#include "check.h"

#include <string.h>

enum { D = 4, LD = 6 };

/* Symmetric and positive definite; the columns beyond D must stay unread. */
static const double SPD[D][LD] = {
    {4.0, 1.0, -0.5, 0.3, 99.0, 99.0},
    {1.0, 3.0, 0.2, -0.7, 99.0, 99.0},
    {-0.5, 0.2, 2.0, 0.4, 99.0, 99.0},
    {0.3, -0.7, 0.4, 1.0, 99.0, 99.0},
};

/* (X Y^T)_{ij} for row-major X, Y of D columns. */
static double product_nt(const double *X, int ldx, const double *Y, int ldy, int i,
                         int j)
{
    double sum = 0.0;
    for (int k = 0; k < D; k++) sum += X[i * ldx + k] * Y[j * ldy + k];
    return sum;
}

static void products_agree_with_their_definition(void **state)
{
    (void)state;
    enum { M = 3, N = 2, K = 5 };
    double A[M * LD];
    double B[N * LD];
    double Bt[K * LD];
    double C[M * LD];
    double Ct[M * LD];
    for (int i = 0; i < M; i++)
        for (int l = 0; l < K; l++) A[i * LD + l] = 1.0 + i - 0.5 * l * i;
    for (int j = 0; j < N; j++)
        for (int l = 0; l < K; l++) Bt[l * LD + j] = B[j * LD + l] = 2.0 * j + 0.25 * l;
    for (int i = 0; i < M * LD; i++) C[i] = Ct[i] = i;

    linalg_gemm_nt(M, N, K, 2.0, A, LD, B, LD, -1.0, C, LD);
    linalg_gemm(M, N, K, 2.0, A, LD, Bt, LD, -1.0, Ct, LD);
    for (int i = 0; i < M; i++) {
        for (int j = 0; j < N; j++) {
            double expected = -(i * LD + j);
            for (int l = 0; l < K; l++) expected += 2.0 * A[i * LD + l] * B[j * LD + l];
            assert_near(C[i * LD + j], expected, 1e-13);
            assert_near(Ct[i * LD + j], expected, 1e-13);
        }
        for (int j = N; j < LD; j++) assert_true(C[i * LD + j] == i * LD + j);
    }
}

static void cholesky_gives_the_matrix_back(void **state)
{
    (void)state;
    double L[D][LD];
    memcpy(L, SPD, sizeof L);
    assert_int_equal(linalg_cholesky(D, L[0], LD), SC_OK);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++) {
            assert_near(product_nt(L[0], LD, L[0], LD, i, j), SPD[i][j], 1e-15);
            if (j > i) assert_true(L[i][j] == 0.0);
        }
}

static void cholesky_refuses_an_indefinite_matrix_and_leaves_it(void **state)
{
    (void)state;
    double A[4] = {1.0, 2.0, 2.0, 1.0};
    assert_int_equal(linalg_cholesky(2, A, 2), SC_EDOMAIN);
    assert_true(A[0] == 1.0 && A[1] == 2.0 && A[2] == 2.0 && A[3] == 1.0);
}

/* A v = w v, w increasing, V V^T = I. */
static void eigenvectors_satisfy_their_equation(void **state)
{
    (void)state;
    double w[D];
    double V[D][LD];
    assert_int_equal(linalg_eigen(D, SPD[0], LD, w, V[0], LD), SC_OK);
    for (int i = 0; i < D; i++) {
        if (i > 0) assert_true(w[i - 1] <= w[i]);
        for (int j = 0; j < D; j++) {
            assert_near(product_nt(SPD[0], LD, V[0], LD, j, i), w[i] * V[i][j], 1e-14);
            assert_near(product_nt(V[0], LD, V[0], LD, i, j), i == j, 1e-14);
        }
    }
}

/* R = R^T, R R = A, also where A is singular: (1,1)(1,1)^T has the root A / sqrt 2. */
static void square_root_squares_to_the_matrix(void **state)
{
    (void)state;
    double R[D][LD];
    assert_int_equal(linalg_sqrt(D, SPD[0], LD, R[0], LD), SC_OK);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++) {
            assert_near(product_nt(R[0], LD, R[0], LD, i, j), SPD[i][j], 1e-14);
            assert_near(R[i][j], R[j][i], 1e-15);
        }
    const double ones[4] = {1.0, 1.0, 1.0, 1.0};
    double root[4];
    assert_int_equal(linalg_sqrt(2, ones, 2, root, 2), SC_OK);
    for (int i = 0; i < 4; i++) assert_near(root[i], sqrt(0.5), 1e-8);
    const double negative[1] = {-1.0};
    assert_int_equal(linalg_sqrt(1, negative, 1, root, 1), SC_EDOMAIN);
}

static void solution_satisfies_its_equation(void **state)
{
    (void)state;
    const double b[D] = {1.0, -2.0, 0.5, 3.0};
    double x[D];
    memcpy(x, b, sizeof x);
    assert_int_equal(linalg_solve_spd(D, SPD[0], LD, x), SC_OK);
    for (int i = 0; i < D; i++)
        assert_near(product_nt(SPD[0], LD, x, 0, i, 0), b[i], 1e-14);
    const double indefinite[4] = {0.0, 1.0, 1.0, 0.0};
    double untouched[2] = {5.0, 6.0};
    assert_int_equal(linalg_solve_spd(2, indefinite, 2, untouched), SC_EDOMAIN);
    assert_true(untouched[0] == 5.0 && untouched[1] == 6.0);
}

static void the_core_has_a_name(void **state)
{
    (void)state;
    assert_true(strlen(linalg_core()) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_agree_with_their_definition),
        cmocka_unit_test(cholesky_gives_the_matrix_back),
        cmocka_unit_test(cholesky_refuses_an_indefinite_matrix_and_leaves_it),
        cmocka_unit_test(eigenvectors_satisfy_their_equation),
        cmocka_unit_test(square_root_squares_to_the_matrix),
        cmocka_unit_test(solution_satisfies_its_equation),
        cmocka_unit_test(the_core_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
