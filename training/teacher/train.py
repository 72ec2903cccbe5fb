#!/usr/bin/env python3
"""Fine-tunes a small sentence encoder on labelled messages, and writes it with 8-bit weights.

    undue-train texts --pieces pieces.txt --output texts.jsonl
    python3 training/teacher/train.py texts.jsonl MINILM_FOLDER pieces.txt OUTPUT.safetensors [--without-fold K]

The encoder starts as the first layers of all-MiniLM-L6-v2 (Wang et al. 2020; weights Apache-2.0), its vocabulary cut
to `pieces.txt`. It learns windows of whole sentences: a window has the labels whose evidence stands in it. Ordinary
messages that nothing in the additive model finds hard are left out but for a few. `--without-fold K` trains on fold K's training
messages only: five such encoders give every labelled message a score by one that has not seen its source. Needs torch, transformers,
safetensors and numpy; never needed by users. On one machine the same seed gives the same weights up to rounding.
"""

import argparse
import json
import random
import time

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import AutoTokenizer, BertModel

LABELS = ["takeover", "bypass", "persistence", "urgency", "flattery", "guilt", "endorsement", "ultimatum"]
OUTPUTS = len(LABELS) + 3
WINDOW = 126  # as in src/encoder/windows.rs
START, END = 0, 1
POSITIVE_WEIGHT = 2.0
AUTHORED_WEIGHT = 0.5
EASY_KEPT = 0.15
WINDOWS_PER_MESSAGE = 3
BATCH_PIECES = 3072
MOST_POSITIONS = WINDOW + 2


def windows(pieces):
    """Whole sentences, as src/encoder/windows.rs groups them: (pieces, indices of sentences)."""
    out, current, members = [], [], []
    for i, sentence in enumerate(pieces):
        if members and len(current) + len(sentence) > WINDOW:
            out.append((current, members))
            current, members = [], []
        current, members = current + sentence, members + [i]
    return out + ([(current, members)] if members else [])


def truth(message):
    labels = [label in message["labels"] for label in LABELS]
    return np.array(labels + [message["level"] >= level for level in (1, 2, 3)], np.float32)


def window_truth(message, members):
    """Labels shown in these sentences; the level goes with any evidence. Without located evidence, the message's."""
    whole = truth(message)
    if not any(message["shown"]):
        return whole
    shown = [bool(set(members) & set(sentences)) for sentences in message["shown"]]
    target = np.zeros(OUTPUTS, np.float32)
    for label, here in zip(message["labels"], shown):
        target[LABELS.index(label)] = here
    if any(shown):
        target[len(LABELS):] = whole[len(LABELS):]
    return target


def examples(messages, rng):
    """Windows, their targets and weights."""
    chosen = []
    for message in messages:
        easy = message["level"] == 0 and not message["theme"] and not message.get("hard", True)
        if easy and rng.random() > EASY_KEPT:
            continue
        all_windows = windows(message["pieces"])
        evident = {i for sentences in message["shown"] for i in sentences}
        telling = [window for window in all_windows if evident & set(window[1])]
        others = [window for window in all_windows if not evident & set(window[1])]
        rng.shuffle(others)
        kept = telling + others[: max(0, WINDOWS_PER_MESSAGE - len(telling))]
        weight = AUTHORED_WEIGHT if message["theme"] else 1.0
        chosen += [(pieces, window_truth(message, members), weight) for pieces, members in kept if pieces]
    return chosen


class Encoder(torch.nn.Module):
    def __init__(self, folder, pieces, layers):
        super().__init__()
        bert = BertModel.from_pretrained(folder, add_pooling_layer=False, hidden_act="gelu_pytorch_tanh")
        numbers = AutoTokenizer.from_pretrained(folder).convert_tokens_to_ids(pieces)
        words = bert.embeddings.word_embeddings.weight.data[numbers].clone()
        bert.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(words, freeze=False)
        bert.encoder.layer = bert.encoder.layer[:layers]
        self.bert = bert
        self.dropout = torch.nn.Dropout(0.1)
        self.output = torch.nn.Linear(words.shape[1], OUTPUTS)

    def forward(self, pieces, mask):
        rows = self.bert(input_ids=pieces, attention_mask=mask).last_hidden_state
        mask = mask[..., None].to(rows.dtype)
        return self.output(self.dropout((rows * mask).sum(1) / mask.sum(1)))


def batches(chosen, rng):
    """Windows of similar length together, in random order."""
    order = list(range(len(chosen)))
    rng.shuffle(order)
    result = []
    for at in range(0, len(order), 2000):
        part = sorted(order[at: at + 2000], key=lambda i: len(chosen[i][0]))
        batch = []
        for i in part:
            if batch and (len(chosen[i][0]) + 2) * (len(batch) + 1) > BATCH_PIECES:
                result.append(batch)
                batch = []
            batch.append(i)
        result.append(batch)
    rng.shuffle(result)
    return result


