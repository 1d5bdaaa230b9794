#!/usr/bin/env bash
# sanitize.sh asan|tsan -- the unit tests and some experiments under the address and
# undefined-behaviour sanitizers, or under the thread sanitizer (clang and libomp: gcc's libgomp gives
# false reports).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=ignore_noninstrumented_modules=1 # OpenBLAS and libomp themselves
if [[ $1 == tsan ]]; then export OMP_NUM_THREADS=3 OPENBLAS_NUM_THREADS=1; fi
experiments=(matching/implicit_score_matching sampling/exact_laws convergence/tv_bound
    'matching/denoising_score_matching --only sampled')
targets=(units)
for experiment in "${experiments[@]}"; do
    program=${experiment%% *}
    targets+=("experiment_${program#*/}")
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { cmake --preset "$1" && cmake --build --preset "$1" --parallel 2 --target "${targets[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log"
    exit 1
fi
ctest --test-dir "build/$1" --label-regex '^unit$' --output-on-failure

for experiment in "${experiments[@]}"; do
    # shellcheck disable=SC2086 # a program and its flags
    if ! build/$1/experiments/$experiment --quick --threads 3 >"$log" 2>&1; then
        tail -n 30 "$log"
        exit 1
    fi
    tail -n 1 "$log"
done
