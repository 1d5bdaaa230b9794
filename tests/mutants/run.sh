#!/usr/bin/env bash
# run.sh -- breaks one line of the library at a time and requires an experiment to notice.
#
# mutants.txt holds one mutant a line, five fields separated by tabs:
#
#     file    text as it stands (occurs once)    text put in its place    experiment    its --only
#
# In a copy of the tree each mutant is built into its experiment, which is run at the quick effort and
# must end with 1 (a verdict contradicts), 3 (a control survived) or 70 (numerical failure); the
# unbroken library must end with 0 on the same checks. A mutant that survives, no longer applies
# or does not compile fails the test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
list=$PWD/tests/mutants/mutants.txt
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r CMakeLists.txt CMakePresets.json cmake lib experiments plots analysis bench tests paper_refs.md "$copy"
cd "$copy"
cmake --preset release -DBUILD_TESTING=OFF >/dev/null

declare -A healthy=()
failures=0 mutants=0
fail() {
    printf 'FAIL %s\n' "$*"
    failures=$((failures + 1))
}

# Exit status of the experiment, 99 if it does not build.
outcome() { # EXPERIMENT ONLY
    local status=0
    cmake --build --preset release --parallel 2 --target "experiment_${1#*/}" >build/log 2>&1 || return 99
    timeout 120 "build/release/experiments/$1" --quick --threads 2 --only "$2" >build/log 2>&1 ||
        status=$?
    return "$status"
}

mutate() { # FILE OLD NEW; the original stays in FILE.original
    local text
    cp -p "$1" "$1.original"
    text=$(<"$1")
    [[ $text == *"$2"* && ${text#*"$2"} != *"$2"* ]] || return 1
    printf '%s\n' "${text/"$2"/"$3"}" >"$1"
}

while IFS=$'\t' read -r file old new experiment only; do
    [[ -n $file && $file != '#'* ]] || continue
    mutants=$((mutants + 1))
    name="$file: '$old' -> '$new'"
    if [[ -z ${healthy[$experiment $only]:-} ]]; then
        status=0
        outcome "$experiment" "$only" || status=$?
        if ((status != 0)); then
            tail -n 3 build/log
            fail "$experiment --only '$only' ends with $status before any mutation"
        fi
        healthy[$experiment $only]=yes
    fi
    if mutate "$file" "$old" "$new"; then
        status=0
        outcome "$experiment" "$only" || status=$?
        case $status in
        1 | 3 | 70) printf 'caught by %-28s (exit %2d)  %s\n' "${experiment#*/}" "$status" "$name" ;;
        99) fail "does not compile: $name" ;;
        *) fail "survives $experiment --only '$only' (exit $status): $name" ;;
        esac
    else
        fail "the text does not occur exactly once: $name"
    fi
    cp "$file.original" "$file"
done <"$list"

echo "$mutants mutants, $failures failures"
((mutants >= 12 && failures == 0))
