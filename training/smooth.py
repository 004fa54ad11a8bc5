"""SmoothQuant (Xiao et al., 2023): moves outliers of the activations into the weights. Everything folds; use costs nothing."""

import numpy as np
import torch
import torch.nn.functional as F

from .model import LanguageModel, rms, rope_tables

ALPHA = 0.5


def _observe(model: LanguageModel, prompts: list[list[int]]) -> dict[str, torch.Tensor]:
    """Largest absolute activation per channel before each matrix."""
    largest: dict[str, torch.Tensor] = {}

    def see(name: str, x: torch.Tensor) -> None:
        value = x.abs().flatten(0, -2).amax(0)
        largest[name] = torch.maximum(largest[name], value) if name in largest else value

    with torch.no_grad():
        for prompt in prompts:
            cos, sin = rope_tables(model.c, len(prompt), "cpu")
            x = rms(F.embedding(torch.tensor([prompt]), model.emb))
            for i, block in enumerate(model.blocks):
                see(f"in{i}", rms(x))
                q, k, v = block.qkv(x, cos, sin)
                mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True).transpose(1, 2).flatten(2)
                see(f"out{i}", mixed)
                x = x + F.linear(mixed, block.wo)
                h = rms(x)
                see(f"mid{i}", h)
                active = F.silu(F.linear(h, block.wg)) * F.linear(h, block.wu)
                see(f"act{i}", active)
                x = x + F.linear(active, block.wd)
    return largest


def smooth(model: LanguageModel, prompts: list[list[int]]) -> dict[str, np.ndarray]:
    """The model's weights, equal in effect, easier to quantize; `gain1_i` and `gain2_i` are new gains of the norms."""
    largest = _observe(model, prompts)
    weights = {name: value.float().numpy().copy() for name, value in model.state_dict().items()}
    c = model.c

    def factors(name: str, *matrices: np.ndarray) -> np.ndarray:
        column = np.maximum(np.abs(np.concatenate(matrices)).max(0), 1e-5)
        return np.clip(largest[name].numpy() ** ALPHA / column ** (1 - ALPHA), 1e-3, 1e3).astype(np.float32)

    for i in range(c.layers):
        at = lambda name: f"blocks.{i}.{name}"
        for number, seen, names in ((1, f"in{i}", ("wq", "wk", "wv")), (2, f"mid{i}", ("wg", "wu"))):
            s = factors(seen, *(weights[at(name)] for name in names))
            weights[f"gain{number}_{i}"] = 1 / s
            for name in names:
                weights[at(name)] *= s[None]
        s = factors(f"act{i}", weights[at("wd")])
        weights[at("wu")] /= s[:, None]
        weights[at("wd")] *= s[None]
        group = c.heads // c.kv
        s = factors(f"out{i}", weights[at("wo")]).reshape(c.kv, group, c.hd).max(1)  # query heads of a group share a value
        weights[at("wv")] /= s.reshape(-1)[:, None]
        weights[at("wo")] *= np.repeat(s[:, None], group, 1).reshape(-1)[None]
    return weights
