#!/usr/bin/env bash
# Fails if `undue score` needs more instructions than it did: valgrind counts them, so that the machine's mood and its
# other load do not matter. Usage: benches/instructions.sh [--update]
#
# Two numbers are kept in benches/instructions.txt: those of a start with next to nothing to read, and those per byte
# of the sample archive beyond the start. Another compiler or processor changes them a little: hence the tolerance.
set -euo pipefail
cd "$(dirname "$0")/.."

TOLERANCE=5 # percent
KEPT=benches/instructions.txt
ARCHIVE=datasets/samples/lanternfs-devel.mbox
# Several copies, so that the archive and not the start is what is measured.
COPIES=8

if ! command -v valgrind > /dev/null; then
    echo "SKIPPED: no valgrind here; instructions were not counted" >&2
    exit 0
fi
undue=${UNDUE:-target/release/undue}
if [ ! -x "$undue" ]; then
    echo "no $undue: run cargo build --release first" >&2
    exit 1
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo hi > "$folder/start.txt"
for _ in $(seq "$COPIES"); do cat "$ARCHIVE"; done > "$folder/sample.mbox"

# Instructions of `undue score` on one file.
count() {
    valgrind --tool=callgrind --callgrind-out-file="$folder/out" "$undue" \
        score --threads 1 --format jsonl --output "$folder/scores" "$1" > /dev/null 2> "$folder/log" || {
        cat "$folder/log" >&2
        exit 1
    }
    sed -n 's/^summary: //p; s/^totals: //p' "$folder/out" | head -n 1
}

start=$(count "$folder/start.txt")
sample=$(count "$folder/sample.mbox")
bytes=$(stat -c %s "$folder/sample.mbox")
per_kilobyte=$(((sample - start) * 1000 / bytes))
printf 'start %s\nper_kilobyte %s\n' "$start" "$per_kilobyte" > "$folder/now"

if [ "${1:-}" = --update ]; then
    cp "$folder/now" "$KEPT"
    cat "$KEPT"
    exit 0
fi

status=0
while read -r name now; do
    before=$(sed -n "s/^$name //p" "$KEPT")
    change=$((now * 1000 / before - 1000)) # in thousandths
    printf '%-13s %12s instructions, %12s before: %+d.%d %%\n' \
        "$name" "$now" "$before" $((change / 10)) $((change < 0 ? -change % 10 : change % 10))
    if [ "$change" -gt $((TOLERANCE * 10)) ]; then
        echo "$name: more than $TOLERANCE % slower; if that is wanted, run benches/instructions.sh --update" >&2
        status=1
    elif [ "$change" -lt $((-TOLERANCE * 10)) ]; then
        echo "$name: faster; keep it with benches/instructions.sh --update" >&2
    fi
done < "$folder/now"
exit "$status"
