#!/usr/bin/env bash
# mutants.sh BUILD -- the test of the mutants lets none pass that survives, does not apply or does not
# compile, and no check that fails without it or says otherwise than in a run of all checks.
# shellcheck source=tests/cli/expect.sh
. "$(dirname "$0")/expect.sh"
run=$(dirname "$0")/../mutants/run.sh build=$1

mutant() { # STATUS TEXT FIELD...: what the test says of the line of these fields
    local IFS=$'\t'
    expect "$1" "$run" "$build" "${*:3}"
    says "$2"
}
claim=(lib/claim/claim.c 'predicted.hi < measured.lo) return REFUTED;') digits=(sampling/exact_laws digits)
mutant 0 'caught by exact_laws' "${claim[0]}" 'measured.hi <= predicted.hi) return SUPPORTED;' \
    'measured.hi <= predicted.hi) return REFUTED;' "${digits[@]}"
mutant 1 'FAIL survives' "${claim[@]}" 'predicted.hi  < measured.lo) return REFUTED;' "${digits[@]}"
mutant 1 'FAIL does not compile' "${claim[@]}" 'predicted.hi < measured.lo) return NOTHING;' "${digits[@]}"
mutant 1 'FAIL the text does not occur exactly once' "${claim[0]}" 'no such text' x "${digits[@]}"
mutant 1 'FAIL the text does not occur exactly once' "${claim[0]}" 'measured.hi' x "${digits[@]}"
mutant 1 'FAIL survives' "${claim[@]}" 'predicted.hi < measured.lo) return SUPPORTED;' sampling/exact_laws nothing
mutant 1 'ends with 64 before any mutation' sampling/exact_laws nothing

# As if a run of all checks had left these rows.
results=$scratch/build/results/quick
mkdir -p "$results" && ln -s "$build/experiments" "$scratch/build"
"$build/experiments/${digits[0]}" --quick --only digits --out "$results" >/dev/null
build=$scratch/build
expect 0 "$run" "$build" "${digits[0]}"$'\t'"${digits[1]}"
sed -i 's/"lo": /"lo": 1/' "$results/exact_laws/record.json"
mutant 1 'says otherwise than a run of all checks' "${digits[@]}"
finish
