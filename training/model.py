"""Decoder in the manner of Llama: RMSNorm without gains, QK-norm, rotary positions, grouped queries, SwiGLU, tied embedding."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Config:
    """Sizes. The default has 63.7 M parameters: int8 on disk stays below 70 MB."""

    vocab: int = 16384
    d: int = 640
    layers: int = 12
    heads: int = 10
    kv: int = 2
    hd: int = 64
    ff: int = 1792
    theta: float = 10000.0
    edim: int = 256


TINY = Config(vocab=1024, d=64, layers=2, heads=2, kv=1, hd=32, ff=128, edim=32)


def rms(x: torch.Tensor) -> torch.Tensor:
    return F.rms_norm(x, (x.size(-1),), eps=1e-6)


def rope_tables(config: Config, length: int, device) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosines and sines [1, length, hd / 2] of the rotary embedding (half-split convention)."""
    inverse = config.theta ** (-torch.arange(0, config.hd, 2, device=device, dtype=torch.float32) / config.hd)
    angle = torch.arange(length, device=device, dtype=torch.float32)[:, None] * inverse[None]
    return angle.cos()[None], angle.sin()[None]


def drop(x: torch.Tensor, keep: torch.Tensor | None) -> torch.Tensor:
    """Dropout whose chance is a tensor, so that it may change while training goes on without compiling anew."""
    return x if keep is None else x * ((torch.rand(x.shape, device=x.device) < keep) / keep).type_as(x)


def rope(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    a, b = x.float().chunk(2, -1)
    c, s = cos[..., None, :], sin[..., None, :]
    return torch.cat((a * c - b * s, b * c + a * s), -1).type_as(x)


class Block(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.c = c

        def matrix(rows: int, columns: int, zero: bool = False) -> nn.Parameter:
            bound = 0.7 * (3 / columns) ** 0.5
            return nn.Parameter(torch.zeros(rows, columns) if zero else torch.empty(rows, columns).uniform_(-bound, bound))

        self.wq, self.wk, self.wv = matrix(c.heads * c.hd, c.d), matrix(c.kv * c.hd, c.d), matrix(c.kv * c.hd, c.d)
        self.wo = matrix(c.d, c.heads * c.hd, True)
        self.wg, self.wu, self.wd = matrix(c.ff, c.d), matrix(c.ff, c.d), matrix(c.d, c.ff, True)

    def qkv(self, x, cos, sin):
        c = self.c
        batch, length, _ = x.shape
        weight = torch.cat([self.wq, self.wk, self.wv]).to(x.dtype)
        q, k, v = F.linear(rms(x), weight).split([c.heads * c.hd, c.kv * c.hd, c.kv * c.hd], -1)
        q = rope(rms(q.view(batch, length, c.heads, c.hd)), cos, sin).transpose(1, 2)
        k = rope(rms(k.view(batch, length, c.kv, c.hd)), cos, sin).transpose(1, 2)
        return q, k, v.view(batch, length, c.kv, c.hd).transpose(1, 2)

    def rest(self, x, attended, keep=None):
        batch, heads, length, size = attended.shape
        x = x + drop(F.linear(attended.transpose(1, 2).reshape(batch, length, heads * size), self.wo.to(x.dtype)), keep)
        gate, up = F.linear(rms(x), torch.cat([self.wg, self.wu]).to(x.dtype)).chunk(2, -1)
        return x + drop(F.linear(F.silu(gate) * up, self.wd.to(x.dtype)), keep)


class LanguageModel(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.c = c
        self.emb = nn.Parameter(torch.randn(c.vocab, c.d) * 0.02)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.layers))
        self.proj = nn.Parameter(torch.randn(c.edim, c.d) * c.d**-0.5)  # the contrastive head

    def hidden(self, ids, cos, sin, attention, dtype, keep=None):
        """Final hidden states [B, T, d]; `attention(q, k, v)` applies its own mask, `keep` is the chance that dropout leaves a number."""
        x = rms(F.embedding(ids, self.emb).to(dtype))
        for block in self.blocks:
            x = block.rest(x, attention(*block.qkv(x, cos, sin)), keep)
        return rms(x)

    def embed(self, hidden):
        """Unit vectors for search."""
        return F.normalize(F.linear(hidden, self.proj.to(hidden.dtype)).float(), dim=-1)

    def logits(self, hidden):
        return F.linear(hidden, self.emb.to(hidden.dtype)).float()

    @torch.no_grad()
    def prefill(self, ids, mask, dtype, reserve: int = 0):
        """ids [B, T] left padded, mask [B, T]. Returns hidden [B, T, d] and caches with `reserve` free positions."""
        length = ids.size(1)
        cos, sin = rope_tables(self.c, length, ids.device)
        allowed = torch.ones(length, length, dtype=torch.bool, device=ids.device).tril()[None, None] & mask[:, None, None, :]
        allowed = allowed | torch.eye(length, dtype=torch.bool, device=ids.device)[None, None]
        x = rms(F.embedding(ids, self.emb).to(dtype))
        caches = []
        for block in self.blocks:
            q, k, v = block.qkv(x, cos, sin)
            caches.append((F.pad(k, (0, 0, 0, reserve)), F.pad(v, (0, 0, 0, reserve))))
            x = block.rest(x, F.scaled_dot_product_attention(q, k, v, attn_mask=allowed, enable_gqa=True))
        return rms(x), caches

    @torch.no_grad()
    def step(self, token, caches, mask, position: int, dtype):
        """One token [B, 1] at `position`; mask [B, whole cache] says which positions count. Returns hidden [B, d]."""
        cos, sin = rope_tables(self.c, mask.size(1), token.device)
        cos, sin = cos[:, position : position + 1], sin[:, position : position + 1]
        x = rms(F.embedding(token, self.emb).to(dtype))
        for block, (keys, values) in zip(self.blocks, caches):
            q, k, v = block.qkv(x, cos, sin)
            keys[:, :, position : position + 1], values[:, :, position : position + 1] = k, v
            x = block.rest(x, F.scaled_dot_product_attention(q, keys, values, attn_mask=mask[:, None, None, :], enable_gqa=True))
        return rms(x)[:, 0]


def parameter_count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
