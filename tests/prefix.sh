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

while read -r object; do
    module=${object#"$build/lib/"} # [MODULE/]CMakeFiles/TARGET.dir/[MODULE/]FILE.c.o
    module=$(dirname "${module/CMakeFiles\/*.dir\/}")
    # shellcheck disable=SC2046 # file names without blanks
    allowed=$( (echo "$module"; types /dev/null $(headers "$module")) | sort -u | paste -sd '|')
    while read -r symbol; do
        ((seen += 1))
        if [[ $module == xp && $symbol == main ]]; then continue; fi
        if ! grep -qiE "^($allowed)(_|$)" <<<"$symbol"; then
            echo "lib/$module: $symbol begins with none of: $allowed"
            wrong=1
        fi
    done < <(nm --extern-only --defined-only --format=posix "$object" | cut -d' ' -f1)
done < <(find "$build/lib" -name '*.c.o')

echo "$seen external symbols"
((seen > 0 && wrong == 0))
