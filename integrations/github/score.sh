#!/usr/bin/env bash
# Scores the message that caused the workflow, or the archives that are named, and writes the summary of the job.
# Needs no token. Fails only where "fail-on" asks for it, or where nothing could be scored at all.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

output() { printf '%s=%s\n' "$1" "$2" >> "${GITHUB_OUTPUT:?}"; }

inputs=()
if [ -n "${INPUT_PATHS:-}" ]; then
    while IFS= read -r path; do
        if [ -n "$path" ]; then inputs+=("$path"); fi
    done <<< "$INPUT_PATHS"
else
    case "${GITHUB_EVENT_NAME:-}" in
        issues | issue_comment | pull_request | pull_request_target | pull_request_review \
            | pull_request_review_comment | discussion | discussion_comment)
            inputs=("${GITHUB_EVENT_PATH:?}")
            ;;
        *)
            echo "undue: the event ${GITHUB_EVENT_NAME:-(none)} has no message; name archives in \"paths\""
            output count 0
            output level 0
            exit 0
            ;;
    esac
fi

# No settings are looked for: a checkout of a pull request would bring those of its author.
options=(--quiet --min-level "${INPUT_MIN_LEVEL:-2}")
if [ -n "${INPUT_CONFIG:-}" ]; then options+=(--config "$INPUT_CONFIG"); else options+=(--no-config); fi
if [ -n "${INPUT_STATE:-}" ] && [ -e "$INPUT_STATE" ]; then cp -- "$INPUT_STATE" "$work/before"; fi

# score FORMAT FILE STATE [OPTION…]: sets $status.
score() {
    local format=$1 file=$2 state=$3
    shift 3
    if [ -n "$state" ]; then set -- "$@" --since-last "$state"; fi
    status=0
    undue score "${options[@]}" "$@" --format "$format" --output "$file" -- "${inputs[@]}" || status=$?
}

# Each of the further formats starts from the state before this run; the summary writes the new one.
copy() {
    if [ -z "${INPUT_STATE:-}" ]; then return; fi
    if [ -e "$work/before" ]; then cp -- "$work/before" "$work/state"; else rm -f -- "$work/state"; fi
    printf %s "$work/state"
}

if [ -n "${INPUT_SARIF:-}" ]; then score sarif "$INPUT_SARIF" "$(copy)"; fi
if [ "${INPUT_ANNOTATIONS:-}" = true ]; then
    score github "$work/annotations" "$(copy)"
    if [ -e "$work/annotations" ]; then cat -- "$work/annotations"; fi
fi

fail_on=()
if [ -n "${INPUT_FAIL_ON:-}" ]; then fail_on=(--fail-on "$INPUT_FAIL_ON"); fi
score github-summary "$work/summary" "${INPUT_STATE:-}" ${fail_on[@]+"${fail_on[@]}"}
if ! [ -e "$work/summary" ]; then exit "$status"; fi

cat -- "$work/summary" >> "${GITHUB_STEP_SUMMARY:?}"
count=$(sed -n '1s/^### undue: \([0-9][0-9]*\) of .*/\1/p' "$work/summary")
level=$(sed -n '/^| [0-3] | /{s/^| \([0-3]\) | .*/\1/p;q;}' "$work/summary")
output count "${count:-0}"
output level "${level:-0}"

case "$status" in
    1) exit 1 ;;
    0) ;;
    *) echo "::warning title=undue::Not everything could be read; the summary is not the whole picture." ;;
esac
