/* The kernels of one instruction set, KERNEL_ISA = baseline, avx2 or avx512: CMake compiles this
 * file once for each. Everything but the table is static, so the copies cannot be mixed up.
 */
#include "kernel/tables.h"

#include "kernel/lanes.h"
#include "kernel/math.h"
#include "kernel/tile.h"

#include "kernel/band.inc.h"
#include "kernel/block.inc.h"
#include "kernel/bumps.inc.h"
#include "kernel/elementary.inc.h"
#include "kernel/mixture_few.inc.h"
#include "kernel/mixture_high.inc.h"
#include "kernel/mixture_low.inc.h"
#include "kernel/moments.inc.h"
#include "kernel/network.inc.h"
#include "kernel/numbers.inc.h"
#include "kernel/place.inc.h"
#include "kernel/posterior.inc.h"
#include "kernel/rows.inc.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
#define TEXT_(a)    #a
#define TEXT(a)     TEXT_(a)

const kernel JOIN(kernel_, KERNEL_ISA) = {
    .isa = TEXT(KERNEL_ISA),
    .exp2 = exp2_array,
    .log = log_array,
    .sincos2pi = sincos2pi_array,
    .band_scatter = band_scatter,
    .bump_scatter = bump_scatter,
    .block_distance2 = block_distance2,
    .block_sums = block_sums,
    .posterior = posterior,
    .multiply = multiply,
    .multiply_sparse = multiply_sparse,
    .place = place,
    .combine = combine,
    .row_distances2 = row_distances2,
    .denoising_losses = denoising_losses,
    .moments = moments,
    .column_sums = column_sums,
    .adam = adam_update,
    .philox = philox,
    .uniforms = uniforms,
    .normals = normals,
    .mixture_low = {MIXTURE_LOW_ROW(1), MIXTURE_LOW_ROW(2), MIXTURE_LOW_ROW(3),
                    MIXTURE_LOW_ROW(4), MIXTURE_LOW_ROW(5), MIXTURE_LOW_ROW(6),
                    MIXTURE_LOW_ROW(7), MIXTURE_LOW_ROW(8)},
    .mixture_high = {mixture_high_isotropic, mixture_high_general,
                     mixture_high_general},
};
