"""Classifies the same texts with undue and with every peer, one thread each, and compares processor time.

    python3 classify.py FOLDER [--undue target/release/undue] [--rounds 3]

Runs alternate: every round runs all of them once. Times are of the processor (user and kernel), so that other load on
the machine matters little; loading a program or model is not counted. Programs are started a second time on one text
alone, and that time is taken off.
"""

import argparse
import json
import pickle
import statistics
import subprocess
from pathlib import Path

from common import cpu_of, cpu_of_program, read_jsonl

MINILM_BYTES = 60_000


class Peers:
    """One method for each; all give (bytes, seconds)."""

    def __init__(self, folder: Path, undue: str) -> None:
        self.folder, self.undue = folder, undue
        self.texts = [message["text"] for message in read_jsonl(folder / "sample.jsonl")]
        self.bytes = size_of(self.texts)
        self.few = self.texts[:: max(1, self.bytes // MINILM_BYTES)]
        for name in ("sample.jsonl", "sample.txt", "sample.vw"):
            with open(folder / name, "rb") as lines:
                (folder / f"one.{name}").write_bytes(lines.readline())
        mails = (folder / "sample.mbox").read_bytes().split(b"\nFrom ")
        (folder / "one.sample.mbox").write_bytes(mails[0] + b"\n")

    def _beyond_start(self, command, name: str, as_stdin: bool = False):
        def run(path):
            given = command if as_stdin else [str(path) if word == "FILE" else word for word in command]
            return cpu_of_program(given, path if as_stdin else None)

        return self.bytes, run(self.folder / name) - run(self.folder / f"one.{name}")

    def undue_stage_1(self):
        """Folding, tokens, sums, probabilities, evidence: the `score` stage of `undue bench`."""
        command = [self.undue, "bench", "--repeat", "1", "--format", "jsonl", self.folder / "sample.jsonl"]
        rows = [json.loads(line) for line in subprocess.run(command, capture_output=True, check=True).stdout.splitlines()]
        row = next(row for row in rows if row["stage"] == "score")
        return row["own_bytes"], row["cpu_s"]

    def undue_model(self):
        """The same and finding own words and sentences: all that happens between text and score."""
        command = [self.undue, "bench", "--repeat", "1", "--format", "jsonl", self.folder / "sample.jsonl"]
        rows = [json.loads(line) for line in subprocess.run(command, capture_output=True, check=True).stdout.splitlines()]
        return self.bytes, sum(row["cpu_s"] for row in rows if row["stage"] in ("score", "own-words"))

    def undue_program(self):
        """JSON Lines in, JSON Lines out."""
        return self._beyond_start(
            [self.undue, "score", "--threads", "1", "--format", "jsonl", "FILE"], "sample.jsonl"
        )

    def vowpal_wabbit(self):
        from vowpalwabbit import Workspace

        def run(name):
            options = f"-t -i {self.folder}/vw.model -d {self.folder}/{name} -p /dev/null --quiet"
            with Workspace(options):
                pass

        return self.bytes, cpu_of(lambda: run("sample.vw")) - cpu_of(lambda: run("one.sample.vw"))

    def fasttext(self):
        return self._beyond_start(
            ["fasttext", "predict-prob", str(self.folder / "fasttext.bin"), "FILE", "8", "0"], "sample.txt"
        )

    def bogofilter(self):
        return self._beyond_start(
            ["bogofilter", "-d", str(self.folder / "bogofilter"), "-M", "-v"], "sample.mbox", as_stdin=True
        )

    def scikit_learn(self):
        model = pickle.loads((self.folder / "sklearn.pickle").read_bytes())
        return self.bytes, cpu_of(lambda: model.predict_proba(self.texts))

    def minilm(self):
        from minilm import MiniLM

        encoder = MiniLM(self.folder)
        head = pickle.loads((self.folder / "minilm.pickle").read_bytes())
        encoder.encode(self.few[:4])
        return size_of(self.few), cpu_of(lambda: head.predict_proba(encoder.encode(self.few)))


def size_of(texts) -> int:
    return sum(len(text.encode()) for text in texts)


NAMES = [
    ("undue, stage 1", Peers.undue_stage_1),
    ("undue, whole model", Peers.undue_model),
    ("undue, JSON Lines to JSON Lines", Peers.undue_program),
    ("Vowpal Wabbit", Peers.vowpal_wabbit),
    ("fastText", Peers.fasttext),
    ("bogofilter", Peers.bogofilter),
    ("scikit-learn", Peers.scikit_learn),
    ("MiniLM on onnxruntime", Peers.minilm),
]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--undue", default="target/release/undue")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    peers = Peers(args.folder, args.undue)
    rates = {name: [] for name, _ in NAMES}
    for _ in range(args.rounds):
        for name, measure in NAMES:
            size, seconds = measure(peers)
            rates[name].append(size / 1e6 / max(seconds, 1e-9))
    medians = {name: statistics.median(rates[name]) for name in rates}
    print(f"sample of {len(peers.texts)} messages, {peers.bytes / 1e6:.2f} MB; MB per CPU second")
    print("| | runs | median | stage 1 is | whole model is |\n| --- | --- | --: | --: | --: |")
    for name, rate in medians.items():
        runs = " ".join(f"{rate:.3g}" for rate in rates[name])
        stage, whole = (medians[of] / rate for of in ("undue, stage 1", "undue, whole model"))
        print(f"| {name} | {runs} | {rate:.3g} | {stage:.3g} × | {whole:.3g} × |")


if __name__ == "__main__":
    main()
