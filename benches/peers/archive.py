"""From an mbox to scores as JSON Lines: undue, bogofilter, and Perceval with scikit-learn, one thread each.

    python3 archive.py FOLDER ARCHIVE.mbox [--undue target/release/undue] [--rounds 3]

FOLDER is the one of `train.py`. Times are of the processor, from start to end, loading included: an archive is read
once. For undue alone the start is shown as well.
"""

import argparse
import statistics
import sys
from pathlib import Path

from common import cpu_of_program

PERCEVAL = Path(__file__).with_name("perceval_sklearn.py")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--undue", default="target/release/undue")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    empty = args.folder / "empty.mbox"
    empty.write_text("From a@tarn.example Mon Mar  4 10:12:09 2019\nFrom: a@tarn.example\nSubject: x\n\nhi\n")
    score = [args.undue, "score", "--threads", "1", "--format", "jsonl"]
    programs = {
        "undue": ([*score, args.archive], None),
        "undue, start alone": ([*score, empty], None),
        "bogofilter": (["bogofilter", "-d", args.folder / "bogofilter", "-M", "-v"], args.archive),
        "bogofilter, start alone": (["bogofilter", "-d", args.folder / "bogofilter", "-M", "-v"], empty),
        "Perceval and scikit-learn": ([sys.executable, PERCEVAL, args.folder, args.archive], None),
        "the same, start alone": ([sys.executable, PERCEVAL, args.folder, empty], None),
    }
    seconds = {name: [] for name in programs}
    for _ in range(args.rounds):
        for name, (command, stdin) in programs.items():
            seconds[name].append(cpu_of_program(command, stdin))
    size = args.archive.stat().st_size / 1e6
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"{args.archive.name}, {size:.2f} MB; CPU seconds\n| | runs | median | MB per CPU second | undue is |")
    print("| --- | --- | --: | --: | --: |")
    for name, median in medians.items():
        runs = " ".join(f"{time:.3g}" for time in seconds[name])
        ratio = median / medians["undue"]
        print(f"| {name} | {runs} | {median:.3g} | {size / median:.3g} | {ratio:.3g} × |")


if __name__ == "__main__":
    main()
