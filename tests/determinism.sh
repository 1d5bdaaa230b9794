#!/usr/bin/env bash
# determinism.sh PROGRAM [FLAG...] -- table.tsv and record.json (less its last part "run": wall time,
# host, threads, date) are the same bytes for 1, 2, 3 and 7 threads.
set -euo pipefail
program=$1 name=${1##*/}
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for threads in 1 2 3 7; do
    "$program" --quick --threads "$threads" --out "$scratch/$threads" "$@" >"$scratch/stdout.$threads"
    sed -i '/^ "run": {$/,$d' "$scratch/$threads/$name/record.json"
    grep -q '"verdict"' "$scratch/$threads/$name/record.json"
    diff -r "$scratch/1" "$scratch/$threads"
    cmp "$scratch/stdout.1" "$scratch/stdout.$threads"
done
wc -c "$scratch/1/$name"/*
