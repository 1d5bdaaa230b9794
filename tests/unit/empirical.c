/* The reverse SDE with the score of an empirical law. */
#include "divergence.h"
#include "reference.h"

#include "check.h"

/* With X_T ~ N(s_T x, n_T) the bridge returns the forward law N(s_u x, n_u) of X_u. */
static void the_bridge_averages_to_the_forward_law(void **state)
{
    (void)state;
    const sde processes[] = {sde_ou(1.5), SDE_VP, SDE_SUBVP, SDE_CVP, SDE_VE_PRIME};
    for (int i = 0; i < LEN(processes); i++) {
        const sde *e = &processes[i];
        double u = 0.3 * e->T;
        bridge b = law_bridge(e, u);
        assert_close(b.shrink, sde_scale(e, u), 1e-15);
        assert_close(b.gain * b.gain * b.var_T + b.var, sde_var(e, u), 1e-13);
        /* Cov(X_u, X_T | X_0) = gain n_T = (s_T/s_u) n_u */
        assert_close(b.gain * b.var_T, b.scale_T / b.shrink * sde_var(e, u), 1e-13);
    }
}

static void the_bridge_ends_at_its_ends(void **state)
{
    (void)state;
    const sde ou = sde_ou(2.0);
    bridge begin = law_bridge(&ou, 2.0), end = law_bridge(&ou, 0.0);
    assert_near(begin.gain, 1.0, 1e-15);
    assert_near(begin.var, 0.0, 1e-15);
    assert_true(end.shrink == 1.0 && end.gain == 0.0 && end.var == 0.0);
}

/* W at T = 1 as in the statement, and the symmetric pair: weights 1/2. */
static void weights_are_known(void **state)
{
    (void)state;
    const sde ou = sde_ou(1.0);
    const double three[] = {-1.0, 0.3, 1.0}, pair[] = {-2.0, 2.0};
    const empirical of_three = law_empirical(&ou, 0.0, 3, 1, three);
    const empirical of_pair = law_empirical(&ou, 0.0, 2, 1, pair);
    const double expected[] = {0.339053855400514, 0.331709109408066, 0.329237035191420};
    enclosure w[3], tv;
    assert_int_equal(law_empirical_weights(&of_three, w, &tv), SC_OK);
    for (int i = 0; i < 3; i++) {
        assert_near(enclosure_mid(w[i]), expected[i], 2e-15);
        assert_true(enclosure_halfwidth(w[i]) < 1e-12);
    }
    assert_near(enclosure_mid(tv), 0.00572052206718, 1e-14);
    assert_int_equal(law_empirical_weights(&of_pair, w, &tv), SC_OK);
    assert_near(enclosure_mid(w[0]), 0.5, 1e-14);
}

/* e^{2T} tv at a long horizon; the next term is of order e^{-2T}. */
static void weights_have_a_limit(void **state)
{
    (void)state;
    const double T = 6.0, atoms[] = {-0.5, 0.2, 0.9, 1.6};
    const sde ou = sde_ou(T);
    const empirical e = law_empirical(&ou, 0.0, LEN(atoms), 1, atoms);
    enclosure w[LEN(atoms)], tv;
    assert_int_equal(law_empirical_weights(&e, w, &tv), SC_OK);
    assert_close(law_empirical_limit(&e), exp(2.0 * T) * enclosure_mid(tv), 1e-4);
}

/* At u = 0 every draw is an atom, and atom i has frequency W_i (4.9 standard errors). */
static void draws_at_time_zero_are_atoms(void **state)
{
    (void)state;
    enum { N = 40000 };
    static double x[N];
    const sde ou = sde_ou(0.2);
    const double atoms[] = {-1.0, 0.3, 1.0};
    const empirical e = law_empirical(&ou, 0.0, 3, 1, atoms);
    enclosure w[3], tv;
    assert_int_equal(law_empirical_weights(&e, w, &tv), SC_OK);
    law_empirical_draw(&e, rng_key_of(1, "atoms"), 0, N, x);
    int hits[3] = {0};
    for (int j = 0; j < N; j++)
        for (int i = 0; i < 3; i++) hits[i] += x[j] == atoms[i];
    assert_int_equal(hits[0] + hits[1] + hits[2], N);
    for (int i = 0; i < 3; i++) {
        double p = enclosure_mid(w[i]);
        assert_near((double)hits[i] / N, p, 4.9 * sqrt(p * (1.0 - p) / N));
    }
}

/* atom has frequencies E w_i, even 1/n; they differ as seldom as E TV(w, 1/n) allows, which is at most the
   mean over y of 1/2 sum |w_i(y) - 1/3| and at least TV(W, 1/3). With var = 0 the ends are the atoms. */
