#!/usr/bin/env bash
# report.sh BUILD FIXTURES -- the documents made of results: every experiment of paper_refs.md and
# every row is there, failures too, first and in bold; verdicts as printed and as tested, tightness
# and numbers are what made records say; bad input is named; all documents are written or none.
# shellcheck source=tests/cli/expect.sh disable=SC1003,SC2016,SC2317
. "$(dirname "$0")/expect.sh"
report=$1/analysis/report
bin=$2/experiments/sampling
results=$scratch/results refs=$scratch/refs.md sources=$scratch/experiments

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
# Of what was not run or failed the chapter is known from the source alone.
mkdir -p "$sources"/{forward,sampling,memory}
touch "$sources"/{forward/open,sampling/survived,memory/fails}.c
for name in holds survived; do "$bin/$name" --quick --out "$results" >/dev/null; done
mkdir "$results/fails"
echo '70 12' >"$results/fails/status"

documents=(verdicts.tsv verdicts.md errata.md report.md)
# What a reader sees: a blank that keeps a number on one line is a blank.
contains() { sed 's/\xc2\xa0/ /g' "$results/$1" | grep -F -e "$2" >/dev/null || fail "$1 does not contain: $2"; }

expect 0 "$report" --results "$results" --refs "$refs" --experiments "$sources"
for file in "${documents[@]}"; do is_file "$results/$file"; done
columns='chapter experiment check role method verdict expected lo hi region_lo region_hi alpha tightness detectable'
contains verdicts.tsv "${columns// /$'\t'}"
contains verdicts.tsv "sampling"$'\tsurvived\tsurvived/x=1\tcontrol\tclosed-form\tSUPPORTED\tREFUTED\t0.90000000000000002\t1.1000000000000001'
run='A run with a known end'
contains verdicts.md "| **CONTROL SURVIVED (exit 3):** survived | $run | instrument | – | **0/1** | – |  |"
contains verdicts.md '| **FAILED (exit 70):** fails |  | – | – | – | – |  | 12.0 |'
contains verdicts.md '| open |  | – | not run | – | – |  |  |'
contains verdicts.md "| holds | $run | instrument | SUPPORTED | – | 1/1 |  |"
contains verdicts.md 'Of 0 statements, **as printed** 0 are SUPPORTED and 0 REFUTED, in 0 forms; **as tested** 0 are SUPPORTED. **2 did not end as expected:**'
contains report.md '- [forward](#chapter-forward): [open](#open)'
contains report.md '- [sampling](#chapter-sampling): [survived](#survived) · [holds](#holds)'
contains report.md '- [memory](#chapter-memory): [fails](#fails)'
contains report.md '<p class="meta">forward/open · <span class="verdict open">not run</span>'
contains report.md '**As tested.** $x \le 1$.'
contains report.md '**What it cannot detect.** Lies.'
contains report.md "build/release/experiments/sampling/holds --quick --seed 1 --only 'holds/x=1'"

