/* study.c -- what came of many runs. */
#include "internal.h"
#include "rate.h"
#include "stats.h"

#include <stdlib.h>

enclosure training_excess(const training_job *j)
{
    const training_model model = {j->p, j->f};
    return training_distance(j->test, (training_of){training_model_score, &model},
                             NULL);
}

enclosure training_plugin_excess(const training_job *j)
{
    double *x = training_data(j->p, &j->recipe, j->key, j->replicate);
    const training_points points = {(int)j->recipe.points, j->p->D, x};
    const enclosure E =
        training_distance(j->test, (training_of){training_plugin_score, &points}, NULL);
    free(x);
    return E;
}

enclosure training_wrong_distance(const training_job *j)
{
    REQUIRE(j->p->sd == 0.0);
    const training_model model = {j->p, j->f};
    const training_of wrong = {training_wrong_score, j->p};
    return training_distance(j->test, (training_of){training_model_score, &model},
                             &wrong);
}

enclosure training_sizes(int sizes, long seeds, const training_job *run,
                         training_measure *E, double alpha, enclosure *y,
                         enclosure *mean)
{
    REQUIRE(2 <= sizes && sizes <= TRAINING_SIZES && 2 <= seeds &&
            seeds <= TRAINING_SEEDS);
    double log_n[TRAINING_SIZES], slope[TRAINING_SEEDS];
    for (int i = 0; i < sizes; i++) {
        enclosure sum = enclosure_exact(0.0);
        for (long r = 0; r < seeds; r++) {
            y[i * seeds + r] = E(&run[i * seeds + r]);
            sum = enclosure_add(sum, y[i * seeds + r]);
        }
        if (mean != NULL) mean[i] = enclosure_scale(sum, 1.0 / (double)seeds);
        log_n[i] = log((double)run[i * seeds].recipe.points);
    }
    for (long r = 0; r < seeds; r++) {
        enclosure log_E[TRAINING_SIZES];
        for (int i = 0; i < sizes; i++) log_E[i] = enclosure_log(y[i * seeds + r]);
        slope[r] = enclosure_mid(rate_slope(sizes, log_n, log_E));
    }
    return stats_mean(seeds, slope, alpha, 0.0);
}

training_split training_split_of(const training_job *best, long seeds,
                                 const training_job *run)
{
    const training_model theta = {best->p, best->f};
    const training_of s_theta = {training_model_score, &theta};
    const enclosure B = training_excess(best);
    training_split of = {enclosure_exact(0.0), enclosure_exact(0.0)};
    for (long r = 0; r < seeds; r++) {
        const training_model model = {run[r].p, run[r].f};
        const enclosure A = training_distance(
            run[r].test, (training_of){training_model_score, &model}, &s_theta);
        const enclosure ratio =
            enclosure_div(training_excess(&run[r]), enclosure_add(A, B));
        of.worst = enclosure_max(of.worst, ratio);
        of.mean = enclosure_add(of.mean, enclosure_scale(ratio, 1.0 / (double)seeds));
    }
    return of;
}
