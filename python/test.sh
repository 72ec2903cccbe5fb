#!/usr/bin/env bash
# Builds the package and the command, and tests the package, on Spark as well. Usage: python/test.sh [PYTEST-ARGUMENT…]
# Needs Python 3.10 or newer and Java 17 or newer. The environment lies in target/python, or in $UNDUE_VENV.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
venv=${UNDUE_VENV:-$root/target/python}
# One folder for both builds, so that what they share is compiled once.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}

[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement python/requirements-test.txt

cargo build --locked
(cd python && VIRTUAL_ENV=$venv "$venv/bin/maturin" develop --locked --quiet)

cd python
export UNDUE=$CARGO_TARGET_DIR/debug/undue
"$venv/bin/mypy" python/undue
"$venv/bin/python" -m pytest "$@"
