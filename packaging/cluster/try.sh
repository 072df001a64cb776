#!/usr/bin/env bash
# Shows two Kith hosts with one baseline: starts a Redis and two daemons on loopback, sends mail through both, takes the
# store away and brings it back empty, and shows what each host knew. Nothing is left running.
# KITH names the program; without it, it is built.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec </dev/null
. packaging/install-needs.sh

step() { printf '\n== %s\n' "$*"; }

free_port() {
    local port
    while port=$((12000 + RANDOM % 20000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# wait_for WHAT COMMAND...: asks again and again until the command succeeds.
wait_for() {
    local deadline=$((SECONDS + 60)) what=$1
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || { tail -n 20 "$run"/*.log >&2; fail "waited in vain: $what"; }
        sleep 0.2
    done
}

step "1/5 What is needed"
need redis-server miltertest jq
kith=${KITH:-}
if [ -z "$kith" ]; then
    need_cargo "$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)"
    cargo build --locked --release --bin kith
    kith=$(cargo metadata --locked --no-deps --format-version 1 | jq -r .target_directory)/release/kith
fi
echo "all there"

step "2/5 Starting the store and two hosts"
run=$(mktemp -d /tmp/kith-cluster.XXXXXX)
declare -A pids ports
stop() {
    set +e
    for name in "${!pids[@]}"; do kill "${pids[$name]}" && wait "${pids[$name]}"; done 2>/dev/null
    rm -rf "$run"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

ports[store]=$(free_port)
start_store() {
    redis-server packaging/cluster/redis.conf --port "${ports[store]}" --dir "$run" --save '' >>"$run/store.log" 2>&1 &
    pids[store]=$!
    wait_for "the store listens" listens "${ports[store]}"
}

# start_host NAME: its own settings, those of the cluster over them, and last what loopback needs.
start_host() {
    local name=$1 folder=$run/$1
    ports[$name]=$(free_port)
    mkdir -p "$folder/conf.d" "$folder/state"
    cp "packaging/cluster/$name.toml" "$folder/conf.d/"
    cat >"$folder/kith.toml" <<END
organisation.domains = ["own.example"]
# On a real host nobody counts as new before a week of watching, or an import of past mail.
baseline.settled_days = 0.0
milter.listen = ["inet:127.0.0.1:${ports[$name]}"]
auth.resolver = "off"
END
    cat >"$folder/conf.d/zz-loopback.toml" <<END
[baseline.shared]
addresses = ["redis://127.0.0.1:${ports[store]}"]
secret_file = "$folder/baseline.secret"
# Long for a network, but a machine that builds something beside this is slow.
recall_milliseconds_max = 2000
END
    "$kith" serve --config "$folder/kith.toml" --state "$folder/state" >"$run/$name.log" 2>&1 &
    pids[$name]=$!
    wait_for "$name listens" listens "${ports[$name]}"
}

start_store
start_host mx1
wait_for "mx1 has written the secret" test -s "$run/mx1/baseline.secret"
mkdir -p "$run/mx2"
cp "$run/mx1/baseline.secret" "$run/mx2/baseline.secret"
start_host mx2
echo "the store, mx1 and mx2 on 127.0.0.1:${ports[store]}, :${ports[mx1]} and :${ports[mx2]}"

# send HOST ID FROM TO [LOGIN], and show what the host knew of the sender when the message came.
send() {
    local host=$1 id=$2 from=$3 to=$4 login=${5:-}
    miltertest -D "socket=inet:${ports[$host]}@127.0.0.1" -D "id=$id" -D "from=$from" -D "to=$to" \
        ${login:+-D "login=$login"} -s packaging/cluster/send.lua
    wait_for "$host has written down $id" entry_of "$host" "$id"
    entry_of "$host" "$id" | jq -r --arg host "$host" --arg from "$from" --arg to "$to" '
        def shown(name): .signals[name] // "unknown" | tostring;
        "\($host): \($from) to \($to): first message \(shown("first_message_from_sender"))"
        + ", messages seen (ln) \(shown("sender_messages_seen")), one of us wrote there \(shown("sender_written_to"))"
        + ([.gaps[]? | "\n     gap: \(.why)"] | join(""))'
}
entry_of() { journal "$1" | jq -ec --arg id "$2" 'select(.queue_id == $id)'; }
journal() { find "$run/$1/state" -name 'journal*.jsonl' -exec cat {} +; }
known() { redis-cli -p "${ports[store]}" dbsize | grep -qE '[1-9][0-9]|[5-9]'; }

step "3/5 Mail through one host is known at the other"
send mx1 A1 bob@own.example anna@partner.example bob
send mx1 A2 anna@partner.example bob@own.example
wait_for "mx1 has told the store" known
# Each host hears of the others once a second.
sleep 3
send mx2 A3 anna@partner.example bob@own.example
send mx2 A4 eve@stranger.example bob@own.example

step "4/5 The store dies: mail goes on, with a gap; what was asked lately is still known"
kill -9 "${pids[store]}"
wait "${pids[store]}" 2>/dev/null || true
send mx2 A5 anna@partner.example bob@own.example
send mx2 A6 mallory@stranger.example bob@own.example

step "5/5 It comes back empty, and both hosts tell it all again"
start_store
wait_for "the hosts have told it" known
# Until each must have told all again, what is not there is unknown, and messages have a gap.
sleep 8
send mx1 A7 anna@partner.example bob@own.example
redis-cli -p "${ports[store]}" info memory | grep -E '^used_memory_human'
echo "keys: $(redis-cli -p "${ports[store]}" dbsize)"
