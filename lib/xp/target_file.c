/* The user's mixture: a JSON file, checked key by key.
 *
 * A covariance is a number (isotropic), a list (diagonal) or a list of lists (full). The mixture
 * gets the most general of the shapes met: if one is full, all are stored as d x d matrices, else
 * all as d variances. */
#include "xp/driver.h"

#include "linalg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Entries (i,j) and (j,i) may differ by the last printed digits, relative to the diagonal. */
static const double SYMMETRY = 1e-12;

/* The file being read, where a complaint goes, and what was read. */
typedef struct {
    const char *path;
    char *message;
    size_t capacity;
    int k, d;
    double *weights; /* k */
    double *means;   /* k x d */
    gmm_shape shape; /* the most general of all entries */
    double *cov;     /* k blocks: d x d if the shape is full, else d */
} reading;

__attribute__((format(printf, 2, 3))) static int complain(const reading *r,
                                                          const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *what = xp_vformat(fmt, args);
    va_end(args);
    snprintf(r->message, r->capacity, "%s: %s", r->path, what);
    free(what);
    return SC_EFORMAT;
}

static bool finite_number(const json_t *v, double *x)
{
    if (!json_is_number(v)) return false;
    *x = json_number_value(v);
    return isfinite(*x);
}

/* x <- the n finite numbers of a list of exactly n. */
static bool finite_numbers(const json_t *list, int n, double *x)
{
    if (!json_is_array(list) || json_array_size(list) != (size_t)n) return false;
    for (int i = 0; i < n; i++)
        if (!finite_number(json_array_get(list, (size_t)i), &x[i])) return false;
    return true;
}

/* ---- The three keys ----------------------------------------------------- */

static const char *const KEYS[] = {"weights", "means", "covariances"};
enum { WEIGHTS, MEANS, COVARIANCES, N_KEYS };

/* Three lists of the same length k, and no other key. */
static int read_keys(reading *r, json_t *root)
{
    if (!json_is_object(root))
        return complain(r, "expected an object with weights, means and covariances");
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        bool known = false;
        for (int i = 0; i < N_KEYS; i++) known = known || strcmp(key, KEYS[i]) == 0;
        if (!known)
            return complain(r, "key '%s': expected only weights, means and covariances",
                            key);
    }
    r->k = (int)json_array_size(json_object_get(root, KEYS[WEIGHTS]));
    for (int i = 0; i < N_KEYS; i++) {
        const json_t *list = json_object_get(root, KEYS[i]);
        if (!json_is_array(list) || json_array_size(list) == 0)
            return complain(r, "key '%s': expected a list that is not empty", KEYS[i]);
        if (json_array_size(list) != (size_t)r->k)
            return complain(
                r, "key '%s': expected %d entries, as many as weights, found %zu",
                KEYS[i], r->k, json_array_size(list));
    }
    return SC_OK;
}

static int read_weights(reading *r, const json_t *list)
{
    r->weights = NEW_ARRAY(double, r->k);
    double sum = 0.0;
    for (int i = 0; i < r->k; i++) {
        double *w = &r->weights[i];
        if (!finite_number(json_array_get(list, (size_t)i), w) || *w < 0.0)
            return complain(r, "key 'weights', entry %d: expected a finite number >= 0",
                            i + 1);
        sum += *w;
    }
    if (!(sum > 0.0 && isfinite(sum)))
        return complain(r, "key 'weights': expected a sum that is positive and finite");
    return SC_OK;
}

static int read_means(reading *r, const json_t *list)
{
    r->d = (int)json_array_size(json_array_get(list, 0));
    if (r->d == 0)
        return complain(r,
                        "key 'means', entry 1: expected a list of at least one number");
    r->means = NEW_ARRAY(double, (long)r->k * r->d);
    for (int i = 0; i < r->k; i++)
        if (!finite_numbers(json_array_get(list, (size_t)i), r->d,
                            r->means + (long)i * r->d))
            return complain(
                r, "key 'means', entry %d: expected a list of %d finite numbers", i + 1,
                r->d);
    return SC_OK;
}

/* ---- Covariances -------------------------------------------------------- */

static gmm_shape shape_of(const json_t *c)
{
    if (!json_is_array(c)) return GMM_ISOTROPIC;
    return json_is_array(json_array_get(c, 0)) ? GMM_FULL : GMM_DIAGONAL;
}

/* Doubles in the block of one component, and from one diagonal entry to the next. */
static long block_size(const reading *r)
{
    return r->shape == GMM_FULL ? (long)r->d * r->d : r->d;
}
static long diagonal_step(const reading *r)
{
    return r->shape == GMM_FULL ? r->d + 1 : 1;
}

