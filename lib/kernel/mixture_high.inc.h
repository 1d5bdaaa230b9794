/* Score and log-density of a Gaussian mixture in high dimension, d > 8.
 *
 * Points are again taken a tile at a time, one a lane. Almost all the work is products of a matrix
 * with a tile; they are formed here rather than by a BLAS, whose result for a point would depend
 * on where in a block it stands and on the core it was built for.
 *
 * Isotropic components: with y_i = mu_i - c and y = x - c, c the mean of the means,
 *
 *   l_i = log2 (w_i / sqrt det 2 pi C_i) - (log2 e / 2 v_i) (|y_i|^2 - 2 y_i.y + |y|^2)
 *
 * costs one product, but loses digits when v_i is small. So it only screens: the components
 * within e^-50 of the largest, plus the bound of the error, are computed again from mu_i - x
 * (high_direct.inc.h). Single precision is good enough for that where few components count
 * (high_screen.inc.h). Where they are many the product is formed in double; the variances are
 * then large, the bound small, and their sum is a second product (high_isotropic.inc.h).
 */
#include "kernel/high_tile.inc.h"

#include "kernel/high_direct.inc.h"

#include "kernel/high_screen.inc.h"

#include "kernel/high_isotropic.inc.h"

#include "kernel/high_general.inc.h"
