#!/usr/bin/env python3
"""Chooses the word pieces that a small encoder keeps.

    python3 training/teacher/pieces.py texts.jsonl MINILM_FOLDER pieces.txt [--keep 12000]

Counts the pieces of all-MiniLM-L6-v2 in the texts of `undue-train texts`, and keeps the most frequent ones and all
single characters that occur. The first three lines are the marks [CLS], [SEP] and [UNK]. Deterministic.
"""

import argparse
import collections
import json
import os

from tokenizers import Tokenizer

MARKS = ["[CLS]", "[SEP]", "[UNK]"]


def count(path, tokenizer, batch=2000):
    """How often each piece occurs; a source counts at most a million pieces, so that none decides alone."""
    counts, totals = collections.Counter(), collections.Counter()
    with open(path, encoding="utf-8") as lines:
        while True:
            messages = [json.loads(line) for _, line in zip(range(batch), lines)]
            if not messages:
                return counts
            texts = [" ".join(message["sentences"]) for message in messages]
            for message, encoding in zip(messages, tokenizer.encode_batch(texts, add_special_tokens=False)):
                if totals[message["source"]] < 1_000_000:
                    totals[message["source"]] += len(encoding.tokens)
                    counts.update(encoding.tokens)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts")
    parser.add_argument("minilm")
    parser.add_argument("output")
    parser.add_argument("--keep", type=int, default=12_000)
    arguments = parser.parse_args()
    tokenizer = Tokenizer.from_file(os.path.join(arguments.minilm, "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    counts = count(arguments.texts, tokenizer)
    single = {piece for piece in counts if len(piece.removeprefix("##")) == 1 and counts[piece] >= 3}
    ranked = sorted(counts, key=lambda piece: (-counts[piece], piece))
    chosen = [piece for piece in ranked if piece in single]
    chosen += [piece for piece in ranked if piece not in single][: arguments.keep - len(chosen) - len(MARKS)]
    chosen = sorted(set(chosen) - set(MARKS) - {"[PAD]"})
    kept = sum(counts[piece] for piece in chosen)
    print(f"{len(chosen)} pieces, {len(single)} of one character; {kept / sum(counts.values()):.4%} of occurrences kept")
    with open(arguments.output, "w", encoding="utf-8") as out:
        out.write("\n".join(MARKS + chosen) + "\n")


if __name__ == "__main__":
    main()
