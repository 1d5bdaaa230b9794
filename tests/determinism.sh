#!/usr/bin/env bash
# determinism.sh BUILD CHAPTER/NAME -- table.tsv and record.json (less its last part "run": wall time, host,
# threads, date) are the same bytes for 2, 3 and 7 threads as for the one with which BUILD/results/quick was made.
set -euo pipefail
program=$1/experiments/$2 alone=$1/results/quick/${2##*/}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
judged() { sed '/^ "run": {$/,$d' "$1/record.json"; } # FOLDER
grep -q '"threads": 1,' "$alone/record.json"
judged "$alone" >"$scratch/judged"
grep -q '"verdict"' "$scratch/judged"
for threads in 2 3 7; do
    "$program" --quick --threads "$threads" --out "$scratch/$threads" >"$scratch/stdout.$threads"
    out=$scratch/$threads/${2##*/}
    grep -q "\"threads\": $threads," "$out/record.json"
    judged "$out" | cmp "$scratch/judged"
    cmp "$alone/table.tsv" "$out/table.tsv"
    cmp "$scratch/stdout.2" "$scratch/stdout.$threads"
done
wc -c "$alone"/{record.json,table.tsv}
