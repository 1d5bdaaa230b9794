#!/usr/bin/env bash
# page.sh BUILD -- the page made of the quick results in BUILD/results/quick, as a reader meets it:
# one file that needs nothing else, no wider than a phone, every figure loads, every link leads
# to one place, and every line it offers for copying is the one that runs its row or check again (that
# this gives the same rows is for mutants/run.sh to test).
# Skipped (77) without chromium, pandoc or gnuplot.
# shellcheck source=tests/cli/expect.sh disable=SC2034,SC2317
. "$(dirname "$0")/cli/expect.sh"
cd "$(dirname "$0")/.." || exit 1
build=$1
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || chromium=''
for program in "${chromium:-chromium}" pandoc gnuplot; do
    command -v "$program" >/dev/null || { echo "skipped: no $program" && exit 77; }
done

# The page, from a copy of the results that the experiment tests left.
out=$scratch/quick
cp -r "$build/results/quick" "$out"
# What scripts/page.sh expects of its caller.
build_dir=$build EX_FAILURE=70 EX_CANTWRITE=74
die() { fail "${*:2}"; }
can_write() { true; }
. scripts/page.sh
experiments=()
for record in "$out"/*/record.json; do
    name=$(basename "$(dirname "$record")")
    experiments+=("$(sed -n 's/^ "chapter": "\(.*\)",$/\1/p' "$record")/$name")
done
last=page
figures "${experiments[@]}"
page || fail "the page was not written"

# A copy that measures itself, all cases unfolded, in a frame of a given width (a browser's own
# window does not go down to a phone's) and an otherwise empty folder.
mkdir "$scratch/alone"
cp "$out/index.html" "$scratch/alone/page.html"
cat >>"$scratch/alone/page.html" <<'END'
<script>
window.onload = function () {
    document.querySelectorAll('details').forEach(function (d) { d.open = true; });
    var images = Array.from(document.images);
    var broken = images.filter(function (i) { return i.naturalWidth === 0; });
    parent.postMessage(['width', document.documentElement.scrollWidth, 'of', window.innerWidth,
                        'images', images.length, 'broken', broken.length].join(' '), '*');
};
</script>
END
measure() { # WIDTH: what the page says of itself
    cat >"$scratch/alone/frame.html" <<END
<title>no answer</title>
<script>window.onmessage = function (e) { document.title = e.data; };</script>
<iframe src="page.html" style="width: $1px; height: 800px; border: 0"></iframe>
END
    timeout 120 "$chromium" --headless --no-sandbox --disable-gpu --hide-scrollbars \
        --user-data-dir="$scratch/profile" --window-size=1400,900 --virtual-time-budget=10000 \
        --dump-dom "file://$scratch/alone/frame.html" 2>/dev/null |
        sed -n 's|.*<title>\(.*\)</title>.*|\1|p' | head -n 1
}
for width in 400 1200; do
    last="the page at $width px"
    read -r _ wide _ inner _ images _ broken < <(measure "$width") || fail "chromium did not answer"
    [[ ${inner:-} == "$width" ]] || fail "measured at '${inner:-}' px"
    ((${wide:-9999} <= width)) || fail "is ${wide:-?} px wide"
    [[ ${images:-} == "${#experiments[@]}" ]] || fail "${images:-no} images, ${#experiments[@]} experiments"
    [[ ${broken:-} == 0 ]] || fail "${broken:-?} broken images"
done
last='the page without a network'
grep -qE '(src|href)="(https?:|//|file:)' "$out/index.html" && fail "refers to another file"
last='links within the page'
grep -o 'href="#[^"]*"' "$out/index.html" | sed 's/href="#\(.*\)"/\1/' | sort -u >"$scratch/links"
grep -o '[ <]id="[^"]*"' "$out/index.html" | sed 's/.id="\(.*\)"/\1/' | sort | uniq -u >"$scratch/places"
comm -23 "$scratch/links" "$scratch/places" >"$scratch/astray"
while IFS= read -r anchor; do fail "not one place named $anchor"; done <"$scratch/astray"
for experiment in "${experiments[@]}"; do
    for anchor in "${experiment#*/}" "chapter-${experiment%/*}"; do
        grep -qxF "$anchor" "$scratch/links" || fail "no link to $anchor"
    done
done

# Lines to copy, one a row and one a check of several rows: as a shell reads them, the program of the
# statement with the effort and the seed of the results and that row or check. The program knows every flag
# (--list computes nothing).
sed -n 's|.*<code class="run">\([^<]*\)</code>.*|\1|p' "$out/index.html" |
    sed "s/&quot;/\"/g; s/&#39;/'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g" >"$scratch/lines"
prefix=build/release/experiments/
words() {
    local IFS=$'\t'
    printf '%s\n' "$*"
}
sed 's/^/words /' "$scratch/lines" >"$scratch/read"
# shellcheck source=/dev/null
. "$scratch/read" | sort -u >"$scratch/said"
awk -F '\t' -v OFS='\t' -v prefix="$prefix" 'NR > 1 {
        run = prefix $1 "/" $2 OFS "--quick" OFS "--seed" OFS 1 OFS "--only" OFS
        print run $3
        sub("/.*", "", $3)
        rows[run $3]++
    }
    END { for (check in rows) if (rows[check] > 1) print check }' "$out/verdicts.tsv" | sort -u >"$scratch/meant"
last='lines to copy'
if ! diff "$scratch/said" "$scratch/meant" >"$scratch/diff"; then
    fail "are not those of the rows and checks: $(head -n 5 "$scratch/diff")"
fi
for experiment in "${experiments[@]}"; do
    line=$(grep -m 1 -F "$prefix$experiment " "$scratch/lines")
    last=$line
    eval "$build/experiments/${line#"$prefix"} --list" >/dev/null 2>"$scratch/err" || fail "$(cat "$scratch/err")"
done
echo "$(wc -l <"$scratch/lines") lines, ${#experiments[@]} statements"
finish
