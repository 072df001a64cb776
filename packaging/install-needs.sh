#!/usr/bin/env bash
# Installs what the scripts of this project need from Debian's packages, and nothing that is there already.
# To be sourced. As root, or by sudo; nothing is asked, no service is started, nothing is removed.

if [ "$(id -u)" = 0 ]; then sudo=(); else sudo=(sudo); fi
# Mail programs live where an ordinary user's shell does not look.
PATH="$PATH:/usr/sbin:/sbin"
[ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
export PATH

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

if [ ${#sudo[@]} -gt 0 ] && ! command -v sudo >/dev/null; then
    fail "root is needed, or sudo: Postfix starts as root, and packages may be missing."
fi

need_cargo() {
    command -v cargo >/dev/null || fail \
        "cargo is missing: install a Rust toolchain, $1 or newer (Debian: apt install rustup && rustup default stable)."
}

apt_updated=no

apt_update() {
    [ "$apt_updated" = yes ] || "${sudo[@]}" apt-get update -q
    apt_updated=yes
}

# need PACKAGE...: installs those that are missing.
need() {
    local package missing=()
    for package in "$@"; do
        case "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" in
            *' installed') ;;
            *) missing+=("$package") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "these are missing, and there is no apt-get to install them: ${missing[*]}"
    echo "installing ${missing[*]}"
    apt_update
    # Postfix comes without a configuration, so that none of it starts now or later by itself.
    printf 'postfix postfix/main_mailer_type select No configuration\n' | "${sudo[@]}" debconf-set-selections
    local policy=/usr/sbin/policy-rc.d made=no result=0
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
        "${sudo[@]}" chmod 755 "$policy"
        made=yes
    fi
    # --no-remove: another MTA that is installed here stays.
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends --no-remove "${missing[@]}" || result=$?
    [ "$made" = no ] || "${sudo[@]}" rm -f "$policy"
    [ "$result" = 0 ] || fail "apt-get could not install ${missing[*]}: see above"
}