static void paired_draws_are_coupled(void **state)
{
    (void)state;
    enum { N = 40000 };
    static double y[N], z[N], x[N], kde[N];
    static int atom[N], even[N];
    const sde ou = sde_ou(0.2);
    const double atoms[] = {-1.0, 0.3, 1.0};
    const empirical e = law_empirical(&ou, 0.0, 3, 1, atoms);
    const empirical_start s = {N, y, z, atom, even};
    enclosure w[3], tv;
    assert_int_equal(law_empirical_weights(&e, w, &tv), SC_OK);
    law_empirical_begin(&e, rng_key_of(1, "pairs"), 0, &s);
    law_empirical_end(&e, &s, x, kde);
    int hits[3] = {0}, fair[3] = {0}, apart = 0;
    double distance = 0.0;
    for (int j = 0; j < N; j++) {
        hits[atom[j]]++, fair[even[j]]++, apart += atom[j] != even[j];
        assert_near(x[j], atoms[atom[j]], 1e-15);
        assert_near(kde[j], atoms[even[j]], 1e-15);
        double p[3], sum = 0.0;
        for (int i = 0; i < 3; i++) {
            double gap = y[j] - e.b.scale_T * atoms[i];
            sum += p[i] = exp(-0.5 * gap * gap / e.b.var_T);
        }
        for (int i = 0; i < 3; i++) distance += 0.5 * fabs(p[i] / sum - 1.0 / 3.0) / N;
    }
    for (int i = 0; i < 3; i++) {
        double p = enclosure_mid(w[i]), q = 1.0 / 3.0;
        assert_near((double)hits[i] / N, p, 4.9 * sqrt(p * (1.0 - p) / N));
        assert_near((double)fair[i] / N, q, 4.9 * sqrt(q * (1.0 - q) / N));
    }
    assert_near((double)apart / N, distance, 4.9 * sqrt(0.25 / N));
}

/* At u: for one atom x is the law of `draws_for_one_atom_are_gaussian`, kde has mean s_u a, variance n_u;
   both by the same noise. */
static void paired_draws_have_the_right_moments(void **state)
{
    (void)state;
    enum { N = 40000 };
    static double y[N], z[N], x[N], kde[N];
    static int atom[N], even[N];
    const sde ou = sde_ou(0.5);
    const double a = 2.0;
    const empirical e = law_empirical(&ou, 0.2, 1, 1, &a);
    const empirical_start s = {N, y, z, atom, even};
    law_empirical_begin(&e, rng_key_of(1, "moments"), 0, &s);
    law_empirical_end(&e, &s, x, kde);
    const bridge b = e.b;
    double n_u = sde_var(&ou, 0.2), var = b.gain * b.gain + b.var, squares = 0.0,
           sum = 0.0;
    for (int j = 0; j < N; j++) {
        double noise = kde[j] - exp(-0.2) * a;
        sum += noise, squares += noise * noise;
        assert_near(x[j] - (b.shrink - b.gain * b.scale_T) * a, noise * sqrt(var / n_u),
                    1e-14);
    }
    assert_near(sum / N, 0.0, 4.9 * sqrt(n_u / N));
    assert_near(squares / N, n_u, 4.9 * n_u * sqrt(2.0 / N));
}

/* One atom a in R^2: X ~ N((shrink - gain s_T) a, (gain^2 + var) I). */
static void draws_for_one_atom_are_gaussian(void **state)
{
    (void)state;
    enum { N = 40000 };
    static double x[2 * N];
    const sde ou = sde_ou(0.5);
    const double atom[] = {1.0, -2.0};
    const empirical e = law_empirical(&ou, 0.2, 1, 2, atom);
    const bridge b = e.b;
    law_empirical_draw(&e, rng_key_of(1, "one"), 7, N, x);
    double var = b.gain * b.gain + b.var, product = 0.0;
    double drift = b.shrink - b.gain * b.scale_T;
    for (int k = 0; k < 2; k++) {
        double sum = 0.0, squares = 0.0;
        for (long j = 0; j < N; j++) {
            double z = x[2 * j + k] - drift * atom[k];
            sum += z;
            squares += z * z;
        }
        assert_near(sum / N, 0.0, 4.9 * sqrt(var / N));
        assert_near(squares / N, var, 4.9 * var * sqrt(2.0 / N));
    }
    for (long j = 0; j < N; j++)
        product += (x[2 * j] - drift * atom[0]) * (x[2 * j + 1] - drift * atom[1]);
    assert_near(product / N, 0.0, 4.9 * var / sqrt(N));
    double again[2];
    law_empirical_draw(&e, rng_key_of(1, "one"), 8, 1, again);
    assert_memory_equal(again, x + 2, sizeof again);
}

