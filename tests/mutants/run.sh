#!/usr/bin/env bash
# run.sh BUILD [MUTANT] -- breaks one line of the library at a time and requires an experiment to notice.
#
# mutants.txt holds one mutant a line, five fields separated by tabs:
#
#     file    text as it stands (occurs once)    text put in its place    experiment    its --only
#
# In a copy of lib/ the text is replaced, and what includes the file compiled as ninja would. The objects
# stand before the libraries of BUILD when the experiment is linked, which makes the linker pass over the healthy
# ones. The experiment is run at the quick effort and must end with 1 (a verdict contradicts), 3 (a
# control survived) or 70 (numerical failure); that of BUILD must end with 0 on the same checks. A
# mutant that survives, no longer applies or does not compile fails the test.
#
# MUTANT: only this line of the list, or only the healthy run of its last two fields.
set -euo pipefail
self=$(realpath "$0") build=$(realpath "$1")
cd "$(dirname "$self")/../.."
source=$PWD

if (($# == 1)); then # two at a time, after all healthy runs
    mutants=$(grep '^[^#]' tests/mutants/mutants.txt)
    each=(xargs -d '\n' -n 1 -P 2 "$self" "$build")
    cut -f 4,5 <<<"$mutants" | sort -u | "${each[@]}"
    "${each[@]}" <<<"$mutants"
    echo "$(wc -l <<<"$mutants") mutants, each caught"
    exit
fi

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

fail() {
    tail -n 3 "$copy/log" 2>/dev/null || true
    printf 'FAIL %s\n' "$*"
    exit 1
}

# Exit status of the experiment.
outcome() { # PROGRAM ONLY
    local status=0
    timeout 120 "$1" --quick --threads 1 --only "$2" >"$copy/log" 2>&1 || status=$?
    echo "$status"
}

mutate() { # FILE OLD NEW: in the copy
    local text
    cp -r lib "$copy"
    text=$(<"$1")
    [[ $text == *"$2"* && ${text#*"$2"} != *"$2"* ]] || return 1
    printf '%s\n' "${text/"$2"/"$3"}" >"$copy/$1"
}

# The objects of the library that depend on FILE, as BUILD names them.
objects_of() { # FILE
    ninja -C "$build" -t deps |
        awk -v path="/$1" '/^[^ ]/ { object = $1 }
            substr($1, length($1) - length(path) + 1) == path { print object }' |
        sed -n 's|^\(lib/.*\):$|\1|p'
}

command_of() { ninja -C "$build" -t commands "$1" | tail -n 1; } # TARGET

# $copy/program: EXPERIMENT with the objects of the mutated FILE.
build_mutant() { # FILE EXPERIMENT
    local object command
    local -a objects
    mapfile -t objects < <(objects_of "$1")
    ((${#objects[@]} > 0)) || return 1
    for object in "${objects[@]}"; do
        command=$(command_of "$object")
        mkdir -p "$copy/${object%/*}"
        (cd "$copy" && eval "${command//"$source/lib"/"$copy/lib"} -w") || return 1
    done
    command=$(command_of "experiments/$2")
    (cd "$build" && eval "${command/" -o experiments/$2 "/" ${objects[*]/#/"$copy/"} -o $copy/program "}")
}

IFS=$'\t' read -r file old new experiment only <<<"$2"
if [[ -z $new ]]; then
    status=$(outcome "$build/experiments/$file" "$old")
    [[ $status == 0 ]] || fail "$file --only '$old' ends with $status before any mutation"
    exit
fi
name="$file: '$old' -> '$new'"
mutate "$file" "$old" "$new" || fail "the text does not occur exactly once: $name"
build_mutant "$file" "$experiment" >"$copy/log" 2>&1 || fail "does not compile: $name"
status=$(outcome "$copy/program" "$only")
case $status in
1 | 3 | 70) printf 'caught by %-28s (exit %2d)  %s\n' "${experiment#*/}" "$status" "$name" ;;
*) fail "survives $experiment --only '$only' (exit $status): $name" ;;
esac
