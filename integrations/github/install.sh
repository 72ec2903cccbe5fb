#!/usr/bin/env bash
# Puts undue on the PATH of the steps that follow: from a release, or built from this source.
set -euo pipefail

root="${RUNNER_TEMP:?}/undue"
mkdir -p "$root/bin"
version="${INPUT_VERSION:-}"

if [ -z "$version" ]; then
    cargo install --locked --quiet --path "${GITHUB_ACTION_PATH:?}" --root "$root"
else
    if ! [[ "$version" =~ ^v?[0-9A-Za-z][0-9A-Za-z.+-]*$ ]]; then
        echo "undue: \"version\" is no tag of a release" >&2
        exit 2
    fi
    archive="undue-$version-x86_64-unknown-linux-musl.tar.gz"
    from="${GITHUB_SERVER_URL:-https://github.com}/${GITHUB_ACTION_REPOSITORY:?}/releases/download/$version"
    for file in "$archive" "$archive.sha256"; do
        curl --fail --silent --show-error --location --max-time 120 --output "$root/$file" "$from/$file"
    done
    (cd "$root" && sha256sum --check --quiet "$archive.sha256")
    tar --extract --gzip --file "$root/$archive" --directory "$root/bin" --no-same-owner undue
fi
echo "$root/bin" >> "${GITHUB_PATH:?}"
