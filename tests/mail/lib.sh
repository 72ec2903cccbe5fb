# What the recipes share. Each runs in a shell of its own with $work, an empty directory.
set -euo pipefail

# Ends the recipe as skipped unless all these programs are there.
needs() {
    for program in "$@"; do
        command -v "$program" > /dev/null || { echo "$program is not installed"; exit 77; }
    done
}

# The block of the documentation that stands behind "<!-- recipe: NAME -->": what is tested is what is shown.
recipe() {
    awk -v mark="<!-- recipe: $1 -->" '
        $0 == mark { found = 1; next }
        found && /^```/ { if (inside) exit; inside = 1; next }
        inside { print }
        END { exit !inside }
    ' "$here/../../docs/mail-stream.md"
}

# Waits up to a minute until a command succeeds.
eventually() {
    for _ in $(seq 300); do
        if "$@" > /dev/null 2>&1; then return; fi
        sleep 0.2
    done
    echo "never succeeded: $*"
    return 1
}

# The one file of a directory.
only() {
    local files=("$1"/*)
    [ ${#files[@]} -eq 1 ] && [ -f "${files[0]}" ] || { echo "not one file in $1: ${files[*]}" >&2; return 1; }
    echo "${files[0]}"
}

# A delivered mail bears this verdict, once, and nothing of the forged field is left.
bears() {
    local count
    count=$(grep -aic '^X-Undue-Status' "$1" || true)
    if [ "$count" -ne 1 ] || ! grep -aq "^X-Undue-Status: $2, level=" "$1"; then
        echo "wanted one field with $2 in $1:"
        cat "$1"
        return 1
    fi
}

# A delivered mail bears no field of ours.
bears_none() {
    if grep -aqi '^X-Undue-Status' "$1"; then
        echo "wanted no field in $1:"
        cat "$1"
        return 1
    fi
}

# A delivered mail has the body of the one that was sent, byte for byte; but line ends, where SMTP lies between, and
# empty lines at the end, which mailboxes and clients add.
same_body() {
    local delivered sent
    delivered=$(sed '1,/^\r*$/d' "$1" | tr -d '\r')
    sent=$(sed '1,/^$/d' "$2")
    [ "$delivered" = "$sent" ] || { echo "another body in $1:"; cat "$1"; return 1; }
}

# Starts the server, and stops it when the recipe ends.
serve() {
    undue serve "$@" --time-limit 60000 2> "$work/serve.log" &
    server=$!
    trap 'kill "$server" 2> /dev/null || true; wait "$server" || true' EXIT
    eventually grep -q "listening on" "$work/serve.log"
}
