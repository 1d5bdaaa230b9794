#!/usr/bin/env bash
# target_file.sh FIXTURES BUILD -- --target FILE: good files are read, bad ones end with 64 and one
# line that names the file and the key or line.
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
holds=$1/experiments/sampling/holds file=$scratch/mixture.json

good() {
    printf '%s' "$1" >"$file"
    expect 0 "$holds" --target "$file"
}
bad() { # TEXT SAYS
    printf '%s' "$1" >"$file"
    expect 64 "$holds" --target "$file"
    one_line
    says "$file"
    says "$2"
}

good '{"weights": [1], "means": [[0]], "covariances": [1]}'
good '{"weights": [0.25, 0.75], "means": [[0, 1], [2, 3]], "covariances": [1, 0.5]}'
good '{"weights": [2, 6], "means": [[0, 1], [2, 3]], "covariances": [[1, 2], [0.5, 0.5]]}'
good '{"weights": [1, 1], "means": [[0, 1], [2, 3]], "covariances": [1, [[2, 0.5], [0.5, 1]]]}'

bad '' 'line 1'
bad '{"weights": [1], ' 'line 1'
bad '[1, 2]' 'weights, means and covariances'
bad '{"means": [[0]], "covariances": [1]}' 'weights'
bad '{"weights": [1], "covariances": [1]}' 'means'
bad '{"weights": [1], "means": [[0]]}' 'covariances'
bad '{"weights": [1], "means": [[0]], "covariances": [1], "colour": 1}' 'colour'
bad '{"weights": [1], "weights": [1], "means": [[0]], "covariances": [1]}' 'line 1'
bad '{"weights": [], "means": [], "covariances": []}' 'weights'
bad '{"weights": 1, "means": [[0]], "covariances": [1]}' 'weights'
bad '{"weights": [-1, 2], "means": [[0], [1]], "covariances": [1, 1]}' 'weights'
bad '{"weights": [0, 0], "means": [[0], [1]], "covariances": [1, 1]}' 'weights'
bad '{"weights": ["a"], "means": [[0]], "covariances": [1]}' 'weights'
bad '{"weights": [1, 1], "means": [[0]], "covariances": [1, 1]}' 'means'
bad '{"weights": [1, 1], "means": [[0, 1], [2]], "covariances": [1, 1]}' 'means'
bad '{"weights": [1], "means": [[]], "covariances": [1]}' 'means'
bad '{"weights": [1], "means": [0], "covariances": [1]}' 'means'
bad '{"weights": [1], "means": [[1e999]], "covariances": [1]}' 'line 1'
bad '{"weights": [1], "means": [[0]], "covariances": [0]}' 'covariances'
bad '{"weights": [1], "means": [[0]], "covariances": ["1"]}' 'covariances'
bad '{"weights": [1], "means": [[0, 0]], "covariances": [[1, 1, 1]]}' 'covariances'
bad '{"weights": [1], "means": [[0, 0]], "covariances": [[1, -1]]}' 'covariances'
bad '{"weights": [1], "means": [[0, 0]], "covariances": [[[1, 2], [2, 1]]]}' 'covariances'
bad '{"weights": [1], "means": [[0, 0]], "covariances": [[[1, 0.5], [0, 1]]]}' 'covariances'
bad '{"weights": [1], "means": [[0, 0]], "covariances": [[[1, 0]]]}' 'covariances'

expect 64 "$holds" --target "$scratch"
one_line

# Real statements: one holds for every mixture, one says which assumption this mixture violates.
printf '{"weights": [0.3, 0.7], "means": [[-1.5], [1]], "covariances": [0.09, 0.16]}' >"$file"
expect 0 "$2/experiments/convergence/tv_bound" --target "$file"
expect 2 "$2/experiments/convergence/w2_strong_log_concavity" --target "$file"
says 'violates an assumption: kappa > 1/2'
# Atoms far away make the control of a wrong coefficient true: it is not judged.
printf '{"weights": [1, 1], "means": [[-20], [20]], "covariances": [0.01, 0.01]}' >"$file"
expect 0 "$2/experiments/matching/implicit_score_matching" --target "$file"
# Components so narrow that v'' hides between the nodes: not judged there, not refuted.
printf '{"weights": [1, 1, 1], "means": [[-1], [0.1], [1.1]], "covariances": [1e-8, 1e-8, 1e-8]}' >"$file"
expect 2 "$2/experiments/network/semigroup_networks" --target "$file"
says 'violates an assumption: 200001 nodes resolve'
expect 64 "$2/experiments/sampling/exact_laws" --target "$file"
one_line
finish
