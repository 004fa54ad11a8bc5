"""A verifier as an activated adapter: the frozen model reads the prompt, an adapter reads the sentence on top of that cache.

`python -m training.trials.verifier CANDIDATES MODEL.onnx OUT SECONDS RANK` trains it and scores what `sentences` asked about. On a processor,
to see that it runs: AREA=1200 VALID=4. models/MODEL_CARD.md (Calibration) says what came of it; nothing of it is shipped.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from training.encode import load_tokenizer
from training.layout import PAD, SPECIALS

from .adapter import Adapter, judge, load_onnx, prefill


class Data:
    def __init__(self, files, device):
        zs = [np.load(f) for f in files]
        cat = lambda k: np.concatenate([z[k] for z in zs])
        self.p = torch.from_numpy(cat("prompts").astype(np.int32)).to(device)
        self.c = torch.from_numpy(cat("cands").astype(np.int32)).to(device)
        self.pl, self.cl = cat("plens"), cat("clens")
        self.labels, self.kinds = cat("labels"), cat("kinds")
        base, owner = 0, []
        for z in zs:
            owner.append(z["owner"] + base)
            base += len(z["plens"])
        self.owner = np.concatenate(owner)
        self.meta = cat("meta")
        self.n = base
        self.ps, self.cs = np.cumsum(self.pl) - self.pl, np.cumsum(self.cl) - self.cl
        self.first = np.searchsorted(self.owner, np.arange(base))
        self.count = np.searchsorted(self.owner, np.arange(base), side="right") - self.first
        self.dev = device

    def prompts(self, idx, pad=64):
        L = -(-int(self.pl[idx].max()) // pad) * pad
        lens = torch.from_numpy(self.pl[idx]).to(self.dev)
        st = torch.from_numpy(self.ps[idx]).to(self.dev)
        off = torch.arange(L, device=self.dev)[None] - (L - lens[:, None])
        mask = off >= 0
        ids = self.p[(st[:, None] + off.clamp_min(0))].long().masked_fill(~mask, PAD)
        return ids, mask

    def sentences(self, sel, S):
        """sel [B, K] candidate numbers or -1."""
        ok = sel >= 0
        s = np.where(ok, sel, 0)
        lens = torch.from_numpy(np.minimum(np.where(ok, self.cl[s], 0), S)).to(self.dev)
        st = torch.from_numpy(self.cs[s]).to(self.dev)
        off = torch.arange(S, device=self.dev)[None, None]
        mask = off < lens[..., None]
        return self.c[(st[..., None] + off).clamp_max(len(self.c) - 1)].long().masked_fill(~mask, PAD), mask, lens


def alternatives(model, caches, mask, start, ref, smask, lens, content, how, gen):
    """The model's own plausible words at one place of each sentence; `ref` [B, 1, S] -> `how` false sentences [B, how, S]."""
    hidden = judge(model, None, caches, mask, start, ref, smask, plain=True)[:, 0]
    B, S = ref.shape[0], ref.shape[2]
    logits = model.logits(hidden)  # predicts the next
    nxt = ref[:, 0]
    out, changed = [], []
    allowed = content[None].clone()
    can = content[nxt] & smask[:, 0]
    can[:, :2] = False
    # places where the model itself is unsure are where it errs
    p = F.softmax(logits[:, :-1], -1).gather(2, nxt[:, 1:, None])[..., 0]
    weight = torch.cat([torch.zeros(B, 1, device=ref.device), (1.02 - p)], 1) * can
    for _ in range(how):
        w = weight + 1e-9
        at = torch.multinomial(w, 1, generator=gen)[:, 0]
        l = logits[torch.arange(B, device=ref.device), at - 1 + (at == 0)].masked_fill(~content[None], -1e9)
        l = l.scatter(1, nxt[torch.arange(B, device=ref.device), at][:, None], -1e9)
        top, ids = l.topk(12, -1)
        pick = torch.multinomial(F.softmax(top / 1.5, -1), 1, generator=gen)
        new = nxt.clone()
        new[torch.arange(B, device=ref.device), at] = ids.gather(1, pick)[:, 0]
        out.append(new)
        c = torch.zeros_like(nxt, dtype=torch.float)
        c[torch.arange(B, device=ref.device), at] = 1
        changed.append(c)
    good = weight.sum(1) > 0
    return torch.stack(out, 1), torch.stack(changed, 1), good