def collate(windows_):
    longest = max(map(len, windows_)) + 2
    pieces = torch.zeros(len(windows_), longest, dtype=torch.long)
    mask = torch.zeros(len(windows_), longest, dtype=torch.long)
    for row, window in enumerate(windows_):
        marked = [START] + window + [END]
        pieces[row, : len(marked)] = torch.tensor(marked)
        mask[row, : len(marked)] = 1
    return pieces, mask


def fit(model, chosen, epochs, rate, rng):
    parameters = list(model.named_parameters())
    head = [p for n, p in parameters if n.startswith("output")]
    matrices = [p for n, p in parameters if p.dim() > 1 and not n.startswith("output")]
    vectors = [p for n, p in parameters if p.dim() <= 1 and not n.startswith("output")]
    optimiser = torch.optim.AdamW([
        {"params": matrices, "weight_decay": 0.01, "lr": rate},
        {"params": vectors, "weight_decay": 0.0, "lr": rate},
        {"params": head, "weight_decay": 0.0, "lr": rate * 10},
    ])
    plan = [batch for _ in range(epochs) for batch in batches(chosen, rng)]
    warm = 0.08 * len(plan) + 1
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.02, 1 - step / len(plan))))
    positive_weight = torch.full((OUTPUTS,), POSITIVE_WEIGHT)
    began, mean = time.time(), 0.0
    model.train()
    for step, batch in enumerate(plan, 1):
        pieces, mask = collate([chosen[i][0] for i in batch])
        targets = torch.tensor(np.array([chosen[i][1] for i in batch]))
        weights = torch.tensor([chosen[i][2] for i in batch])
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(pieces, mask)
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            logits.float(), targets, reduction="none", pos_weight=positive_weight)
        loss = (losses.mean(1) * weights).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        mean += (loss.item() - mean) / min(step, 50)
        if step % 50 == 0 or step == len(plan):
            print(f"{step}/{len(plan)} loss {mean:.4f} {time.time() - began:.0f} s", flush=True)


def quantised(name, matrix):
    """Rows of 8-bit numbers with a factor each."""
    factors = matrix.abs().amax(1).clamp(min=1e-12) / 127
    values = (matrix / factors[:, None]).round().clamp(-127, 127).to(torch.int8)
    return {name: values.contiguous(), f"{name}.factors": factors.float().contiguous()}


def tensors(model, pieces):
    """The file that src/encoder/file.rs reads."""
    embeddings = model.bert.embeddings
    positions = embeddings.position_embeddings.weight[:MOST_POSITIONS] + embeddings.token_type_embeddings.weight[0]
    out = {
        "pieces": torch.tensor(list(("\n".join(pieces) + "\n").encode()), dtype=torch.uint8),
        "heads": torch.tensor([model.bert.config.num_attention_heads], dtype=torch.uint8),
        "norm": torch.stack([embeddings.LayerNorm.weight, embeddings.LayerNorm.bias]),
        "output.weights": model.output.weight,
        "output.bias": model.output.bias,
        **quantised("words", embeddings.word_embeddings.weight),
        **quantised("positions", positions),
    }
    for n, layer in enumerate(model.bert.encoder.layer):
        attention = layer.attention
        maps = {
            "query": attention.self.query, "key": attention.self.key, "value": attention.self.value,
            "attended": attention.output.dense, "wide": layer.intermediate.dense, "narrow": layer.output.dense,
        }
        for name, linear in maps.items():
            out |= quantised(f"{n}.{name}", linear.weight)
            out[f"{n}.{name}.bias"] = linear.bias
        for name, norm in {"attended_norm": attention.output.LayerNorm, "narrow_norm": layer.output.LayerNorm}.items():
            out[f"{n}.{name}"] = torch.stack([norm.weight, norm.bias])
    return {name: tensor.detach().contiguous() for name, tensor in out.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts")
    parser.add_argument("minilm")
    parser.add_argument("pieces")
    parser.add_argument("output")
    parser.add_argument("--without-fold", type=int)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--easy", help="JSON list of [source, id] of ordinary messages that are easy")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    rng = random.Random(arguments.seed)
    with open(arguments.pieces, encoding="utf-8") as lines:
        pieces = lines.read().splitlines()
    with open(arguments.texts, encoding="utf-8") as lines:
        messages = [message for message in map(json.loads, lines) if "level" in message]
    if arguments.easy:
        with open(arguments.easy, encoding="utf-8") as file:
            easy = {tuple(pair) for pair in json.load(file)}
        for message in messages:
            message["hard"] = (message["source"], message["id"]) not in easy
    if arguments.without_fold is not None:
        messages = [message for message in messages if arguments.without_fold in message["train"]]
    chosen = examples(messages, rng)
    print(f"{len(messages)} messages, {len(chosen)} windows, {sum(len(c[0]) for c in chosen)} pieces", flush=True)
    model = Encoder(arguments.minilm, pieces, arguments.layers)
    fit(model, chosen, arguments.epochs, arguments.rate, rng)
    save_file(tensors(model, pieces), arguments.output)
    print(f"wrote {arguments.output}")


if __name__ == "__main__":
    main()
