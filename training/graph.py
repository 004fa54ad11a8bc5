"""The ONNX graph, written by hand: one graph for prompt, decoding, scoring and embedding, with key–value cache.

Attention is plain MatMul and Softmax: the fused GroupQueryAttention is four times slower in WebAssembly. Names, shapes
and meaning of inputs and outputs are in models/FORMAT.md.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"
MAX_POSITIONS = 2048
MASKED = np.float32(-1e9)


def rope_arrays(theta: float, size: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    inverse = theta ** (-np.arange(0, size, 2, dtype=np.float32) / size)
    angle = np.arange(length, dtype=np.float32)[:, None] * inverse[None]
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


def quantize_rows(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 and one scale per row (output channel)."""
    scale = np.maximum(np.abs(weight).max(1), 1e-8).astype(np.float32) / 127
    return np.clip(np.rint(weight / scale[:, None]), -127, 127).astype(np.int8), scale


class Graph:
    def __init__(self, quantized: bool):
        self.nodes, self.constants, self.quantized, self.counter = [], {}, quantized, 0

    def constant(self, name: str, value) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def ints(self, *values: int) -> str:
        return self.constant("i_" + "_".join(map(str, values)).replace("-", "m"), np.array(values, dtype=np.int64))

    def node(self, kind: str, inputs: list[str], outputs: list[str] | None = None, domain: str = "", **attributes):
        self.counter += 1
        outputs = outputs or [f"{kind}_{self.counter}"]
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=f"{kind}_{self.counter}", domain=domain, **attributes))
        return outputs[0]

    def multiply(self, x: str, weight: np.ndarray, name: str) -> str:
        """x @ weight.T for a weight of shape [out, in]."""
        if not self.quantized:
            return self.node("MatMul", [x, self.constant(name, weight.T.astype(np.float32))])
        steps, scale = quantize_rows(weight)
        return self.node("DynamicQuantizeMatMul", [x, self.constant(name + "_q", steps.T), self.constant(name + "_s", scale)], domain=MICROSOFT)

    def norm(self, x: str, gain: str) -> str:
        return self.node("SimplifiedLayerNormalization", [x, gain], axis=-1, epsilon=1e-6, stash_type=1)

    def residual_norm(self, x: str, change: str, gain: str, name: str, sum_name: str) -> tuple[str, str]:
        self.node("SkipSimplifiedLayerNormalization", [x, change, gain], [name, "", "", sum_name], MICROSOFT, epsilon=1e-6)
        return name, sum_name


def build(weights: dict[str, np.ndarray], c: dict, quantized: bool) -> onnx.ModelProto:
    g = Graph(quantized)
    ones = g.constant("ones", np.ones(c["d"], np.float32))
    gain = lambda name: g.constant(name, weights[name]) if name in weights else ones
    mask, past_length = _positions(g)
    x = g.norm(_embedding(g, weights["emb"]), ones)
    h = g.norm(x, gain("gain1_0"))
    for i in range(c["layers"]):
        w = lambda name: weights[f"blocks.{i}.{name}"]
        attended = _attention(g, h, i, c, w, mask, past_length)
        h, x = g.residual_norm(x, g.multiply(attended, w("wo"), f"o{i}"), gain(f"gain2_{i}"), f"n1_{i}", f"x1_{i}")
        gate, up = g.multiply(h, w("wg"), f"g{i}"), g.multiply(h, w("wu"), f"u{i}")
        active = g.node("Mul", [g.node("QuickGelu", [gate], domain=MICROSOFT, alpha=1.0), up])
        last = i == c["layers"] - 1
        h, x = g.residual_norm(x, g.multiply(active, w("wd"), f"d{i}"), ones if last else gain(f"gain1_{i + 1}"), "hidden" if last else f"n2_{i}", f"x2_{i}")
    _heads(g, h, weights)
    return _model(g, c)


def _positions(g: Graph) -> tuple[str, str]:
    one, two = g.constant("c1", np.array(1, np.int64)), g.constant("c2", np.array(2, np.int64))
    zero = g.constant("c0", np.array(0, np.int64))
    new = g.node("Gather", [g.node("Shape", ["input_ids"]), one])
    past = g.node("Gather", [g.node("Shape", ["past_k_0"]), two])
    total = g.node("Add", [new, past])
    row = g.node("Unsqueeze", [g.node("Range", [past, total, one]), g.ints(1)])
    column = g.node("Unsqueeze", [g.node("Range", [zero, total, one]), g.ints(0)])
    seen = g.node("LessOrEqual", [column, row])
    return g.node("Where", [seen, g.constant("zero", np.float32(0)), g.constant("masked", MASKED)]), past