def main(data, onnx_file, out, seconds, rank, evals):
    torch.manual_seed(0)
    dev = "cuda" if torch.cuda.is_available() else "cpu"
    gen = torch.Generator(dev).manual_seed(1)
    model = load_onnx(onnx_file).to(dev).requires_grad_(False)
    model = model.bfloat16() if dev == "cuda" else model
    ad = Adapter(model.c, rank).to(dev)
    print("adapter", sum(p.numel() for p in ad.parameters()), flush=True)
    tok = load_tokenizer(str(Path(data) / "tokenizer.json")) if (Path(data) / "tokenizer.json").exists() else load_tokenizer("models/tokenizer.json")
    content = torch.tensor(
        [i >= len(SPECIALS) and (lambda t: t.startswith("Ġ") and len(t) > 3 and t[1:].isalpha())(tok.id_to_token(i)) for i in range(model.c.vocab)], device=dev
    )
    D = Data(sorted(Path(data).glob("pairs-train-*.npz")), dev)
    V = Data([Path(data) / "pairs-valid.npz"], dev)
    print("prompts", D.n, V.n, flush=True)
    params = [p for p in ad.parameters()]
    opt = torch.optim.AdamW(params, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.01)
    rng = np.random.default_rng(0)
    KC, HOW, S = 5, 3, 40
    area = int(os.environ.get("AREA", 64 * 400))

    def batch(D, idx, lm=True):
        ids, mask = D.prompts(idx)
        with torch.no_grad():
            caches, _, start = prefill(model, ids, mask)
        sel = np.full((len(idx), KC), -1)
        for r, i in enumerate(idx):
            n = D.count[i]
            order = [0, *(1 + rng.permutation(n - 1))][:KC]
            sel[r, : len(order)] = D.first[i] + np.array(order)
        sent, smask, lens = D.sentences(sel, S)
        lab = np.where(sel >= 0, D.labels[sel], -1)
        kinds = np.where(sel >= 0, D.kinds[sel], -1)
        label, changed = torch.from_numpy(lab).to(dev).float(), None
        if lm:
            with torch.no_grad():
                alt, changed, good = alternatives(model, caches, mask, start, sent[:, :1], smask[:, :1], lens, content, HOW, gen)
            sent, smask = torch.cat([sent, alt], 1), torch.cat([smask, smask[:, :1].expand(-1, HOW, -1)], 1)
            lens = torch.cat([lens, lens[:, :1].expand(-1, HOW)], 1)
            label = torch.cat([label, torch.where(good, 0.0, -1.0)[:, None].expand(-1, HOW)], 1)
            kinds = np.concatenate([kinds, np.full((len(idx), HOW), 7)], 1)
        h = judge(model, ad, caches, mask, start, sent, smask).float()
        end = h.gather(2, (lens - 1).clamp_min(0)[..., None, None].expand(-1, -1, 1, h.size(-1)))[:, :, 0]
        return ad.out(F.gelu(ad.head(end)))[..., 0], ad.token(h)[..., 0], label, changed, kinds, smask

    def batches(D, order):
        out, cur, longest = [], [], 0
        for i in order[np.argsort(D.pl[order], kind="stable")]:
            longest = max(longest, D.pl[i])
            if cur and (len(cur) + 1) * (longest + 64) > area:
                out.append(np.array(cur))
                cur, longest = [], D.pl[i]
            cur.append(i)
        out.append(np.array(cur))
        return [out[i] for i in rng.permutation(len(out))]

    def validate():
        ad.eval()
        got = {}
        with torch.no_grad():
            for idx in batches(V, np.arange(V.n)[:: max(1, V.n // int(os.environ.get("VALID", 3000)))]):
                o, _, label, _, kinds, _ = batch(V, idx)
                o, label = o.cpu().numpy(), label.cpu().numpy()
                for k in range(1, o.shape[1]):
                    for r in range(len(idx)):
                        if label[r, k] == 0:
                            got.setdefault(int(kinds[r, k]), []).append(o[r, 0] > o[r, k])
        ad.train()
        return {k: round(float(np.mean(v)), 4) for k, v in sorted(got.items())}

    @torch.no_grad()
    def evaluate(file):
        E = Data([file], dev)
        res = []
        ad.eval()
        for i0 in batches(E, np.arange(E.n)):
            for part in np.array_split(i0, max(1, len(i0) // 16)):
                K = int(E.count[part].max())
                sel = np.full((len(part), K), -1)
                for r, i in enumerate(part):
                    sel[r, : E.count[i]] = E.first[i] + np.arange(E.count[i])
                ids, mask = E.prompts(part)
                caches, _, start = prefill(model, ids, mask)
                sent, smask, lens = E.sentences(sel, 70)
                h = judge(model, ad, caches, mask, start, sent, smask).float()
                end = h.gather(2, (lens - 1).clamp_min(0)[..., None, None].expand(-1, -1, 1, h.size(-1)))[:, :, 0]
                o = ad.out(F.gelu(ad.head(end)))[..., 0].cpu()
                t = ad.token(h)[..., 0].masked_fill(~smask, -50).amax(-1).cpu()
                base = judge(model, None, caches, mask, start, sent, smask, plain=True).float()
                lp = F.log_softmax(model.logits(base[:, :, :-1].to(model.emb.dtype)), -1).gather(3, sent[:, :, 1:, None])[..., 0]
                lp = lp.masked_fill(~smask[:, :, 1:], 0)
                lpm = (lp.sum(-1) / smask[:, :, 1:].sum(-1).clamp_min(1)).cpu()
                low = lp.amin(-1).cpu()
                for r, i in enumerate(part):
                    for k in range(E.count[i]):
                        res.append(
                            [
                                int(E.meta[i][0]),
                                int(E.meta[i][1]),
                                k,
                                round(o[r, k].item(), 4),
                                round(t[r, k].item(), 4),
                                round(lpm[r, k].item(), 4),
                                round(low[r, k].item(), 4),
                            ]
                        )
        ad.train()
        return res

    t0 = time.time()
    step = 0
    order = iter(())
    losses = []
    while time.time() - t0 < seconds:
        try:
            idx = next(order)
        except StopIteration:
            order = iter(batches(D, rng.permutation(D.n)))
            idx = next(order)
        lr = 1e-3 * min(1, (step + 1) / 200) * max(0.02, 1 - (time.time() - t0) / seconds)
        for g in opt.param_groups:
            g["lr"] = lr
        o, tk, label, changed, kinds, smask = batch(D, idx)
        ok = label >= 0
        pos, neg = (label == 1) & ok, (label == 0) & ok
        bce = F.binary_cross_entropy_with_logits(o, label.clamp_min(0), reduction="none")
        loss = bce[pos].mean() + (bce * neg).sum() / neg.sum().clamp_min(1)
        # and by rank within one code: the true sentence above each false one
        diff = o.masked_fill(~pos, -1e4).amax(1, keepdim=True) - o
        loss = loss + F.softplus(-diff)[neg].mean()
        tl = torch.cat([tk[:, :1], tk[:, -HOW:]], 1)
        target = torch.cat([torch.zeros_like(changed[:, :1]), changed], 1)
        m = torch.cat([smask[:, :1], smask[:, -HOW:]], 1)
        loss = loss + F.binary_cross_entropy_with_logits(tl, target, pos_weight=torch.tensor(5.0, device=dev), reduction="none")[m].mean()
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0)
        opt.step()
        step += 1
        losses.append(loss.detach())
        if step % 250 == 0:
            print(step, round(time.time() - t0), "loss", round(torch.stack(losses[-250:]).mean().item(), 4), flush=True)
        if step % 1500 == 0:
            print("valid", validate(), flush=True)
    print("steps", step, "passes", step * np.mean([len(b) for b in batches(D, np.arange(D.n))]) / D.n, "valid", validate(), flush=True)
    Path(out).mkdir(exist_ok=True, parents=True)
    torch.save({k: v.half().cpu() for k, v in ad.state_dict().items()}, Path(out) / "adapter.pt")
    json.dump({f: evaluate(Path(data) / f"eval-{f}.npz") for f in evals if (Path(data) / f"eval-{f}.npz").exists()}, open(Path(out) / "scores.json", "w"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), int(sys.argv[5]), ["valid", "test"])
