/* Divergences of Gaussian laws on R^d. */
#include "divergence.h"

#include "check.h"

static double kl_1d(double m1, double v1, double m2, double v2)
{
    return 0.5 * (v1 / v2 - 1.0 - log(v1 / v2) + (m1 - m2) * (m1 - m2) / v2);
}

/* Diagonal covariances: KL and W2^2 are sums over the coordinates. */
static void diagonal_laws_split_into_coordinates(void **state)
{
    (void)state;
    const double m1[3] = {0.3, -1.0, 2.0}, m2[3] = {0.0, 0.5, 2.0};
    const double v1[3] = {0.5, 2.0, 1.0}, v2[3] = {1.0, 0.25, 1.5};
    double c1[9] = {0}, c2[9] = {0}, kl = 0.0, w2 = 0.0, kl_sum = 0.0, w2_sum = 0.0;
    for (long i = 0; i < 3; i++) {
        c1[4 * i] = v1[i];
        c2[4 * i] = v2[i];
        double gap = sqrt(v1[i]) - sqrt(v2[i]);
        kl_sum += kl_1d(m1[i], v1[i], m2[i], v2[i]);
        w2_sum += (m1[i] - m2[i]) * (m1[i] - m2[i]) + gap * gap;
    }
    assert_int_equal(divergence_gauss_kl(3, m1, c1, m2, c2, &kl), SC_OK);
    assert_int_equal(divergence_gauss_w2(3, m1, c1, m2, c2, &w2), SC_OK);
    assert_close(kl, kl_sum, 1e-14);
    assert_close(w2, sqrt(w2_sum), 1e-14);
}

/* In the plane the Bures distance is closed: with M = C1 C2,
   tr M^{1/2} = {tr M + 2 (det M)^{1/2}}^{1/2}; and KL = (tr C2^{-1} C1 - 2 - log det)/2 + mean part. */
static void planar_laws_have_closed_forms(void **state)
{
    (void)state;
    const double m1[2] = {1.0, 0.0}, m2[2] = {0.0, 2.0};
    const double c1[4] = {2.0, 0.9, 0.9, 1.0}, c2[4] = {0.7, -0.4, -0.4, 1.6};
    double det1 = 2.0 - 0.81, det2 = 1.12 - 0.16;
    double trace = 2.0 * 0.7 + 2.0 * 0.9 * (-0.4) + 1.6;
    double bures = 3.0 + 2.3 - 2.0 * sqrt(trace + 2.0 * sqrt(det1 * det2));
    /* C2^{-1} = [1.6 0.4; 0.4 0.7]/det2 */
    double solve = (1.6 * 2.0 + 2.0 * 0.4 * 0.9 + 0.7) / det2;
    double mean = (1.6 - 2.0 * 0.4 * 2.0 + 0.7 * 4.0) / det2;
    double kl = 0.0, w2 = 0.0;
    assert_int_equal(divergence_gauss_kl(2, m1, c1, m2, c2, &kl), SC_OK);
    assert_int_equal(divergence_gauss_w2(2, m1, c1, m2, c2, &w2), SC_OK);
    assert_close(kl, 0.5 * (solve - 2.0 - log(det1 / det2) + mean), 1e-13);
    assert_close(w2, sqrt(5.0 + bures), 1e-13);
    double back = 0.0;
    assert_int_equal(divergence_gauss_w2(2, m2, c2, m1, c1, &back), SC_OK);
    assert_close(back, w2, 1e-13);
}

/* Close laws: C1 = (1 + h) C2 gives KL = d (h - log(1 + h))/2 and W2 = (sqrt(1+h) - 1) sqrt(tr C2),
   to relative accuracy, where the textbook forms would have lost every digit. */
