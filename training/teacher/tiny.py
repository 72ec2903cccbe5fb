#!/usr/bin/env python3
"""Writes a tiny random encoder and what PyTorch makes of three texts: the fixture of src/encoder/tests.rs.

    python3 training/teacher/tiny.py src/encoder/testdata/tiny.safetensors
"""

import sys
import types

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

from train import OUTPUTS, END, START, tensors

PIECES = ["[CLS]", "[SEP]", "[UNK]", "merge", "##d", "now", "please", "?", "any", "news"]


def main():
    torch.manual_seed(3)
    config = BertConfig(vocab_size=len(PIECES), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
                        intermediate_size=24, max_position_embeddings=128, hidden_act="gelu_pytorch_tanh")
    bert = BertModel(config, add_pooling_layer=False).eval()
    for parameter in bert.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    model = types.SimpleNamespace(bert=bert, output=torch.nn.Linear(16, OUTPUTS))
    torch.nn.init.normal_(model.output.weight, std=3.0)
    packed = tensors(model, PIECES)
    save_file(packed, sys.argv[1])
    # What the file says, not what it was made from: the weights in 8 bits.
    unpack = lambda name: packed[name].float() * packed[f"{name}.factors"][:, None]
    embeddings = bert.embeddings
    embeddings.word_embeddings.weight.data = unpack("words")
    embeddings.token_type_embeddings.weight.data.zero_()
    embeddings.position_embeddings.weight.data[:] = unpack("positions")
    for n, layer in enumerate(bert.encoder.layer):
        attention = layer.attention
        for name, linear in {"query": attention.self.query, "key": attention.self.key, "value": attention.self.value,
                             "attended": attention.output.dense, "wide": layer.intermediate.dense,
                             "narrow": layer.output.dense}.items():
            linear.weight.data = unpack(f"{n}.{name}")
    for inner in ([], [3, 4, 7], [8, 9, 7, 6, 3, 5, 2]):
        with torch.no_grad():
            rows = bert(input_ids=torch.tensor([[START, *inner, END]])).last_hidden_state[0]
            print(inner, [round(x, 4) for x in model.output(rows.mean(0)).tolist()])


if __name__ == "__main__":
    main()
