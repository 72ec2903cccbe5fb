"""all-MiniLM-L6-v2 on onnxruntime, one thread: texts in, mean-pooled vectors out."""

from pathlib import Path

import numpy as np
import onnxruntime
from export_minilm import model_folder
from tokenizers import Tokenizer

MAX_PIECES = 256
BATCH = 16


class MiniLM:
    """The encoder; loads its files once. `folder` holds what `export_minilm.py` wrote."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(folder / "minilm.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.names = {given.name for given in self.session.get_inputs()}
        self.tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_PIECES)
        self.tokenizer.enable_padding()

    def encode(self, texts: list[str]) -> np.ndarray:
        """One vector for each text. Texts of like length share a batch, so that little is padding."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        vectors = [None] * len(texts)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            pieces = self.tokenizer.encode_batch([texts[i] for i in chosen])
            ids = np.array([piece.ids for piece in pieces], dtype=np.int64)
            mask = np.array([piece.attention_mask for piece in pieces], dtype=np.int64)
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            hidden = self.session.run(None, {name: given[name] for name in self.names})[0]
            if hidden.ndim == 3:
                hidden = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
            for i, vector in zip(chosen, hidden):
                vectors[i] = vector
        return np.array(vectors)
