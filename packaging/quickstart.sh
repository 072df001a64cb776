#!/usr/bin/env bash
# Shows Kith at work: builds it, puts it behind a private Postfix on loopback, sends ordinary mail and attacks through
# both, and shows what was accepted, tagged and held, and why. As root, or as a user with sudo. An installed Postfix is
# not touched; nothing is left running.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
. packaging/install-needs.sh
. packaging/fetch-samples.sh

step() { printf '\n== %s\n' "$*"; }

# A port on loopback, below those that the kernel hands out, that nobody answers on.
free_port() {
    local port
    while port=$((12000 + RANDOM % 20000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}

# wait_for SECONDS WHAT COMMAND...: asks again and again until the command succeeds.
wait_for() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" 2>/dev/null; do
        ((SECONDS < deadline)) || { tail -n 20 "$shown/kith.log" >&2; fail "waited in vain: $what"; }
        sleep 0.1
    done
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

step "1/6 What is needed"
need_cargo "$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)"
need gcc libc6-dev postfix jq
echo "all there"

step "2/6 Building (the first time 10 to 20 minutes on 2 cores, later seconds)"
cargo build --locked --release --bin kith
target=$(cargo metadata --locked --no-deps --format-version 1 | jq -r .target_directory)
kith=$target/release/kith
shown=$target/quickstart
rm -rf "$shown"
mkdir -p "$shown/state"

step "3/6 Fetching sample mail"
samples=$PWD/.cache/spam-assassin
if [ -d "$samples/spam-1" ]; then
    echo "there already"
elif (fetch_samples "$samples"); then
    echo "SpamAssassin's public corpus"
else
    echo "could not be fetched: the project's own samples will do"
fi
# A few, spread over the whole.
few() { find "$samples/$1" -name '*.txt' 2>/dev/null | sort | awk 'NR % '"$2"' == 7'; }
mapfile -t ordinary < <(few easy-ham-1 400; find tests/corpus/ordinary -name '*.eml' | sort)
mapfile -t attacks < <(few spam-1 80; find tests/corpus -name '*.eml' -not -path '*/ordinary/*' | sort)

step "4/6 Starting Kith and a private Postfix"
run=$(mktemp -d /tmp/kith-quickstart.XXXXXX)
chmod 755 "$run"
kith_pid=
stop() {
    set +e
    "${sudo[@]}" postfix -c "$run/etc" stop >/dev/null 2>&1
    [ -z "$kith_pid" ] || { kill "$kith_pid" && wait "$kith_pid"; } 2>/dev/null
    "${sudo[@]}" cp -r "$run/inbox" "$run/mail.log" "$shown/" 2>/dev/null
    "${sudo[@]}" chown -R "$(id -u)" "$shown"
    "${sudo[@]}" rm -rf "$run"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP
milter_port=$(free_port) smtp_port=$(free_port)

# The embedded defaults, but for what a demonstration cannot have: a port that may be taken, the domain of the samples,
# DNS (fictional senders have none), and the mode: as shipped, Kith only monitors and lets everything pass.
cat >"$shown/kith.toml" <<END
[organisation]
domains = ["harbour.example"]

# On a real host nobody counts as new before a week of watching, or an import of past mail.
[baseline]
settled_days = 0.0

[milter]
listen = ["inet:127.0.0.1:$milter_port"]
END
export KITH_AUTH__RESOLVER=off KITH_POLICY__MODE=act
"$kith" serve --config "$shown/kith.toml" --state "$shown/state" >"$shown/kith.log" 2>&1 &
kith_pid=$!
echo "kith serve: the defaults, and KITH_POLICY__MODE=act, since as shipped it only monitors"
kith_listens() { kill -0 "$kith_pid" && listens "$milter_port"; }
wait_for 30 "kith listens" kith_listens

mkdir "$run/etc" "$run/queue" "$run/data" "$run/inbox"
if [ "$(id -u)" = 0 ]; then owner=65534; else owner=$(id -u); fi
"${sudo[@]}" chown "$owner" "$run/inbox"
"${sudo[@]}" chown postfix "$run/data"
"${sudo[@]}" chmod 700 "$run/data"
cat >"$run/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $run/queue
data_directory = $run/data
maillog_file = $run/mail.log
maillog_file_prefixes = $run
myhostname = mx.harbour.example
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
# All mail of the samples' domain goes to one Maildir.
virtual_mailbox_domains = harbour.example
virtual_mailbox_base = $run
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:$owner
virtual_gid_maps = static:$owner
# The script pretends to be the hosts that sent the samples.
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_peername_lookup = no
smtpd_milters = { inet:127.0.0.1:$milter_port, default_action=tempfail }
END
cat >"$run/etc/master.cf" <<END
127.0.0.1:$smtp_port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
END
"${sudo[@]}" postfix -c "$run/etc" start
wait_for 30 "Postfix listens" listens "$smtp_port"
echo "Postfix: 127.0.0.1:$smtp_port, its milter on 127.0.0.1:$milter_port"

step "5/6 Sending mail"
# say LINE: sends a line; hear: reads an answer into $answer; ask LINE CODE: both, and the code must be that.
say() { printf '%s\r\n' "$1" >&3; }
hear() {
    local line
    while IFS= read -r -t 60 line <&3; do
        answer=${line%$'\r'}
        [[ $answer == ???-* ]] || return 0
    done
    answer='421 no answer'
}
ask() { say "$1" && hear && [[ $answer == $2* ]]; }

# The newest Received field that names an outside host, as "ADDRESS NAME".
client_of() {
    awk '/^\r?$/ { exit } /^[ \t]/ { field = field $0; next } { print field; field = $0 } END { print field }' "$1" |
        sed -nE 's/^Received: from \[?([^] \t()]+)\]? .*\[([0-9]+(\.[0-9]+){3})\].*/\2 \1/p' |
        grep -vE '^(0|10|127|192\.168|172\.(1[6-9]|2[0-9]|3[01]))\.' | head -n 1 || true
}

# What the sending host sent: without the lines that the last delivery put on top.
as_sent() {
    awk -v own="$2" '
        NR == 1 && /^From / { next }
        !body && /^Return-Path:/ { next }
        !body && own && /^Received:/ { own = 0; skipping = 1; next }
        skipping && /^[ \t]/ { next }
        { skipping = 0; body = body || /^\r?$/; sub(/\r$/, ""); sub(/^\./, ".."); printf "%s\r\n", $0 }' "$1"
}

send() {
    local file=$1 sender recipient=info@harbour.example own=0 client address helo
    place=none
    sender=$(sed -nE '/^\r?$/q; s/^Return-Path: *<?([^<>]*)>?\r?$/\1/p' "$file" | head -n 1)
    client=$(client_of "$file")
    address=${client% *} helo=${client#* }
    if [[ $file == tests/* ]]; then
        own=1
        recipient=$(sed -nE '/^\r?$/q; s/^[ \t]for <([^>]*)>.*/\1/p' "$file" | head -n 1)
    fi
    exec 3<>"/dev/tcp/127.0.0.1/$smtp_port"
    hear
    ask 'EHLO quickstart' 250 || true
    ask "XCLIENT ADDR=${address:-192.0.2.1} NAME=[UNAVAILABLE]" 220 || true
    if ask "EHLO ${helo:-client.example}" 250 && ask "MAIL FROM:<$sender>" 250 &&
        ask "RCPT TO:<$recipient>" 250 && ask DATA 354; then
        as_sent "$file" "$own" >&3
        say .
        hear
        # Messages go one after the other, so the journal has them in this order.
        place=$((judged++))
    fi
    exec 3>&-
}

names=() answers=() places=() judged=0
total=$((${#ordinary[@]} + ${#attacks[@]}))
for file in "${ordinary[@]}" "${attacks[@]}"; do
    send "$file"
    answers+=("$answer")
    places+=("$place")
    name=${file#tests/corpus/}
    name=${name#"$samples/"}
    # The corpus names each file by a number and its digest.
    if [[ $file == "$samples"* ]]; then names+=("${name%%.*}"); else names+=("${name%.eml}"); fi
    if [ -t 1 ]; then printf '\r%d of %d' ${#names[@]} "$total"; fi
done
printf '\r%d ordinary messages and %d attacks sent\n' ${#ordinary[@]} ${#attacks[@]}

step "6/6 What became of them"
journal() { find "$shown/state" -name 'journal*.jsonl' | sort | xargs -r cat; }
journal_is_whole() { [ "$(journal | wc -l)" -ge "$judged" ]; }
wait_for 10 "$judged entries in the journal" journal_is_whole
held=$("${sudo[@]}" postqueue -c "$run/etc" -j | jq -r 'select(.queue_name == "hold") | .queue_id')
mapfile -t entries < <(journal | jq -r '
    [.id, .action, (.score // 0 | . * 10 | round / 10), ([.reasons[:3][] | .because] | join("; "))]
    | map(tostring) | @tsv')

if [ -t 1 ]; then columns=$(tput cols 2>/dev/null || echo 80); else columns=200; fi
row() {
    if ((columns >= 120)); then
        printf '%-9s %6s  %-42s %s\n' "$@"
    else
        printf '%-9s %6s  %s\n' "$1" "$2" "$3"
        [ -z "$4" ] || printf '%18s%s\n' '' "$4"
    fi | cut -c "1-$columns"
}
declare -A counts
example=
for index in "${!names[@]}"; do
    if [ "$index" = 0 ]; then printf '\nOrdinary mail\n' && row outcome score message 'strongest reasons'; fi
    if [ "$index" = ${#ordinary[@]} ]; then printf '\nAttacks\n' && row outcome score message 'strongest reasons'; fi
    if ((index < ${#ordinary[@]})); then kind=ordinary; else kind=attacks; fi
    id='' action='' score='' reasons=${answers[index]}
    if [ "${places[index]}" != none ]; then
        IFS=$'\t' read -r id action score reasons <<<"${entries[places[index]]}"
    fi
    queue_id=${answers[index]##* }
    case "${answers[index]}" in
        5*) outcome=rejected ;;
        4*) outcome=deferred ;;
        *) if [[ $'\n'$held$'\n' == *$'\n'$queue_id$'\n'* ]]; then
            outcome=held example=$id
        elif [ "$action" = tag ]; then outcome=tagged; else outcome=accepted; fi ;;
    esac
    counts[$kind:$outcome]=$((${counts[$kind:$outcome]:-0} + 1))
    row "$outcome" "$score" "${names[index]}" "$reasons"
done
printf '\n%-9s' ''
for outcome in accepted tagged held rejected deferred; do printf '%10s' "$outcome"; done
for kind in ordinary attacks; do
    printf '\n%-9s' "$kind"
    for outcome in accepted tagged held rejected deferred; do printf '%10d' "${counts[$kind:$outcome]:-0}"; done
done
printf '\n'

if [ -n "$example" ]; then
    printf '\nOne of them in full: %s explain %s --state %s\n\n' "$kith" "$example" "$shown/state"
    "$kith" explain "$example" --config "$shown/kith.toml" --state "$shown/state" || true
fi
cat <<END

Nothing knew any of these senders: each was new to an empty baseline, and no DNS was asked. On a real host import past
mail first (kith baseline import PATH...), so that what is usual is known.

Log     $shown/kith.log and $shown/mail.log
State   $shown/state (journal, baselines)
Inbox   $shown/inbox (what was delivered; tagged mail bears X-Kith fields)
How to put Kith in front of your own mail: packaging/postfix.md. Kith and Postfix stop now.
END