/* The closed forms of the statement; their means alone, which differ from TV by < 4e-9. */
static void one_point_agrees_with_known_values(void **state)
{
    (void)state;
    const struct {
        const char *id;
        int d;
        double R, eps;
    } known[] = {{"thm27.d=16.R=16", 16, 16.0, 0.2},
                 {"thm27.d=100.R=100", 100, 100.0, 0.1},
                 {"thm27.d=1000.R=1000", 1000, 1000.0, 0.05},
                 {"thm27.d=100.R=10", 100, 10.0, 0.1},
                 {"thm27.d=4.R=4", 4, 4.0, 0.1}};
    for (int k = 0; k < LEN(known); k++) {
        int d = known[k].d;
        double eps = known[k].eps, value = reference_value("sampling", known[k].id);
        enclosure tv = law_point_tv(log(d / eps), eps * eps / d, d, known[k].R, false);
        assert_true(tv.lo < value + 1e-15 && value - 1e-15 < tv.hi);
        assert_near(enclosure_mid(tv), value, 1e-14);
        assert_true(enclosure_halfwidth(tv) < 4e-9);
    }
}

/* Against the law's own mean and variance from the bridge: erf(|means apart|/(sd sqrt 8)). */
static void one_point_agrees_with_the_bridge(void **state)
{
    (void)state;
    const sde ou = sde_ou(3.0);
    const bridge b = law_bridge(&ou, 0.1);
    double sd = sqrt(sde_var(&ou, 0.1)), apart = b.gain * b.scale_T * 7.0;
    enclosure tv = law_point_tv(3.0, 0.1, 5, 7.0, true);
    assert_near(enclosure_mid(tv), erf(apart / (sd * sqrt(8.0))), 1e-15);
    apart += (1.0 - exp(-0.1)) * 7.0;
    tv = law_point_tv(3.0, 0.1, 5, 7.0, false);
    assert_near(enclosure_mid(tv), erf(apart / (sd * sqrt(8.0))), 1e-15);
    /* the enclosure holds TV with the true variances, d = 1, by the distance of two Gaussians */
    tv = law_point_tv(3.0, 0.1, 1, 7.0, false);
    double exact = gauss_tv(
        (gauss){(b.shrink - b.gain * b.scale_T) * 7.0, b.gain * b.gain + b.var},
        (gauss){7.0, sd * sd});
    assert_true(tv.lo - 1e-15 < exact && exact < tv.hi + 1e-15);
}

/* At u = 0 all of it; later at most density times length, and the erf of the interval for one atom
   at 0, where the law is N(0, gain^2 + var). */
static void mass_near_the_atoms(void **state)
{
    (void)state;
    const double three[] = {-1.0, 0.3, 1.0}, one = 0.0, u = 0.1, r = 0.02;
    const sde ou = sde_ou(1.0);
    enclosure mass;
    empirical e = law_empirical(&ou, 0.0, 3, 1, three);
    assert_int_equal(law_empirical_near(&e, 0.0, &mass), SC_OK);
    assert_true(mass.lo <= 1.0 && 1.0 <= mass.hi && enclosure_halfwidth(mass) < 1e-11);
    e = law_empirical(&ou, u, 1, 1, &one);
    double exact = erf(r / sqrt(2.0 * (e.b.gain * e.b.gain + e.b.var)));
    assert_int_equal(law_empirical_near(&e, r, &mass), SC_OK);
    assert_true(mass.lo <= exact && exact <= mass.hi && mass.hi < 1.3 * exact);
    e = law_empirical(&ou, u, 3, 1, three);
    enclosure of_three;
    assert_int_equal(law_empirical_near(&e, r, &of_three), SC_OK);
    assert_near(of_three.hi, 3.0 * mass.hi, 1e-15);
}

static void the_kernel_estimate_is_a_mixture(void **state)
{
    (void)state;
    const double atoms[] = {1.0, 2.0, -3.0, 4.0};
    const sde ou = sde_ou(1.0);
    const empirical e = law_empirical(&ou, 0.1, 2, 2, atoms);
    gmm *p = law_empirical_kde(&e, 0.5, 0.04);
    double cov[4];
    gmm_cov_of(p, 1, cov, 2);
    assert_near(gmm_weight(p, 1), 0.5, 1e-16);
    assert_near(gmm_mean_of(p, 1)[0], -1.5, 1e-16);
    assert_near(gmm_mean_of(p, 1)[1], 2.0, 1e-16);
    assert_near(cov[0], 0.04, 1e-16);
    gmm_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bridge_averages_to_the_forward_law),
        cmocka_unit_test(the_bridge_ends_at_its_ends),
        cmocka_unit_test(weights_are_known),
        cmocka_unit_test(weights_have_a_limit),
        cmocka_unit_test(draws_at_time_zero_are_atoms),
        cmocka_unit_test(paired_draws_are_coupled),
        cmocka_unit_test(paired_draws_have_the_right_moments),
        cmocka_unit_test(draws_for_one_atom_are_gaussian),
        cmocka_unit_test(one_point_agrees_with_known_values),
        cmocka_unit_test(one_point_agrees_with_the_bridge),
        cmocka_unit_test(mass_near_the_atoms),
        cmocka_unit_test(the_kernel_estimate_is_a_mixture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
