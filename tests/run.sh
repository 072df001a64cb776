#!/usr/bin/env bash
# All tests, with what they need: format, lints, then every test, through real Postfix and Sendmail too.
# As root, or as a user with sudo. CI=true: what is missing fails instead of being left out.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
. packaging/install-needs.sh
. packaging/fetch-samples.sh

rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
need_cargo "$rust"
# The browser shows that hostile mail does nothing in it.
need chromium chromium-driver dovecot-imapd gcc jq libc6-dev m4 miltertest openssl postfix redis-server util-linux

# Sendmail's package and Postfix's exclude each other: it is unpacked into the cache, not installed.
cache=${KITH_TEST_CACHE:-$PWD/.cache}
if [ ! -x "$cache/sendmail/usr/libexec/sendmail/sendmail" ]; then
    apt_update
    mkdir -p "$cache"
    unpacked=$(mktemp -d "$cache/sendmail.XXXXXX")
    trap 'rm -rf "$unpacked"' EXIT
    (cd "$unpacked" && apt-get -o APT::Sandbox::User="$(id -un)" download -q sendmail-bin sendmail-base sendmail-cf)
    for package in "$unpacked"/*.deb; do dpkg -x "$package" "$unpacked"; done
    rm "$unpacked"/*.deb
    # Without the set-group-ID bit it is a program like any other.
    chmod 755 "$unpacked" "$unpacked/usr/libexec/sendmail/sendmail"
    rm -rf "$cache/sendmail"
    mv "$unpacked" "$cache/sendmail"
fi
if [[ $(ldd "$cache/sendmail/usr/libexec/sendmail/sendmail") == *'not found'* ]]; then
    apt_update
    mapfile -t libraries < <(apt-cache depends sendmail-bin | sed -n 's/^ *Depends: \(lib[^ ]*\)$/\1/p')
    need "${libraries[@]}"
fi
# Thousands of real messages are decided on again; without them, the project's own samples in many rounds.
if [ ! -d "$cache/spam-assassin/spam-1" ]; then
    (fetch_samples "$cache/spam-assassin") || echo "sample mail could not be fetched: the project's own will do"
fi
export KITH_TEST_CACHE=$cache

# Incremental files pay only where something is built twice.
[ "${CI:-}" != true ] || export CARGO_INCREMENTAL=0

# with TOOL COMMAND...: runs a check whose tool may be missing outside CI.
with() {
    local tool=$1
    shift
    if [ "${CI:-}" != true ] && ! cargo "$tool" --version >/dev/null 2>&1; then
        echo "cargo $tool is missing: not checked"
        return 0
    fi
    echo "== cargo $*"
    cargo "$@"
}
with fmt fmt --check
with clippy clippy --locked --all-targets -- -D warnings

# Postfix and Sendmail start as root: an ordinary user's tests are built as that user and run by sudo.
if [ ${#sudo[@]} -gt 0 ]; then
    triple=$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
    export "CARGO_TARGET_${triple}_RUNNER=sudo -E env PATH=$PATH"
fi
echo "== tests"
cargo test --locked --doc
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --no-fail-fast
else
    cargo test --locked --no-fail-fast --lib --bins --tests
fi
