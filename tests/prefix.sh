#!/usr/bin/env bash
# prefix.sh BUILD -- every external symbol of lib/MODULE/*.c begins with MODULE_ or with a type that the
# headers of the module or those its public header includes define (upper case for constants: sde ->
# SDE_OU; law.h defines gauss, divergence.h adds gauss_kl). xp may define main.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1 wrong=0 seen=0

# Names after typedef: `typedef struct gmm gmm;`, `} region;`, `typedef void mc_draw(...`.
types() {
    sed -nE -e 's/^\} ([a-z0-9_]+);.*/\1/p' \
        -e 's/^typedef .*[ *]([a-z0-9_]+);.*/\1/p' \
        -e 's/^typedef .*\} ([a-z0-9_]+);.*/\1/p' \
        -e 's/^typedef [a-z0-9_ ]*[ *]([a-z0-9_]+)\(.*/\1/p' "$@"
}

headers() { # MODULE
    shopt -s nullglob
    echo lib/"$1"/*.h
    if [[ -f lib/$1.h ]]; then sed -n "s|^#include \"\(.*\)\"|lib/\1|p; \$a lib/$1.h" "lib/$1.h"; fi
}

declare -A objects=() # of each module
while read -r object; do
    module=${object#"$build/lib/"} # [MODULE/]CMakeFiles/TARGET.dir/[MODULE/]FILE.c.o
    module=$(dirname "${module/CMakeFiles\/*.dir\/}")
    objects[$module]+=" $object"
done < <(find "$build/lib" -name '*.c.o')

for module in "${!objects[@]}"; do
    # shellcheck disable=SC2046 # file names without blanks
    allowed=$( (echo "$module"; types /dev/null $(headers "$module")) | sort -u | paste -sd '|')
    if [[ $module == xp ]]; then allowed+='|main$'; fi
    # shellcheck disable=SC2086 # several names
    mapfile -t symbols < <(nm --extern-only --defined-only --format=posix ${objects[$module]} |
        sed -n 's/^\([^. ][^ ]*\) .*/\1/p') # those with a dot are the compiler's
    seen=$((seen + ${#symbols[@]}))
    if stray=$(printf '%s\n' "${symbols[@]:-$module}" | grep -viE "^($allowed)(_|$)"); then
        printf 'lib/%s: begins with none of %s: %s\n' "$module" "$allowed" "${stray//$'\n'/ }"
        wrong=1
    fi
done

echo "$seen external symbols"
((seen > 0 && wrong == 0))
