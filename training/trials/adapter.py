"""The shipped model back in PyTorch, and an adapter that is switched on for the sentence only (activated LoRA, Greenewald et al., 2025)."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from training.model import Config, LanguageModel, rms, rope, rope_tables


def load_onnx(file):
    import onnx
    from onnx import numpy_helper

    c = Config()
    model = LanguageModel(c)
    T = {t.name: numpy_helper.to_array(t) for t in onnx.load(file).graph.initializer}
    deq = lambda n: (T[n + "_q"].astype(np.float32) * T[n + "_s"][None]).T
    state = {"emb": T["emb_q"].astype(np.float32) * T["emb_s"][:, None], "proj": T["proj"].T}
    for i in range(c.layers):
        g1, g2 = T.get(f"gain1_{i}", np.ones(c.d, np.float32)), T.get(f"gain2_{i}", np.ones(c.d, np.float32))
        for n in ("q", "k", "v"):
            state[f"blocks.{i}.w{n}"] = deq(f"{n}{i}") * g1[None]
        for n in ("g", "u"):
            state[f"blocks.{i}.w{n}"] = deq(f"{n}{i}") * g2[None]
        state[f"blocks.{i}.wo"], state[f"blocks.{i}.wd"] = deq(f"o{i}"), deq(f"d{i}")
    model.load_state_dict({k: torch.from_numpy(np.ascontiguousarray(v)) for k, v in state.items()})
    return model


class Adapter(nn.Module):
    def __init__(self, c, rank):
        super().__init__()
        self.c, self.rank = c, rank
        sizes = dict(q=(c.heads * c.hd, c.d), k=(c.kv * c.hd, c.d), v=(c.kv * c.hd, c.d), o=(c.d, c.heads * c.hd), g=(c.ff, c.d), u=(c.ff, c.d), d=(c.d, c.ff))
        self.a = nn.ParameterDict({f"{n}{i}": nn.Parameter(torch.randn(rank, s[1]) * s[1] ** -0.5) for i in range(c.layers) for n, s in sizes.items()})
        self.b = nn.ParameterDict({f"{n}{i}": nn.Parameter(torch.zeros(s[0], rank)) for i in range(c.layers) for n, s in sizes.items()})
        self.head = nn.Linear(c.d, 128)
        self.out = nn.Linear(128, 1)
        self.token = nn.Linear(c.d, 1)

    def lin(self, x, W, name):
        return F.linear(x, W.to(x.dtype)) + F.linear(F.linear(x, self.a[name].to(x.dtype)), self.b[name].to(x.dtype))


def prefill(model, ids, mask):
    """Left-padded ids; positions count from the first real token. Caches [B, kv, P, hd] per layer, hidden of the last."""
    c = model.c
    B, P = ids.shape
    pos = (mask.cumsum(1) - 1).clamp_min(0)
    cos, sin = rope_tables(c, 2048, ids.device)
    cos, sin = cos[0][pos], sin[0][pos]
    allow = (
        torch.ones(P, P, dtype=torch.bool, device=ids.device).tril()[None, None] & mask[:, None, None]
        | torch.eye(P, dtype=torch.bool, device=ids.device)[None, None]
    )
    x = rms(F.embedding(ids, model.emb).bfloat16())
    caches = []
    for block in model.blocks:
        q, k, v = block.qkv(x, cos, sin)
        caches.append((k, v))
        r = c.heads // c.kv
        x = block.rest(x, F.scaled_dot_product_attention(q, k.repeat_interleave(r, 1), v.repeat_interleave(r, 1), attn_mask=allow))
    return caches, rms(x)[:, -1], pos[:, -1] + 1


def judge(model, ad, caches, mask, start, sent, smask, plain=False):
    """sent [B, K, S] on the caches -> hidden [B, K, S, d]."""
    c = model.c
    B, K, S = sent.shape
    P = mask.size(1)
    dev = sent.device
    r = c.heads // c.kv
    pos = (start[:, None] + torch.arange(S, device=dev)[None]).clamp_max(2047)  # [B, S]
    cos, sin = rope_tables(c, 2048, dev)
    cos, sin = (t[0][pos][:, None].expand(B, K, S, -1).reshape(B, K * S, -1) for t in (cos, sin))
    own = torch.ones(S, S, dtype=torch.bool, device=dev).tril()
    block_mask = torch.block_diag(*[own] * K).bool()
    allow = torch.cat(
        [
            mask[:, None, None].expand(B, 1, K * S, P),
            (block_mask[None] & (smask.reshape(B, 1, K * S) | torch.eye(K * S, dtype=torch.bool, device=dev)[None]))[:, None],
        ],
        -1,
    )
    x = rms(F.embedding(sent.reshape(B, K * S), model.emb).bfloat16())
    lin = (lambda x, W, n: F.linear(x, W.to(x.dtype))) if plain else ad.lin
    for i, block in enumerate(model.blocks):
        h = rms(x)
        q = rope(rms(lin(h, block.wq, f"q{i}").view(B, K * S, c.heads, c.hd)), cos, sin).transpose(1, 2)
        k = rope(rms(lin(h, block.wk, f"k{i}").view(B, K * S, c.kv, c.hd)), cos, sin).transpose(1, 2)
        v = lin(h, block.wv, f"v{i}").view(B, K * S, c.kv, c.hd).transpose(1, 2)
        pk, pv = caches[i]
        keys, values = torch.cat([pk, k], 2).repeat_interleave(r, 1), torch.cat([pv, v], 2).repeat_interleave(r, 1)
        a = F.scaled_dot_product_attention(q, keys, values, attn_mask=allow).transpose(1, 2).reshape(B, K * S, -1)
        x = x + lin(a, block.wo, f"o{i}")
        h = rms(x)
        x = x + lin(F.silu(lin(h, block.wg, f"g{i}")) * lin(h, block.wu, f"u{i}"), block.wd, f"d{i}")
    return rms(x).view(B, K, S, c.d)
