#!/usr/bin/env bash
# readme.sh BUILD [--update] -- the README's verdict table is that of the quick results in
# BUILD/results/quick, but for the time. With --update the README is given that table.
# shellcheck source=tests/cli/expect.sh disable=SC2034
. "$(dirname "$0")/cli/expect.sh"
cd "$(dirname "$0")/.." || exit 1

# The lines of the verdict table in FILE.
table() { awk '/^\| experiment \| statement / { on = 1 } !/^\|/ { on = 0 } on' "$1"; }

mkdir -p "$scratch/results"
shopt -s nullglob
records=("$1"/results/quick/*/record.json)
if ((${#records[@]} == 0)); then
    last="the verdict table of README.md"
    fail "no results in $1/results/quick: run ctest, or the experiments with --out"
    finish
fi
for record in "${records[@]}"; do
    name=$(basename "$(dirname "$record")")
    mkdir "$scratch/results/$name" && cp "$record" "$scratch/results/$name"
done
expect 0 "$1/analysis/report" --results "$scratch/results" --refs paper_refs.md --experiments experiments
table "$scratch/results/verdicts.md" | sed 's/|[^|]*|$/|/' >"$scratch/fresh"
if [[ ${2:-} == --update ]]; then
    awk -v fresh="$scratch/fresh" '
        /^\| experiment \| statement / { while ((getline line <fresh) > 0) print line; on = 1 }
        !/^\|/ { on = 0 }
        !on' README.md >"$scratch/README.md" && cp "$scratch/README.md" README.md
fi
table README.md >"$scratch/shown"
last="the table of README.md (tests/readme.sh $1 --update writes it)"
diff "$scratch/shown" "$scratch/fresh" || fail "is not that of the results"
finish
