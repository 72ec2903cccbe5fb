"""Trains every peer on the messages that `prepare.py` wrote, with usual settings, on one thread.

    python3 train.py FOLDER
"""

import argparse
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

from common import LABELS, read_jsonl

# Encoding all labelled messages would take an hour; what the head has seen does not change how long it takes.
MINILM_MESSAGES = 600


def train_fasttext(folder: Path) -> None:
    command = "fasttext supervised -loss ova -wordNgrams 2 -bucket 200000 -epoch 5 -thread 1 -verbose 0".split()
    subprocess.run([*command, "-input", folder / "train.ft", "-output", folder / "fasttext"], check=True)


def train_vw(folder: Path) -> None:
    from vowpalwabbit import Workspace

    options = "--loss_function logistic -b 18 --ngram 2 --quiet"
    count = len(LABELS)
    with Workspace(f"--multilabel_oaa {count} {options} -d {folder}/train.vw -f {folder}/vw.model"):
        pass


def train_sklearn(folder: Path, texts, truth) -> None:
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    words = HashingVectorizer(ngram_range=(1, 2), n_features=2**18, alternate_sign=False)
    head = OneVsRestClassifier(LogisticRegression(solver="liblinear", class_weight="balanced"))
    model = make_pipeline(words, head).fit(texts, truth)
    (folder / "sklearn.pickle").write_bytes(pickle.dumps(model))


def train_minilm(folder: Path, texts, truth) -> None:
    from minilm import MiniLM
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    # Those with labels first, or some label would have no example.
    chosen = sorted(range(len(texts)), key=lambda i: -truth[i].sum())[: MINILM_MESSAGES // 2]
    chosen += list(range(0, len(texts), 2 * len(texts) // MINILM_MESSAGES))
    subprocess.run([sys.executable, Path(__file__).with_name("export_minilm.py"), folder], check=True)
    vectors = MiniLM(folder).encode([texts[i] for i in chosen])
    model = OneVsRestClassifier(LogisticRegression(max_iter=500)).fit(vectors, truth[chosen])
    (folder / "minilm.pickle").write_bytes(pickle.dumps(model))


def train_bogofilter(folder: Path) -> None:
    words = folder / "bogofilter"
    shutil.rmtree(words, ignore_errors=True)
    words.mkdir()
    for option, mbox in (("-n", "ham.mbox"), ("-s", "spam.mbox")):
        with open(folder / mbox, "rb") as mails:
            subprocess.run(["bogofilter", "-d", words, "-M", option], stdin=mails, check=True)


def main() -> None:
    import numpy as np

    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    messages = list(read_jsonl(folder / "train.jsonl"))
    texts = [message["text"] for message in messages]
    truth = np.array([[label in message["labels"] for label in LABELS] for message in messages]).astype(int)
    for name, train in (
        ("fastText", lambda: train_fasttext(folder)),
        ("Vowpal Wabbit", lambda: train_vw(folder)),
        ("scikit-learn", lambda: train_sklearn(folder, texts, truth)),
        ("MiniLM", lambda: train_minilm(folder, texts, truth)),
        ("bogofilter", lambda: train_bogofilter(folder)),
    ):
        train()
        print(f"{name} is trained", flush=True)


if __name__ == "__main__":
    main()
