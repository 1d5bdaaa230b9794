/* The kernels of one instruction set, KERNEL_ISA = baseline, avx2 or avx512: CMake compiles this
 * file once for each. Everything but the table is static, so the copies cannot be mixed up.
 */
#include "kernel/tables.h"

#include "kernel/lanes.h"
#include "kernel/math.h"

#include "kernel/band.inc.h"
#include "kernel/elementary.inc.h"
#include "kernel/philox.inc.h"

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
    .philox = philox,
    .uniforms = uniforms,
    .normals = normals,
};
