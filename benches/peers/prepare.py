"""Turns the texts of `undue-train texts` into what each peer trains on, and into one sample that all classify.

    python3 prepare.py TEXTS.jsonl FOLDER [--megabytes N]

A message is the sentences that undue judges: every peer gets the same words. Other people's texts: keep FOLDER to
yourself.
"""

import argparse
import json
import re
from pathlib import Path

from common import LABELS, read_jsonl

SPACE = re.compile(r"\s+")


def one_line(message) -> str:
    return SPACE.sub(" ", " ".join(message["sentences"])).strip()


def vw_text(text: str) -> str:
    """Words for Vowpal Wabbit, to which `|` and `:` are syntax."""
    return " ".join(re.findall(r"[\w']+", text.lower()))


def mail(number: int, text: str) -> str:
    head = "From ada@tarn.example Mon Mar  4 10:12:09 2019\nFrom: ada@tarn.example\n"
    return f"{head}Message-ID: <{number}@tarn.example>\nSubject: text\n\n{text}\n\n"


def write_training(folder: Path, messages) -> None:
    with (
        open(folder / "train.jsonl", "w", encoding="utf-8") as plain,
        open(folder / "train.ft", "w", encoding="utf-8") as fasttext,
        open(folder / "train.vw", "w", encoding="utf-8") as vw,
        open(folder / "ham.mbox", "w", encoding="utf-8") as ham,
        open(folder / "spam.mbox", "w", encoding="utf-8") as spam,
    ):
        for number, (message, text) in enumerate(messages):
            labels = message["labels"]
            plain.write(json.dumps({"text": text, "labels": labels}) + "\n")
            marks = " ".join(f"__label__{label}" for label in labels or ["none"])
            fasttext.write(f"{marks} {text.lower()}\n")
            vw.write(",".join(str(LABELS.index(label)) for label in labels) + f" | {vw_text(text)}\n")
            (spam if message["level"] >= 2 else ham).write(mail(number, text))


def write_sample(folder: Path, texts) -> None:
    with (
        open(folder / "sample.jsonl", "w", encoding="utf-8") as plain,
        open(folder / "sample.txt", "w", encoding="utf-8") as lines,
        open(folder / "sample.vw", "w", encoding="utf-8") as vw,
        open(folder / "sample.mbox", "w", encoding="utf-8") as mbox,
    ):
        for number, text in enumerate(texts):
            plain.write(json.dumps({"id": str(number), "text": text}) + "\n")
            lines.write(text.lower() + "\n")
            vw.write(f"| {vw_text(text)}\n")
            mbox.write(mail(number, text))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("texts", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=float, default=8, help="size of the sample")
    args = parser.parse_args()
    labelled, others = [], []
    for message in read_jsonl(args.texts):
        if text := one_line(message):
            (labelled.append((message, text)) if "labels" in message else others.append(text))
    # Every k-th of all texts that nobody labelled, so that all corpora are in it.
    step = max(1, int(sum(map(len, others)) / (args.megabytes * 1e6)))
    sample = others[::step]
    args.folder.mkdir(parents=True, exist_ok=True)
    write_training(args.folder, labelled)
    write_sample(args.folder, sample)
    size = sum(len(text.encode()) for text in sample)
    print(f"{len(labelled)} messages to train on; sample of {len(sample)} messages, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
