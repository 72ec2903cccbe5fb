"""Reads an mbox with Perceval, scores it with the model of `train.py`, writes JSON Lines.

    python3 perceval_sklearn.py FOLDER ARCHIVE.mbox
"""

import json
import pickle
import sys
import tempfile
from pathlib import Path

from common import LABELS


def main() -> None:
    from perceval.backends.core.mbox import MBox

    folder, archive = Path(sys.argv[1]), Path(sys.argv[2])
    model = pickle.loads((folder / "sklearn.pickle").read_bytes())
    with tempfile.TemporaryDirectory() as directory:
        # Perceval reads all files of a folder.
        (Path(directory) / "list.mbox").symlink_to(archive.resolve())
        items = [item["data"] for item in MBox(uri="list", dirpath=directory).fetch()]
    texts = [(item.get("body") or {}).get("plain", "") for item in items]
    for item, scores in zip(items, model.predict_proba(texts)):
        line = {"id": item.get("Message-ID"), "from": item.get("From"), "date": item.get("Date")}
        line["scores"] = dict(zip(LABELS, map(float, scores)))
        print(json.dumps(line))


if __name__ == "__main__":
    main()
