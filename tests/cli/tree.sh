# tree.sh BUILD FIXTURES -- a small tree of the project in "$scratch/a tree", whose experiments end as their names
# say; ${run[@]} sweeps it at quick effort into $results.  Sourced; sources expect.sh.
# shellcheck shell=bash disable=SC2034
. "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tree="$scratch/a tree"

mkdir -p "$tree"/{experiments,plots}/sampling "$tree/build/analysis"
cp -r "$root"/{run_all.sh,scripts,packages.txt,analysis} "$tree"
cp "$root/plots/style.gp" "$tree/plots"
cp -r "$2/experiments" "$tree/build"
cp "$1/analysis/report" "$tree/build/analysis"
for program in "$tree"/build/experiments/sampling/*; do
    name=${program##*/}
    printf '/* %s -- a run with a known end. */\n' "$name" >"$tree/experiments/sampling/$name.c"
    cp "$root/tests/fixtures/outcome.gp" "$tree/plots/sampling/$name.gp"
    printf '## %s\n\n**Source.** none\n\n' "$name" >>"$tree/paper_refs.md"
done
results=$scratch/results
run=("$tree/run_all.sh" --quick --build "$tree/build" --results "$results")
