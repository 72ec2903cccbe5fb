#!/usr/bin/env bash
# Puts one label on the issue or pull request of the event. The label is all that becomes public.
set -euo pipefail

if ! [[ "${ISSUE_NUMBER:-}" =~ ^[0-9]+$ ]]; then
    echo "undue: the event has no issue or pull request; no label is put"
    exit 0
fi
if ! [[ "${INPUT_LABEL:-}" =~ ^[A-Za-z0-9][A-Za-z0-9\ ._:/+-]{0,49}$ ]]; then
    echo "undue: \"label\" may have letters, digits, spaces and ._:/+- and begins with a letter or digit" >&2
    exit 2
fi
if ! [[ "${INPUT_TOKEN:-}" =~ ^[A-Za-z0-9_.-]+$ ]]; then
    echo "undue: \"label\" needs \"token\", one that may write issues" >&2
    exit 2
fi

# The token goes through standard input: arguments can be read by other processes.
curl --config - --fail --silent --show-error --max-time 30 --output /dev/null \
    --request POST --header "Accept: application/vnd.github+json" \
    --data "{\"labels\":[\"$INPUT_LABEL\"]}" \
    "${GITHUB_API_URL:-https://api.github.com}/repos/${GITHUB_REPOSITORY:?}/issues/$ISSUE_NUMBER/labels" \
    <<< "header = \"Authorization: Bearer $INPUT_TOKEN\""