static void close_laws_keep_their_digits(void **state)
{
    (void)state;
    const double h = 0x1p-27, m[2] = {0.0, 0.0}; /* (1 + h) c is exact for short c */
    const double c2[4] = {1.5, 0.5, 0.5, 1.0};
    double c1[4], kl = 0.0, w2 = 0.0;
    for (int i = 0; i < 4; i++) c1[i] = (1.0 + h) * c2[i];
    assert_int_equal(divergence_gauss_kl(2, m, c1, m, c2, &kl), SC_OK);
    assert_int_equal(divergence_gauss_w2(2, m, c1, m, c2, &w2), SC_OK);
    assert_close(kl, 0.5 * h * h, 1e-6);
    assert_close(w2, 0.5 * h * sqrt(2.5), 1e-6);
}

/* N(0, w w^T) against N(0, L L^T): the limit of w w^T + e I; |w|^2 + tr C - 2 sqrt(w^T C w); 0 for L = (w, 0);
   and 1e-9 |w| for L = (1 + 1e-9) w, where the formula above has lost every digit. */
static void rank_one(void **state)
{
    (void)state;
    const double zero[2] = {0.0, 0.0}, w[2] = {1.2, -0.5},
                 L[2][2] = {{0.9, 0.3}, {0.2, 1.1}};
    double c1[4], c2[4], near_w2 = 0.0, e = 1e-6;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            c1[2 * i + j] = w[i] * w[j] + (i == j ? e : 0.0);
            c2[2 * i + j] = L[i][0] * L[j][0] + L[i][1] * L[j][1];
        }
    double form = w[0] * w[0] * c2[0] + 2.0 * w[0] * w[1] * c2[1] + w[1] * w[1] * c2[3];
    double size = w[0] * w[0] + w[1] * w[1];
    double w2 = sqrt(size + c2[0] + c2[3] - 2.0 * sqrt(form));
    enclosure measured = divergence_gauss_w2_rank_one(2, w, 2, L[0]);
    assert_true(measured.lo <= w2 && w2 <= measured.hi);
    assert_near(enclosure_halfwidth(measured), 0.0, 1e-14);
    assert_int_equal(divergence_gauss_w2(2, zero, c1, zero, c2, &near_w2), SC_OK);
    assert_near(near_w2, w2, 1.01 * sqrt(e)); /* triangle inequality */

    double stretched[4] = {(1.0 + 1e-9) * w[0], 0.0, (1.0 + 1e-9) * w[1], 0.0};
    measured = divergence_gauss_w2_rank_one(2, w, 2, stretched);
    assert_near(enclosure_mid(measured), 1e-9 * sqrt(size), 1e-15);
    const double same[2] = {1.2, -0.5}, across[2] = {0.5, 1.2};
    assert_true(divergence_gauss_w2_rank_one(2, w, 1, same).lo == 0.0);
    assert_close(enclosure_mid(divergence_gauss_w2_rank_one(2, w, 1, across)),
                 sqrt(2.0 * size), 1e-14); /* L^T w = 0 */
}

static void a_covariance_that_is_none_is_refused(void **state)
{
    (void)state;
    const double m[2] = {0.0, 0.0}, good[4] = {1.0, 0.0, 0.0, 1.0};
    const double bad[4] = {1.0, 2.0, 2.0, 1.0}, flat[4] = {1.0, 1.0, 1.0, 1.0};
    double v = -7.0;
    assert_int_equal(divergence_gauss_kl(2, m, good, m, bad, &v), SC_EDOMAIN);
    assert_int_equal(divergence_gauss_kl(2, m, bad, m, good, &v), SC_EDOMAIN);
    assert_int_equal(divergence_gauss_w2(2, m, good, m, bad, &v), SC_EDOMAIN);
    assert_int_equal(divergence_gauss_w2(2, m, bad, m, good, &v), SC_EDOMAIN);
    assert_int_equal(divergence_gauss_w2(2, m, good, m, flat, &v), SC_EDOMAIN);
    assert_true(v == -7.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(diagonal_laws_split_into_coordinates),
        cmocka_unit_test(planar_laws_have_closed_forms),
        cmocka_unit_test(close_laws_keep_their_digits),
        cmocka_unit_test(rank_one),
        cmocka_unit_test(a_covariance_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
