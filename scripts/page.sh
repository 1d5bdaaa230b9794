# page.sh -- figures, verdict table and the page.  Sourced by run_all.sh.
# shellcheck shell=bash

# figures CHAPTER/NAME...: draws plots/CHAPTER/NAME.gp as figure.{svg,png,pdf} beside each table.tsv
# that is newer than its figure.
figures() {
    local experiment dir format
    for experiment in "$@"; do
        dir=$out/${experiment#*/}
        [[ -f $dir/table.tsv ]] || continue
        for format in svg png pdf; do
            if is_newer "$dir/figure.$format" "$dir/table.tsv" "plots/$experiment.gp" plots/style.gp; then
                continue
            fi
            draw "plots/$experiment.gp" "$dir" "$format" || cannot "draw $dir/figure.$format"
        done
    done
}

is_newer() { # FILE THAN...
    local file=$1 than
    shift
    for than in "$@"; do [[ $file -nt $than ]] || return 1; done
}

# gnuplot's warnings are shown only if it fails.
draw() { # SCRIPT DIR FORMAT
    local warnings
    if ! warnings=$(gnuplot -e "table='$2/table.tsv'; out='$2/partial'; style='plots/style.gp'; \
            format='$3'" "$1" 2>&1 && mv "$2/partial.$3" "$2/figure.$3" 2>&1); then
        printf '%s\n' "$warnings" >&2
        return 1
    fi
}

# cannot WHAT: stops because a program of the page failed, or could not write; leaves no partial file.
cannot() {
    rm -f "$out"/{,*/}*partial.* 2>/dev/null || true
    if can_write "$out"; then die "$EX_FAILURE" "cannot $1"; fi
    die "$EX_CANTWRITE" "cannot write $out"
}

# page: verdicts.tsv, verdicts.md, errata.md and index.html from all results of the effort.
page() {
    "$build_dir/analysis/report" --results "$out" --refs paper_refs.md --experiments experiments || return
    pandoc --from markdown --to html5 --standalone --self-contained --mathml \
        --css analysis/page.css --resource-path ".:$out" --output "$out/index.partial.html" "$out/report.md" &&
        mv "$out/index.partial.html" "$out/index.html"
}

# The verdict table as text.
verdict_table() { pandoc --from markdown --to plain --columns 110 "$out/verdicts.md"; }