# Made records: a statement with its wrong forms, and one that is tested as printed.
member() { # CHECK ROLE VERDICT EXPECTED LO HI REGION_LO REGION_HI TIGHTNESS
    printf '{"check": "%s", "id": "%s", "role": "%s", "method": "exact-law", ' "$1" "${1%%/*}" "$2"
    printf '"verdict": "%s", "expected": "%s", "lo": %s, "hi": %s, "region_lo": %s, "region_hi": %s, ' "${@:3:6}"
    printf '"tightness": %s, "alpha": 0.0, "reproduce": "x"},' "$9"
}
declared() { printf '{"id": "%s", "role": "%s", "text": "text of %s", "correction": "x < 1"},' "$1" "$2" "$1"; }
record() { # NAME CHAPTER TITLE EXIT: DECLARED... on fd 3, MEMBER... on standard input
    mkdir -p "$results/$1"
    printf '{"chapter": "%s", "title": "%s", "sources": "A book", "exit_status": %d, "table": [%s], "checks": [%s]}' \
        "$2" "$3" "$4" "$(sed 's/,$//' <&3)" "$(sed 's/,$//')" >"$results/$1/record.json"
}
bounds() { # TIGHTNESS...: supported members of the claim `bound`
    for tightness; do member "bound/n=$tightness" claim SUPPORTED SUPPORTED 0 1 '"-inf"' 2 "$tightness"; done
}
two_forms() { # the verdict on the second case of the second form
    bounds 3 1.5 12
    member form-a/x=1 printed REFUTED REFUTED 1.999999999999 2.000000000001 -4.0000000001 -3.9999999999 null
    member form-b/x=1 printed REFUTED REFUTED 0.0791339358485172 0.0791339358485173 '"-inf"' 0.0753574912 0.95
    member form-b/x=2 printed "$1" REFUTED 0.5 0.6 0 0.1 null
    member control/x=1 control REFUTED REFUTED 3 4 '"-inf"' 2 0.3
}
form_table() { declared bound claim && declared form-a printed && declared form-b printed && declared control control; }
record forms convergence 'About |x|_1 < 2' 0 3< <(form_table) < <(two_forms REFUTED)
record plain forward Plain 0 3< <(declared bound claim && declared count finding && declared narrow finding) \
    < <(bounds 7 && member count finding RECORDED RECORDED 12345678901 12345678901 null null null &&
        member narrow finding RECORDED RECORDED 0.07913393584850 0.07913393584852 null null null)
record network_first network Nets 0 3< <(declared bound claim) < <(bounds 7)
record unjudged convergence 'Only the claim' 0 3< <(form_table) < <(bounds 7)
record false forward False 1 3< <(declared bound claim) < <(member bound claim REFUTED SUPPORTED 3 4 '"-inf"' 2 0.5)
"$bin/contradicted" --quick --out "$results" >/dev/null
expect 0 "$report" --results "$results" --refs "$refs" --experiments "$sources"
title='About \|x\|\_1 \< 2'
contains verdicts.md "| forms | $title | REFUTED (2 forms) | SUPPORTED | 1/1 | 3/3 | 1.50 |"
contains verdicts.md '| plain | Plain | SUPPORTED | SUPPORTED | – | 1/1 | 7.00 |'
contains verdicts.md '| unjudged | Only the claim | – | SUPPORTED | – | 1/1 | 7.00 |'
contains verdicts.md "| **CONTRADICTED (exit 1):** contradicted | $run | instrument | **REFUTED** | – | **0/1** |  |"
contains verdicts.md '| **CONTRADICTED (exit 1):** false | False | REFUTED | **REFUTED** | – | **0/1** |  |'
contains verdicts.md 'Of 5 statements, **as printed** 2 are SUPPORTED and 2 REFUTED, in 2 forms; **as tested** 4 are SUPPORTED, **1 REFUTED**. **4 did not'
last='the order of the rows'
rows=$(sed -n 's/^| \(\*\*.*\*\* \)\?\([a-z_]*\) |.*/\2/p' "$results/verdicts.md" | tail -n +2 | tr '\n' ' ')
[[ $rows == 'false survived contradicted fails open plain holds forms unjudged network_first ' ]] || fail "$rows"
contains report.md '| [forms](#forms) | bound | 1.50 | `n=1.5` | 3.00 | 3 |'
contains report.md '<td data-label="tightness">1.50<br><small>n=1.5</small></td>'
contains report.md '<td data-label="tightness">7.00</td>'
contains report.md '<td data-label="measured">12345678901</td>'
contains report.md '<td data-label="measured">0.07913393585 (± 10⁻¹⁴)</td>'
contains report.md '- [forward](#chapter-forward): [open](#open) · [false](#false) · [plain](#plain)'
contains report.md '- [convergence](#chapter-convergence): [forms](#forms) · [unjudged](#unjudged)'
contains report.md '## Chapter convergence {#chapter-convergence .chapter}'
contains report.md "### $title {#forms}"
contains report.md 'as printed <span class="verdict refuted">REFUTED (2 forms)</span> · as tested <span class="verdict ok">SUPPORTED</span>'