/* Diagonal of C <- v, d numbers or (stride 0) one; false unless all are > 0. */
static bool set_diagonal(const reading *r, const double *v, long stride, double *C)
{
    for (int j = 0; j < r->d; j++) {
        if (!(v[j * stride] > 0.0)) return false;
        C[j * diagonal_step(r)] = v[j * stride];
    }
    return true;
}

/* Checks symmetry, makes it exact, and factorises a copy. */
static bool positive_definite(int d, double *C)
{
    for (int i = 0; i < d; i++)
        for (int j = 0; j < i; j++) {
            double *a = &C[(long)i * d + j], *b = &C[(long)j * d + i];
            double scale = sqrt(fabs(C[(long)i * d + i] * C[(long)j * d + j]));
            if (fabs(*a - *b) > SYMMETRY * scale) return false;
            *a = *b = 0.5 * (*a + *b);
        }
    double *L = NEW_ARRAY(double, (long)d *d);
    memcpy(L, C, (size_t)d * (size_t)d * sizeof *L);
    int status = linalg_cholesky(d, L, d);
    free(L);
    return status == SC_OK;
}

/* C <- the d lists of d finite numbers of a full covariance. */
static bool finite_matrix(const json_t *c, int d, double *C)
{
    if (json_array_size(c) != (size_t)d) return false;
    for (int i = 0; i < d; i++)
        if (!finite_numbers(json_array_get(c, (size_t)i), d, C + (long)i * d))
            return false;
    return true;
}

static int read_covariance(const reading *r, const json_t *c, int entry, double *C)
{
    static const char *const WHERE = "key 'covariances', entry";
    int d = r->d, status = SC_OK;
    double *v = NEW_ARRAY(double, d);
    if (!json_is_number(c) && !json_is_array(c))
        status = complain(r, "%s %d: expected a number, a list or a list of lists",
                          WHERE, entry);
    else if (shape_of(c) == GMM_ISOTROPIC) {
        if (!finite_number(c, v) || !set_diagonal(r, v, 0, C))
            status = complain(r, "%s %d: expected a finite number > 0", WHERE, entry);
    } else if (shape_of(c) == GMM_DIAGONAL) {
        if (!finite_numbers(c, d, v) || !set_diagonal(r, v, 1, C))
            status = complain(r, "%s %d: expected a list of %d finite numbers > 0",
                              WHERE, entry, d);
    } else if (!finite_matrix(c, d, C))
        status = complain(r, "%s %d: expected %d lists of %d finite numbers", WHERE,
                          entry, d, d);
    else if (!positive_definite(d, C))
        status = complain(r, "%s %d: expected a symmetric positive definite matrix",
                          WHERE, entry);
    free(v);
    return status;
}

static int read_covariances(reading *r, const json_t *list)
{
    r->shape = GMM_ISOTROPIC;
    for (int i = 0; i < r->k; i++) {
        gmm_shape shape = shape_of(json_array_get(list, (size_t)i));
        if (shape > r->shape) r->shape = shape;
    }
    long block = block_size(r);
    r->cov = NEW_ARRAY(double, r->k *block);
    for (int i = 0; i < r->k; i++)
        CHECK(read_covariance(r, json_array_get(list, (size_t)i), i + 1,
                              r->cov + i * block));
    return SC_OK;
}

/* ---- The mixture -------------------------------------------------------- */

static int build(const reading *r, gmm **p)
{
    int k = r->k, d = r->d;
    switch (r->shape) {
    case GMM_FULL:
        if (gmm_new_full(k, d, r->weights, r->means, d, r->cov, p) != SC_OK)
            return complain(r,
                            "key 'covariances': expected positive definite matrices");
        return SC_OK;
    case GMM_DIAGONAL:
        *p = gmm_new_diagonal(k, d, r->weights, r->means, d, r->cov, d);
        return SC_OK;
    default:
        for (int i = 0; i < k; i++) r->cov[i] = r->cov[(long)i * d];
        *p = gmm_new(k, d, r->weights, r->means, d, r->cov);
        return SC_OK;
    }
}

static int read_all(reading *r, json_t *root, gmm **p)
{
    CHECK(read_keys(r, root));
    CHECK(read_weights(r, json_object_get(root, KEYS[WEIGHTS])));
    CHECK(read_means(r, json_object_get(root, KEYS[MEANS])));
    CHECK(read_covariances(r, json_object_get(root, KEYS[COVARIANCES])));
    return build(r, p);
}

int xp_target_read(const char *path, gmm **p, char *message, size_t capacity)
{
    reading r = {.path = path, .capacity = capacity};
    r.message = message;
    json_error_t error;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL && error.line < 0)
        return complain(&r, "expected a JSON file: %s", error.text);
    if (root == NULL)
        return complain(&r, "line %d, column %d: expected JSON: %s", error.line,
                        error.column, error.text);
    int status = read_all(&r, root, p);
    free(r.weights);
    free(r.means);
    free(r.cov);
    json_decref(root);
    return status;
}
