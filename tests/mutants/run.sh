#!/usr/bin/env bash
# run.sh BUILD EXPERIMENT -- breaks one line of the library at a time and requires EXPERIMENT to notice.
#
# mutants.txt holds one mutant a line, five fields separated by tabs:
#
#     file    text as it stands (occurs once)    text put in its place    experiment    its --only
#
# In a copy of lib/ the text is replaced, and what includes the file compiled as ninja would, but with -O1, on
# which no bit of a result depends (with -O3 the kernels take 22 s), and of the kernels only those of the instruction
# set that runs here (were it another that runs, the mutant would survive). The objects stand before the libraries of
# BUILD when the experiment is linked, which makes the linker pass over the healthy ones. The experiment is run
# at the quick effort and must end with 1 (a verdict contradicts), 3 (a control survived) or 70 (numerical
# failure). That of BUILD must end with 0 on the same checks, with the rows that BUILD/results/quick holds of a
# run of all checks. A mutant that survives, no longer applies or does not compile fails the test.
#
# In place of EXPERIMENT (CHAPTER/NAME, all its mutants) may stand one line of the list, or the last two
# fields of one: only the healthy run.
set -euo pipefail
self=$(realpath "$0") build=$(realpath "$1")
cd "$(dirname "$self")/../.."
source=$PWD

if [[ $2 != *$'\t'* ]]; then # all of an experiment, after the healthy runs
    mutants=$(awk -F '\t' -v experiment="$2" '!/^#/ && $4 == experiment' tests/mutants/mutants.txt)
    { cut -f 4,5 <<<"$mutants" | sort -u && echo "$mutants"; } | xargs -d '\n' -n 1 "$self" "$build"
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
outcome() { # PROGRAM ONLY FLAG...
    local status=0
    timeout 1200 "$1" --quick --threads 1 --only "${@:2}" >"$copy/log" 2>&1 || status=$?
    echo "$status"
}

# The rows of a record, one a line.
rows() { # RECORD
    awk '/^   "check":/ { row = "" } { row = row $0 } /^   "reproduce":/ { print row }' "$1" | sort
}

# Rows of a run of some checks that a run of all does not have.
strange_rows() { # NAME
    comm -23 <(rows "$copy/$1/record.json") <(rows "$build/results/quick/$1/record.json")
}

mutate() { # FILE OLD NEW: in the copy
    local text
    cp -r lib "$copy"
    text=$(<"$1")
    [[ $text == *"$2"* && ${text#*"$2"} != *"$2"* ]] || return 1
    printf '%s\n' "${text/"$2"/"$3"}" >"$copy/$1"
}

# kernel_best() of lib/kernel/select.c.
instructions() {
    local isa
    for isa in avx512 avx2; do
        if grep -q "^flags.* ${isa/512/512vl} " /proc/cpuinfo; then break; fi
        isa=baseline
    done
    echo "$isa"
}

# The objects of the library that depend on FILE, as BUILD names them.
objects_of() { # FILE
    ninja -C "$build" -t deps |
        awk -v path="/$1" '/^[^ ]/ { object = $1 }
            substr($1, length($1) - length(path) + 1) == path { print object }' |
        sed -n 's|^\(lib/.*\):$|\1|p' |
        awk -v best="kernel_$(instructions).dir" '!/\/kernel_[a-z0-9]*\.dir\// || index($0, best)'
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
        (cd "$copy" && eval "${command//"$source/lib"/"$copy/lib"} -w -O1") || return 1
    done
    command=$(command_of "experiments/$2")
    (cd "$build" && eval "${command/" -o experiments/$2 "/" ${objects[*]/#/"$copy/"} -o $copy/program "}")
}

IFS=$'\t' read -r file old new experiment only <<<"$2"
if [[ -z $new ]]; then
    status=$(outcome "$build/experiments/$file" "$old" --out "$copy")
    [[ $status == 0 ]] || fail "$file --only '$old' ends with $status before any mutation"
    strange_rows "${file#*/}" >"$copy/log"
    [[ ! -s $copy/log ]] || fail "$file --only '$old' says otherwise than a run of all checks"
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