# The wrong forms of a statement stand under one heading, each with the numbers against it.
contains errata.md "$title. Source: A book."
[[ $(grep -c '^## ' "$results/errata.md") == 1 ]] || fail "not one heading: $(grep '^## ' "$results/errata.md")"
contains errata.md '**Printed** `text of form-a`\'
contains errata.md '**Measured** 2 ± 10⁻¹² at `x=1`, where the print predicts −4 ± 10⁻¹⁰: REFUTED in 1 of 1 case\'
contains errata.md '**Corrected** `x < 1`'
contains errata.md 'where the print predicts [0, 0.1]: REFUTED in 2 of 2 cases\'

# What was not refuted, or not supported, is not passed over; its tightness does not count.
record forms convergence 'About |x|_1 < 2' 3 3< <(form_table) \
    < <(two_forms INCONCLUSIVE && member bound/wide claim INCONCLUSIVE SUPPORTED 0 3 '"-inf"' 2 1.2 &&
        member control/x=2 control SUPPORTED REFUTED 0 1 '"-inf"' 2 1.1)
expect 0 "$report" --results "$results" --refs "$refs" --experiments "$sources"
contains verdicts.md "| **CONTROL SURVIVED (exit 3):** forms | $title | **1 of 2 forms REFUTED** | **INCONCLUSIVE** | **1/2** | **3/4** | 1.50 |"
contains verdicts.md 'in 1 form (**1 more not refuted**); **as tested** 3 are SUPPORTED, **1 REFUTED**, **1 INCONCLUSIVE**. **5 did'
contains errata.md '**REFUTED in 1 of 2 cases**'
rm -r "$results/forms" "$results/plain" "$results/network_first" "$results/unjudged" "$results/false" \
    "$results/contradicted"

# A record cut short is named and counts as a failure of its experiment alone.
mkdir "$results/open"
head -c 300 "$results/holds/record.json" >"$results/open/record.json"
expect 0 "$report" --results "$results" --refs "$refs" --experiments "$sources"
one_line
says "$results/open/record.json: line"
contains verdicts.md '| **FAILED (exit 70):** open |'
contains verdicts.md '| holds |'

# Levels that add up to more than their budget: one line, 70, and all documents.
spends() { # LEVEL: of a second check; the first has 9.5e-4
    record plain forward Plain 0 3< <(declared bound claim) \
        < <({ bounds 7 && bounds 8; } | sed "s/\"alpha\": 0.0/\"alpha\": 9.5e-4/; s/\"alpha\": 0.0/\"alpha\": $1/")
    rm -f "$results/report.md"
}
spends 4e-5
expect 0 "$report" --results "$results" --refs "$refs" --experiments "$sources"
contains report.md 'wrong by chance: 0.00099 at most (nominal level of the intervals), of a budget of 0.001.'
spends 6e-5
expect 70 "$report" --results "$results" --refs "$refs" --experiments "$sources"
says 'the levels of all checks add up to 0.00101, expected at most 0.001'
is_file "$results/report.md"
rm -r "$results/plain"

# Bad usage, no paper_refs.md, no room: one line, and what was there stays.
expect 64 "$report" --results "$results" --refs "$refs"
one_line
expect 64 "$report" --results "$results" --refs "$scratch/nothing.md" --experiments "$sources"
one_line
says "$scratch/nothing.md"
cp -r "$results" "$scratch/before"
rm -r "$results/open"
no_room() {
    (trap '' XFSZ && ulimit -f 0 && exec "$report" --results "$results" --refs "$refs" --experiments "$sources") 2>&1 >/dev/null |
        cat >&2
    return "${PIPESTATUS[0]}"
}
expect 74 no_room
one_line
for file in "${documents[@]}"; do is_same "$results/$file" "$scratch/before/$file"; done
is_absent "$results/verdicts.tsv.tmp"
expect 74 "$report" --results "$scratch/nowhere" --refs "$refs" --experiments "$sources"
one_line
finish
