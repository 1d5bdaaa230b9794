#!/usr/bin/env bash
# page.sh BUILD -- the page made of the quick results in BUILD/results/quick, as a reader meets it:
# one file that needs nothing else, no wider than a phone, every figure loads, every link leads
# to one place, and every line it offers for copying runs; one a statement is run in earnest and must
# give the same row again (of statements that took ten seconds or less: a row may need all of a run).
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
while IFS= read -r anchor; do
    count=$(grep -o "[ <]id=\"$anchor\"" "$out/index.html" | wc -l)
    ((count == 1)) || fail "$count places named $anchor"
done <"$scratch/links"
for experiment in "${experiments[@]}"; do
    for anchor in "${experiment#*/}" "chapter-${experiment%/*}"; do
        grep -qxF "$anchor" "$scratch/links" || fail "no link to $anchor"
    done
done

# Lines to copy. Each parses, and its program knows every flag: --list computes nothing.
sed -n 's|.*<code class="run">\([^<]*\)</code>.*|\1|p' "$out/index.html" |
    sed "s/&quot;/\"/g; s/&#39;/'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g" >"$scratch/lines"
prefix=build/release/experiments/
count=0
while IFS= read -r line; do
    last=$line
    [[ $line == "$prefix"* ]] || fail "does not begin with $prefix"
    eval "$build/experiments/${line#"$prefix"} --list" >/dev/null 2>"$scratch/err" || fail "$(cat "$scratch/err")"
    count=$((count + 1))
done <"$scratch/lines"
rows=$(($(wc -l <"$out/verdicts.tsv") - 1))
((count >= rows)) || fail "$count lines to copy for $rows rows"

# The row of CHECK in a record, without what the run alone decides.
row() { awk -v want="   \"check\": \"$2\"," '$0 == want { on = 1 } on { print } /"reproduce"/ { on = 0 }' "$1"; }

# The last row of each statement, run as its line says.
again=0
for experiment in "${experiments[@]}"; do
    name=${experiment#*/}
    seconds=$(sed -n 's/^  "wall_seconds": \([0-9]*\).*/\1/p' "$out/$name/record.json")
    ((${seconds:-0} < 10)) || continue
    again=$((again + 1))
    check=$(awk -F '\t' -v e="$name" '$2 == e { check = $3 } END { print check }' "$out/verdicts.tsv")
    line=$(grep -F -- "--only '$check'" "$scratch/lines" | grep -F "/$name " | tail -n 1)
    last=$line status=0
    eval "$build/experiments/${line#"$prefix"} --out $scratch/again" >/dev/null 2>&1 || status=$?
    ((status <= 3)) || fail "exit status $status"
    row "$out/$name/record.json" "$check" >"$scratch/before"
    row "$scratch/again/$name/record.json" "$check" >"$scratch/after"
    [[ -s $scratch/before ]] || fail "no row $check"
    is_same "$scratch/before" "$scratch/after"
done
last='rows run again'
((2 * again > ${#experiments[@]})) || fail "only $again of ${#experiments[@]} statements are quick enough"
echo "$count lines, ${#experiments[@]} statements, $again run again"
finish