def _embedding(g: Graph, weight: np.ndarray) -> str:
    if not g.quantized:
        return g.node("Gather", [g.constant("emb", weight.astype(np.float32)), "input_ids"])
    steps, scale = quantize_rows(weight)
    g.constant("emb_q", steps)
    g.constant("emb_s", scale)
    picked = g.node("Cast", [g.node("Gather", ["emb_q", "input_ids"])], to=TensorProto.FLOAT)
    return g.node("Mul", [picked, g.node("Unsqueeze", [g.node("Gather", ["emb_s", "input_ids"]), g.ints(-1)])])


def _attention(g: Graph, h: str, i: int, c: dict, w, mask: str, past: str) -> str:
    heads, kv, size = c["heads"], c["kv"], c["hd"]
    cos, sin = (g.constant(name, table) for name, table in zip(("cos", "sin"), rope_arrays(c["theta"], size, MAX_POSITIONS)))

    def rotated(name: str, count: int, factor: float) -> str:
        gains = g.constant(f"gain_{name}", np.full(size, factor, np.float32))
        split = g.node("Reshape", [g.multiply(h, w("w" + name), f"{name}{i}"), g.ints(0, 0, count, size)])
        flat = g.node("Reshape", [g.norm(split, gains), g.ints(0, 0, count * size)])
        return g.node("RotaryEmbedding", [flat, past, cos, sin], domain=MICROSOFT, num_heads=count, interleaved=0, rotary_embedding_dim=0)

    def cached(new: str, kind: str) -> str:
        turned = g.node("Transpose", [g.node("Reshape", [new, g.ints(0, 0, kv, size)])], perm=[0, 2, 1, 3])
        return g.node("Concat", [f"past_{kind}_{i}", turned], [f"present_{kind}_{i}"], axis=2)

    q, k = rotated("q", heads, size**-0.5), rotated("k", kv, 1.0)
    v = g.multiply(h, w("wv"), f"v{i}")
    keys, values = cached(k, "k"), cached(v, "v")
    grouped = g.node("Transpose", [g.node("Reshape", [q, g.ints(0, 0, kv, heads // kv, size)])], perm=[0, 2, 3, 1, 4])
    keys = g.node("Unsqueeze", [g.node("Transpose", [keys], perm=[0, 1, 3, 2]), g.ints(2)])
    scores = g.node("Softmax", [g.node("Add", [g.node("MatMul", [grouped, keys]), mask])], axis=-1)
    mixed = g.node("MatMul", [scores, g.node("Unsqueeze", [values, g.ints(2)])])
    return g.node("Reshape", [g.node("Transpose", [mixed], perm=[0, 3, 1, 2, 4]), g.ints(0, 0, heads * size)])


def _heads(g: Graph, h: str, weights: dict[str, np.ndarray]) -> None:
    end = g.ints(1 << 30)
    kept = g.node("Slice", [h, "keep_from", end, g.ints(1)])
    if g.quantized:
        g.node("DynamicQuantizeMatMul", [kept, g.node("Transpose", ["emb_q"], perm=[1, 0]), "emb_s"], ["logits"], MICROSOFT)
    else:
        g.node("MatMul", [kept, g.node("Transpose", ["emb"], perm=[1, 0])], ["logits"])
    last = g.node("Slice", [h, g.ints(-1), end, g.ints(1)])
    projected = g.node("MatMul", [last, g.constant("proj", weights["proj"].T.astype(np.float32))])
    g.node("LpNormalization", [projected], ["embed"], axis=-1, p=2)


def _model(g: Graph, c: dict) -> onnx.ModelProto:
    info = helper.make_tensor_value_info
    inputs = [info("input_ids", TensorProto.INT64, [1, "T"]), info("keep_from", TensorProto.INT64, [1])]
    outputs = [
        info("logits", TensorProto.FLOAT, [1, "K", c["vocab"]]), info("hidden", TensorProto.FLOAT, [1, "T", c["d"]]),
        info("embed", TensorProto.FLOAT, [1, 1, c["edim"]]),
    ]
    for i in range(c["layers"]):
        for kind in "kv":
            inputs.append(info(f"past_{kind}_{i}", TensorProto.FLOAT, [1, c["kv"], "P", c["hd"]]))
            outputs.append(info(f"present_{kind}_{i}", TensorProto.FLOAT, [1, c["kv"], "S", c["hd"]]))
    graph = helper.make_graph(g.nodes, "codegloss", inputs, outputs, list(g.constants.values()))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)
