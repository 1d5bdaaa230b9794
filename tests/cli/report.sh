#!/usr/bin/env bash
# report.sh BUILD FIXTURES -- the documents made of results: every experiment of paper_refs.md and
# every row is there, failures too; bad input is named; all documents are written or none.
# shellcheck source=tests/cli/expect.sh disable=SC2016,SC2317
. "$(dirname "$0")/expect.sh"
report=$1/analysis/report
bin=$2/experiments/sampling
results=$scratch/results refs=$scratch/refs.md

cat >"$refs" <<'END'
# Statements and their sources

## survived

**Source.** A book. **As printed.** $x < 1$. **As tested.** $x \le 1$. **Erratum.** The sign.
**What it cannot detect.** Lies.

## fails

**Source.** none

## open

**Source.** none
END
for name in holds survived; do "$bin/$name" --quick --out "$results" >/dev/null; done
mkdir "$results/fails"
echo '70 12' >"$results/fails/status"

documents=(verdicts.tsv verdicts.md errata.md report.md)
contains() { grep -qF -e "$2" "$results/$1" || fail "$1 does not contain: $2"; }

expect 0 "$report" --results "$results" --refs "$refs"
for file in "${documents[@]}"; do is_file "$results/$file"; done
columns='chapter experiment check role method verdict expected lo hi region_lo region_hi alpha tightness detectable'
contains verdicts.tsv "${columns// /$'\t'}"
contains verdicts.tsv "sampling"$'\tsurvived\tsurvived/x=1\tcontrol\tclosed-form\tSUPPORTED\tREFUTED\t0.90000000000000002\t1.1000000000000001'
contains verdicts.md '| survived | CONTROL SURVIVED (exit 3) | – | – | 0/1 |'
contains verdicts.md '| fails | FAILED (exit 70) | – | – | – |'
contains verdicts.md '| open | not run |'
contains verdicts.md '| holds | as expected | 1/1 |'
contains report.md '**As tested.** $x \le 1$.'
contains report.md '**What it cannot detect.** Lies.'
contains report.md "build/release/experiments/sampling/holds --quick --seed 1 --only 'holds/x=1'"

# A printed form that fails is an erratum, with the numbers against it.
mkdir "$results/printed"
sed -e 's/"holds/"printed/; s/"claim"/"printed"/; s/"SUPPORTED"/"REFUTED"/; s/"region_lo": 0.0/"region_lo": 5.0/' \
    -e 's/"region_hi": 2.0/"region_hi": "inf"/; s/"correction": null/"correction": "x < 1"/' \
    "$results/holds/record.json" >"$results/printed/record.json"
expect 0 "$report" --results "$results" --refs "$refs"
contains errata.md '**As printed** (none). `1 +- 0.1 lies in [0, 2]`'
contains errata.md 'The print predicts ≥ 5; measured [0.9, 1.1] at `x=1`'
contains errata.md '**Corrected.** `x < 1`'

# A record cut short is named and counts as a failure of its experiment alone.
mkdir "$results/open"
head -c 300 "$results/holds/record.json" >"$results/open/record.json"
expect 0 "$report" --results "$results" --refs "$refs"
one_line
says "$results/open/record.json: line"
contains verdicts.md '| open | FAILED (exit 70) |'
contains verdicts.md '| holds | as expected |'

# Bad usage, no paper_refs.md, no room: one line, and what was there stays.
expect 64 "$report" --results "$results"
one_line
expect 64 "$report" --results "$results" --refs "$scratch/nothing.md"
one_line
says "$scratch/nothing.md"
cp -r "$results" "$scratch/before"
rm -r "$results/open" "$results/printed"
no_room() {
    (trap '' XFSZ && ulimit -f 0 && exec "$report" --results "$results" --refs "$refs") 2>&1 >/dev/null |
        cat >&2
    return "${PIPESTATUS[0]}"
}
expect 74 no_room
one_line
for file in "${documents[@]}"; do is_same "$results/$file" "$scratch/before/$file"; done
is_absent "$results/verdicts.tsv.tmp"
expect 74 "$report" --results "$scratch/nowhere" --refs "$refs"
one_line
finish
