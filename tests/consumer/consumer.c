/* consumer -- a program of someone else: the score of N(0, 1) at 2 is -2. */
#include <scorecheck/gmm.h>

#include <stdio.h>

int main(void)
{
    gmm *p = gmm_new_equal(1, 1, (double[]){0.0}, 1.0);
    const double x = 2.0;
    double score;
    gmm_score(p, 1, &x, 1, NULL, &score, 1);
    gmm_free(p);
    printf("%g\n", score);
    return score == -2.0 ? 0 : 1;
}
