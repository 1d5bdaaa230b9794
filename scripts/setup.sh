# setup.sh -- the packages, the data and the build.  Sourced by run_all.sh.
# shellcheck shell=bash

# packages MARK...: names in packages.txt with one of these marks; `always` is that of a package without one.
packages() {
    awk -v marks=" $* " '!/^#/ && NF && index(marks, " " ($2 == "" ? "always" : $2) " ") { print $1 }' packages.txt
}

missing() { # PACKAGE...
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null |
            grep -qx installed || printf '%s\n' "$package"
    done
}

missing_packages() { # PURPOSE
    # shellcheck disable=SC2046 # names without blanks
    missing $(packages always "$1")
    command -v cmake >/dev/null || echo cmake
    command -v cc >/dev/null || echo gcc
}

# set_up PURPOSE: installs what is missing where it may (root), else says how and stops. Where there
# is no dpkg the check is left to CMake.
set_up() {
    command -v dpkg-query >/dev/null || return 0
    local -a missing
    mapfile -t missing < <(missing_packages "$1")
    ((${#missing[@]} > 0)) || return 0
    local install="apt-get install -y --no-install-recommends ${missing[*]}"
    if ((EUID != 0)); then
        die "$EX_UNAVAILABLE" "missing packages; install them with: sudo $install"
    fi
    say "installing ${missing[*]}"
    local log
    log=$(mktemp)
    if ! { apt-get -q update && DEBIAN_FRONTEND=noninteractive $install; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        rm -f "$log"
        die "$EX_UNAVAILABLE" "could not install the missing packages: $install"
    fi
    rm -f "$log"
}

# add_optional: what only some tests need, which are skipped without it.
add_optional() {
    local -a names
    command -v dpkg-query >/dev/null && ((EUID == 0)) || return 0
    # shellcheck disable=SC2046 # names without blanks
    mapfile -t names < <(missing $(packages optional))
    ((${#names[@]} > 0)) || return 0
    say "installing ${names[*]}"
    { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${names[@]}"; } \
        >/dev/null 2>&1 || say "could not: the tests that need them are skipped"
}

# fetch_digits: data/digits.csv, the 8 x 8 handwritten digits of scikit-learn, out of its Debian package,
# which is not installed for that. Without them memory/memorisation says so and uses synthetic data.
fetch_digits() {
    local inside=usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz scratch
    [[ ! -f data/digits.csv ]] || return 0
    scratch=$(mktemp -d)
    if { unpack_digits "/$inside" || {
        (cd "$scratch" && timeout 60 apt-get -q download python3-sklearn && dpkg-deb -x ./*.deb .) &&
            unpack_digits "$scratch/$inside"
    }; } >/dev/null 2>&1; then
        say "handwritten digits: data/digits.csv"
    else
        say "no handwritten digits (python3-sklearn could not be downloaded): data/digits.csv is left out"
    fi
    rm -rf "$scratch" data/digits.partial
}

unpack_digits() { # FILE.gz
    [[ -f $1 ]] && mkdir -p data && gunzip -c "$1" >data/digits.partial &&
        mv data/digits.partial data/digits.csv
}

# build PRESET [CMAKE-OPTION...]: configures and builds into build/PRESET; quiet unless it fails.
build() {
    local preset=$1 log
    shift
    log=build/$preset.log
    { mkdir -p build && : >"$log"; } 2>/dev/null || die "$EX_CANTWRITE" "cannot write $PWD/$log"
    say "building build/$preset"
    if ! { cmake --preset "$preset" "$@" && cmake --build --preset "$preset"; } >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        die "$EX_FAILURE" "the build failed (log: $log)"
    fi
}
