#!/usr/bin/env bash
# Trains the model that comes with Kith anew: models/retrain.sh CORPORA SPAMASSASSIN, the folders of the archives that
# models/README.md names. Writes models/kith; takes about 5 minutes on 2 cores once everything is built.
set -euo pipefail
cd "$(dirname "$0")/.."
corpora=${1:?the folder with the mailing-list, Enron and scam archives} assassin=${2:?the folder of the SpamAssassin corpus}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --locked --release --bin kith
target=$(cargo metadata --locked --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')

# Enron's archive kept the words, not the way: it is sent again, with attacks on its own people in between.
cargo bench --locked --bench behaviour -- --corpus "$corpora/enron.mbox.zst" --days-warm 60 --rate 50 --seed 7 \
    --write "$work/sent" >"$work/sent.txt"
mv "$work/sent/ordinary.mbox" "$work/enron.mbox"
# One source, so that what is made up counts as one archive among others.
cat "$work"/sent/*.mbox >"$work/written.mbox"
cat >"$work/kith.toml" <<END
[organisation]
domains = ["enron.com"]
networks = ["10.0.0.0/8"]
END
lists() { for name; do echo "$corpora/list-$name.mbox.zst"; done; }
mapfile -t ham < <(lists ham-samba-technical ham-ksummit ham-util-linux ham-drbd-dev)
mapfile -t bad < <(lists advance_fee loan cred_theft invoice_malware extortion job)
"$target/release/kith" train --config "$work/kith.toml" --fit models/fit.toml --out models/kith --name kith \
    --description "public archives, and attacks written into Enron's" \
    --ham "$work/enron.mbox" "${ham[@]}" "$corpora/modern-ham.mbox.zst" \
    "$assassin"/easy-ham-1 "$assassin"/easy-ham-2 "$assassin"/hard-ham-1 \
    --attack "$corpora/modern-bad.mbox.zst" "$corpora/scam-archive.mbox.zst" "${bad[@]}" \
    "$assassin"/spam-1 "$assassin"/spam-2 "$work/written.mbox"
