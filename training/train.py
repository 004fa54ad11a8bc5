"""Step 5: training within a time budget, resumable, on one or several GPUs (torchrun) or, for the smoke run, a CPU.

Progress runs from 0 to 1 over the whole plan (`total` seconds over all calls, or `steps`). In the first stage raw code and
pairs count alike; in the second pairs prevail, the sentence is weighted up, the contrastive head learns, and
dropout sets in, since pairs come back by then (late dropout: Liu et al., 2023). Towards the end the least likely sentences
are left out, which no reader of the code could have written either (loss truncation: Kang and Hashimoto, 2020). The rate
falls linearly over the last part. Every call ends with a checkpoint and the next one resumes from it.
"""

import json
import os
import queue
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F

from .layout import CODE_S, DOC, DOC_S, EMB, PAD, QUERY, QUERY_S
from .model import Config, LanguageModel, parameter_count, rope_tables
from .muon import Muon

SECTION_COUNT = DOC_S + 1
DROP = {1: 0.3, 2: 0.35, 3: 0.5, 4: 0.35, 5: 0.35, 6: 0.45}
FULL_CONTEXT = 0.5
NO_CONTEXT = 0.12
CLUMP = 3  # neighbours of a shard (mostly of one file) kept together, so that the contrastive head meets its hard negatives
WEB_QUERIES = 0.5  # share of the contrastive head's queries in web-like form
CLOCK_EVERY = 8  # steps between looks at the shared clock
SNAPSHOT_SECONDS = 60.0
VALIDATE_SECONDS = 150.0
SENTENCES_A_ROW = 512  # more than a row can hold


@dataclass(frozen=True)
class Plan:
    """What a run does. Seconds are wall time of training alone; `total` spans all calls, `seconds` is this call's share."""

    data: str
    out: str
    config: Config = Config()
    start: str = ""  # checkpoint whose weights a run begins with that has none of its own
    total: float = 1000.0
    seconds: float = 500.0
    steps: int | None = None
    rows: int = 32
    length: int = 4096
    stage2: float = 0.35
    decay: float = 0.6
    raw1: float = 0.35
    raw2: float = 0.1
    code1: float = 0.8
    code2: float = 0.15
    contrastive: float = 0.2
    dropout: float = 0.1
    truncated: float = 0.15  # share of sentences left out, from `truncate_from` on
    truncate_from: float = 0.5
    pairs_per_step: int = 480
    query_rows: int = 2
    alpha: float = 0.6
    max_repeat: float = 2.5
    rate: float = 0.02
    embedding_rate: float = 2e-3
    seed: int = 0
    cpu: bool = False


class Store:
    """All samples of some shards: tokens on the device, lengths on the host."""

    def __init__(self, data: str, pattern: str, device):
        names = sorted(str(path)[: -len(".tok.npy")] for path in Path(data).glob(pattern + ".tok.npy"))
        load = lambda ending: np.concatenate([np.load(name + ending) for name in names if Path(name + ending).exists()] or [np.zeros(0, np.uint16)])
        tokens, queries = load(".tok.npy").astype(np.int32), load(".qtok.npy").astype(np.int32)
        self.query_at = len(tokens)  # after the last sample: <|query|>, <|emb|> and the web-like queries
        self.tokens = torch.from_numpy(np.concatenate([tokens, np.array([QUERY, EMB], dtype=np.int32), queries])).to(device)
        self.query_lengths = load(".qlen.npy").astype(np.int64)
        self.query_start = self.query_at + 2 + np.cumsum(self.query_lengths) - self.query_lengths
        self.lengths = load(".seg.npy").astype(np.int64)
        self.language, self.weight = load(".lang.npy"), load(".w.npy")
        self.start = np.concatenate([[0], np.cumsum(self.lengths.sum(1))[:-1]])
        self.count = len(self.lengths)


def repeats(store: Store, alpha: float, limit: float) -> np.ndarray:
    """How often a sample comes in one pass: a language's share grows as tokens ** alpha, repeats are capped."""
    sizes = store.lengths.sum(1)
    out = store.weight.astype(np.float64).copy()
    shares = {language: sizes[store.language == language].sum() for language in np.unique(store.language)}
    largest = max(shares.values())
    for language, share in shares.items():
        out[store.language == language] *= min(limit, (largest / share) ** (1 - alpha))
    return out


def clumped(passes: list[np.ndarray], rng) -> np.ndarray:
    """All samples of all passes in random order, but `CLUMP` neighbours of a pass at a time."""
    keys = []
    for samples in passes:
        clump = (np.arange(len(samples)) + rng.integers(CLUMP)) // CLUMP
        keys.append(rng.random(len(samples) // CLUMP + 2)[clump])
    return np.concatenate(passes)[np.argsort(np.concatenate(keys), kind="stable")]


class Stream:
    """Endless packed rows; whole samples only, optional sections dropped at random."""

    def __init__(self, store: Store, rng, row_length: int, often: np.ndarray, drop: bool):
        self.store, self.rng, self.row_length, self.often, self.drop = store, rng, row_length, often, drop
        self.rows: list[tuple[int, int]] = []
        self.position, self.passes = 0, 0

    def refill(self) -> None:
        rng, store = self.rng, self.store
        times = np.floor(self.often).astype(int) + (rng.random(store.count) < self.often - np.floor(self.often))
        self.order = clumped([np.flatnonzero(times > repeat) for repeat in range(times.max())], rng)
        self.lengths = store.lengths[self.order]
        keep = np.ones_like(self.lengths, dtype=bool)
        if self.drop:
            luck = rng.random(len(self.order))
            for section, chance in DROP.items():
                kept = rng.random(len(self.order)) >= chance
                keep[:, section] = (luck < FULL_CONTEXT) | (kept & (luck < 1 - NO_CONTEXT))
        self.kept = self.lengths * keep
        ends = np.concatenate([[0], np.cumsum(self.kept.sum(1))])
        self.rows, first = [], 0
        while first < len(self.order):
            last = max(int(np.searchsorted(ends, ends[first] + self.row_length, side="right")) - 1, first + 1)
            self.rows.append((first, last))
            first = last
        self.position = 0
        self.passes += 1

    def take(self, count: int) -> list[tuple]:
        """Rows as arrays (source, destination, length, section, sample in row, sample numbers)."""
        out = []
        for _ in range(count):
            if self.position >= len(self.rows):
                self.refill()
            first, last = self.rows[self.position]
            self.position += 1
            lengths = self.lengths[first:last]
            source = self.store.start[self.order[first:last], None] + np.cumsum(lengths, 1) - lengths
            kept = self.kept[first:last].ravel()
            target = np.cumsum(kept) - kept
            section = np.tile(np.arange(SECTION_COUNT), last - first)
            sample = np.repeat(np.arange(last - first), SECTION_COUNT)
            used = kept > 0
            out.append((source.ravel()[used], target[used], kept[used], section[used], sample[used], self.order[first:last]))
        return out


def assemble(parts, stores, weights, length: int, device):
    """(store, row) parts → ids, targets, weights [B, T], document numbers (−1: padding) and numbers of sentences (0: none)."""
    ids = torch.full((len(parts), length + 1), PAD, dtype=torch.int32, device=device)
    weight = torch.zeros(len(parts), length + 1, device=device)
    document = torch.full((len(parts), length), -1, dtype=torch.int32, device=device)
    sentence = torch.zeros(len(parts), length + 1, dtype=torch.int64, device=device)
    for number in {part[0] for part in parts}:
        rows = [(at, part[1]) for at, part in enumerate(parts) if part[0] == number]

        def column(pick):
            return torch.from_numpy(np.concatenate([pick(at, row) for at, row in rows])).to(device, non_blocking=True)

        source, target = column(lambda at, row: row[0]), column(lambda at, row: row[1] + at * (length + 1))
        run, section, sample = column(lambda at, row: row[2]), column(lambda at, row: row[3]), column(lambda at, row: row[4])
        row_at = column(lambda at, row: np.full(len(row[0]), at))
        total = int(sum(row[2].sum() for _, row in rows))
        rep = torch.repeat_interleave(torch.arange(len(run), device=device), run, output_size=total)
        offset = torch.arange(total, device=device) - (torch.cumsum(run, 0) - run)[rep]
        position = target[rep] - row_at[rep] * (length + 1) + offset
        inside = position <= length  # a single sample longer than a row is cut
        rep, offset, position = rep[inside], offset[inside], position[inside]
        ids.view(-1)[target[rep] + offset] = stores[number].tokens[source[rep] + offset]
        value = torch.tensor(weights[number], device=device)[section[rep]]
        marker = (offset == 0) & ((section[rep] == 0) | (section[rep] == DOC_S))
        weight.view(-1)[target[rep] + offset] = torch.where(marker, torch.zeros_like(value), value)
        said = (section[rep] == DOC_S) & ~marker
        sentence[row_at[rep][said], position[said]] = row_at[rep][said] * SENTENCES_A_ROW + sample[rep][said] + 1
        shown = position < length
        document[row_at[rep][shown], position[shown]] = sample[rep][shown].int()
    return ids[:, :-1].long().contiguous(), ids[:, 1:].long().contiguous(), weight[:, 1:].contiguous(), document, sentence[:, 1:].contiguous()


def query_rows(parts, store: Store, plan: Plan, rng):
    """Rows `<|lang|><|query|> doc <|emb|>` for samples of this batch; positions of their <|doc|> and <|emb|>."""
    found = [
        np.stack([np.full((row[3] == DOC_S).sum(), at), row[1][row[3] == DOC_S], row[5][row[4][row[3] == DOC_S]]], 1)
        for at, (kind, row) in enumerate(parts) if kind == 0
    ]
    found = np.concatenate(found)
    found = found[found[:, 1] < plan.length]
    rng.shuffle(found)
    rows, code_at, query_at, used = [], [], [], 0
    for number in range(plan.query_rows):
        columns: list[list[int]] = [[], [], [], [], []]
        offset = sample_in_row = 0
        while used < len(found) and len(code_at) < plan.pairs_per_step:
            at, position, sample = (int(value) for value in found[used])
            start = int(store.start[sample])
            if rng.random() < WEB_QUERIES and store.query_lengths[sample]:
                words, doc = int(store.query_lengths[sample]), int(store.query_start[sample])
            else:  # the sentence without <|doc|>, the form and <|end|>
                words, doc = int(store.lengths[sample, DOC_S]) - 3, start + int(store.lengths[sample, :DOC_S].sum()) + 2
            if offset + words + 3 > plan.length:
                break
            for source, run in ((start, 1), (store.query_at, 1), (doc, words), (store.query_at + 1, 1)):
                for column, value in zip(columns, (source, offset, run, QUERY_S, sample_in_row)):
                    column.append(value)
                offset += run
            code_at.append(at * plan.length + position)
            query_at.append((len(parts) + number) * plan.length + offset - 1)
            used += 1
            sample_in_row += 1
        rows.append((0, (*(np.array(column, dtype=np.int64) for column in columns), None)))
    pad = lambda values: np.array(values + [0] * (plan.pairs_per_step - len(values)), dtype=np.int64)
    real = np.array([1.0] * len(code_at) + [0.0] * (plan.pairs_per_step - len(code_at)), dtype=np.float32)
    return rows, (pad(code_at), pad(query_at), real)


class Trainer:
    def __init__(self, plan: Plan):
        self.plan = plan
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.device = torch.device("cpu" if plan.cpu else f"cuda:{self.rank}")
        self.dtype = torch.float32 if plan.cpu else torch.bfloat16
        if not plan.cpu:
            torch.cuda.set_device(self.device)
        if self.world > 1:
            dist.init_process_group("gloo" if plan.cpu else "nccl")
        torch.manual_seed(plan.seed)
        torch.set_float32_matmul_precision("high")
        self.model = LanguageModel(plan.config).to(self.device)
        self.keep, self.all_kept = torch.ones((), device=self.device), torch.ones((), device=self.device)
        self.limit = torch.full((), float("inf"), device=self.device)
        matrices = [parameter for block in self.model.blocks for parameter in block.parameters()]
        self.muon = Muon(matrices, plan.rate, compiled=False)  # compiling saves less than it costs in a short run
        self.adam = torch.optim.AdamW(
            [self.model.emb, self.model.proj], lr=plan.embedding_rate, betas=(0.9, 0.95), weight_decay=0.01, fused=not plan.cpu
        )
        self.step_number, self.spent, self.tokens = 0, 0.0, 0
        self.writer: threading.Thread | None = None
        self._resume()
        self.cos, self.sin = rope_tables(plan.config, plan.length, self.device)
        zero = torch.zeros(plan.pairs_per_step, dtype=torch.long, device=self.device)
        self.no_pairs = (zero, zero.clone(), torch.zeros(plan.pairs_per_step, device=self.device))
        self._prepare_functions()
        self.say(f"{parameter_count(self.model) / 1e6:.2f} M parameters, {self.world} devices, resumed at step {self.step_number}")

    def say(self, text: str) -> None:
        if self.rank == 0:
            print(text, flush=True)

    @property
    def checkpoint(self) -> Path:
        return Path(self.plan.out) / "checkpoint.pt"

    def _resume(self) -> None:
        if not self.checkpoint.exists():
            if self.plan.start:
                self.model.load_state_dict(torch.load(self.plan.start, map_location=self.device, weights_only=True)["model"])
            return
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.muon.load(state["muon"])
        self.adam.load_state_dict(state["adam"])
        self.step_number, self.spent, self.tokens = state["step"], state["spent"], state["tokens"]

    def save(self) -> None:
        if self.rank != 0:
            return
        Path(self.plan.out).mkdir(parents=True, exist_ok=True)
        state = {
            "model": self.model.state_dict(), "muon": self.muon.state(), "adam": self.adam.state_dict(),
            "config": asdict(self.plan.config), "step": self.step_number, "spent": self.spent, "tokens": self.tokens,
        }
        temporary = self.checkpoint.with_suffix(".tmp")
        torch.save(state, temporary)
        temporary.replace(self.checkpoint)

    def snapshot(self) -> None:
        """The weights as they are now, written beside the training: what is left when the machine goes away."""
        if self.rank != 0:
            return
        state = {
            "model": {name: value.detach().to("cpu", copy=True) for name, value in self.model.state_dict().items()},
            "config": asdict(self.plan.config), "step": self.step_number, "spent": self.spent, "tokens": self.tokens,
        }

        def write() -> None:
            target = Path(self.plan.out) / "snapshot.pt"
            target.parent.mkdir(parents=True, exist_ok=True)
            torch.save(state, target.with_suffix(".part"))
            target.with_suffix(".part").replace(target)

        if self.writer:
            self.writer.join()
        self.writer = threading.Thread(target=write)
        self.writer.start()

    def _prepare_functions(self) -> None:
        plan, length = self.plan, self.plan.length
        if plan.cpu:
            causal = torch.ones(length, length, dtype=torch.bool).tril()
            self.make_mask = lambda document: (document[:, None, :, None] == document[:, None, None, :]) & causal
            attend = lambda q, k, v, mask: F.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
            self.loss = lambda *arguments: self._loss(attend, *arguments)
            return
        from torch.nn.attention.flex_attention import create_block_mask, flex_attention

        def block_mask(document):
            allowed = lambda b, h, q, k: (q >= k) & (document[b, q] == document[b, k])
            return create_block_mask(allowed, document.size(0), None, length, length, device=self.device)

        self.make_mask = torch.compile(block_mask, dynamic=False)
        attend = lambda q, k, v, mask: flex_attention(q, k, v, block_mask=mask, enable_gqa=True)
        self.loss = torch.compile(lambda *arguments: self._loss(attend, *arguments), dynamic=False)

    def _loss(self, attend, ids, target, weight, mask, sentence, keep, limit, code_at, query_at, real):
        """Total loss, loss of each token, contrastive loss, mean loss of each sentence (−1: none there)."""
        model = self.model
        hidden = model.hidden(ids, self.cos, self.sin, lambda q, k, v: attend(q, k, v, mask), self.dtype, keep)
        each = F.cross_entropy(model.logits(hidden).flatten(0, 1), target.flatten(), reduction="none")
        weight, flat, sentence = weight.flatten(), hidden.flatten(0, 1), sentence.flatten()
        sums = torch.zeros(ids.size(0) * SENTENCES_A_ROW + 1, device=each.device)
        count = sums.index_add(0, sentence, torch.ones_like(each))
        means = sums.index_add(0, sentence, each.detach()) / count.clamp_min(1)
        means = torch.where((count > 0) & (torch.arange(len(sums), device=each.device) > 0), means, -torch.ones_like(means))
        weight = weight * (means <= limit)[sentence]
        code, query = model.embed(flat[code_at]), model.embed(flat[query_at])
        hide = (real - 1)[None] * 1e4
        own = torch.arange(len(real), device=code.device)
        both = F.cross_entropy(code @ query.T * 20 + hide, own, reduction="none")
        both = both + F.cross_entropy(query @ code.T * 20 + hide, own, reduction="none")
        contrastive = (both * real).sum() / (2 * real.sum().clamp_min(1))
        return (each * weight).sum() / weight.sum().clamp_min(1) + self.plan.contrastive * contrastive, each, contrastive, means

    def warm_up(self) -> None:
        """Compiles on random tokens while the data is still being encoded."""
        if self.plan.cpu:
            return
        plan, started = self.plan, time.time()
        shape = (plan.rows, plan.length)
        for _ in range(3):
            ids = torch.randint(100, plan.config.vocab, shape, device=self.device)
            document = torch.arange(plan.length, device=self.device).div(256, rounding_mode="floor")[None].repeat(plan.rows, 1).int()
            sentence = torch.zeros(shape, dtype=torch.int64, device=self.device)
            mask = self.make_mask(document.contiguous())
            loss, _, _, _ = self.loss(ids, ids.clone(), torch.ones(shape, device=self.device), mask, sentence, self.keep, self.limit, *self.no_pairs)
            loss.backward()
        for shape, parameters in self.muon.groups.items():
            self.muon.orthogonalize(torch.stack([parameter.grad for parameter in parameters]))
        self.model.zero_grad(set_to_none=True)
        torch.cuda.synchronize()
        self.say(f"compiled in {time.time() - started:.1f} s, {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB")

    def load_data(self) -> None:
        plan = self.plan
        while not (Path(plan.data) / "DONE").exists():
            time.sleep(0.2)
        self.stores = [Store(plan.data, "pairs-train-*", self.device), Store(plan.data, "raw-train-*", self.device)]
        self.valid = Store(plan.data, "pairs-valid", self.device)
        rng = np.random.default_rng([plan.seed, self.rank, self.step_number])
        often = repeats(self.stores[0], plan.alpha, plan.max_repeat)
        self.pairs = Stream(self.stores[0], rng, plan.length, often, True)
        self.raw = Stream(self.stores[1], rng, plan.length, np.ones(self.stores[1].count), False)
        self.rng = rng
        sizes = self.stores[0].lengths.sum(0) / 1e6
        self.say(f"pairs {self.stores[0].count}, sections M tokens {np.round(sizes, 1).tolist()}, raw {self.stores[1].lengths.sum() / 1e6:.1f} M")

    def fit_into(self, until: float) -> None:
        """Sets the plan's total so that training ends at `until`; rank 0's clock decides for all."""
        left = torch.tensor([until - time.time()], dtype=torch.float64, device=self.device)
        if self.world > 1:
            dist.broadcast(left, 0)
        self.plan = replace(self.plan, total=self.spent + left.item(), seconds=left.item() + 60)
        self.say(f"{left.item():.0f} s of training")

    def _batches(self, batches: queue.Queue, state: dict) -> None:
        plan, owed = self.plan, 0.0
        while not state["stop"]:
            progress = state["progress"]
            second = progress >= plan.stage2
            queries = plan.query_rows if second else 0
            owed += (plan.raw2 if second else plan.raw1) * plan.rows
            raw = min(int(owed), plan.rows - 1 - queries)
            owed -= int(owed)
            parts = [(1, row) for row in self.raw.take(raw)] + [(0, row) for row in self.pairs.take(plan.rows - raw - queries)]
            pairs = None
            if second:
                rows, pairs = query_rows(parts, self.stores[0], plan, self.rng)
                parts = parts + rows
            while not state["stop"]:
                try:
                    batches.put((second, parts, pairs), timeout=1)
                    break
                except queue.Full:
                    pass

    def _weights(self, second: bool) -> dict:
        plan = self.plan
        context = [0.0] * CODE_S
        first = [0.0, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1, plan.code1, 1.0, 0.0]
        return {0: [*context, plan.code2, 1.0, 0.0] if second else first, 1: [1.0] * 10}

    def _scale(self, progress: float) -> float:
        scale = min(1.0, (self.step_number + 1) / 60)
        if progress > 1 - self.plan.decay:
            scale *= max(0.0, (1 - progress) / self.plan.decay) * 0.98 + 0.02
        return scale

    def _progress(self) -> float:
        plan = self.plan
        return self.step_number / plan.steps if plan.steps else self.spent / plan.total

    def _over(self, began: float, before: float) -> bool:
        """Whether this call ends; all ranks must agree, so rank 0's clock decides. Asked rarely: it waits for the device."""
        if self.step_number % CLOCK_EVERY and self.plan.steps is None:
            return False
        self.spent = before + time.time() - began
        if self.world > 1:
            clock = torch.tensor([self.spent], dtype=torch.float64, device=self.device)
            dist.broadcast(clock, 0)
            self.spent = clock.item()
        return self._progress() >= 1 or (self.plan.steps is None and self.spent - before >= self.plan.seconds)

    def _share_gradients(self) -> None:
        if self.world == 1:
            return
        gradients = [parameter.grad for parameter in self.model.parameters()]
        flat = torch._utils._flatten_dense_tensors(gradients)
        dist.all_reduce(flat)
        flat.div_(self.world)
        for gradient, value in zip(gradients, torch._utils._unflatten_dense_tensors(flat, gradients)):
            gradient.copy_(value)

    def _set_limit(self, means: torch.Tensor) -> None:
        """Follows the loss above which the worst share of sentences lies; all on the device, nothing waits for it."""
        ordered = means.sort(descending=True).values
        place = ((means >= 0).sum() * self.plan.truncated).long()
        now = ordered.gather(0, place[None])[0]
        self.limit.copy_(torch.where(self.limit.isinf(), now, 0.95 * self.limit + 0.05 * now))

    def train(self) -> dict:
        plan = self.plan
        batches: queue.Queue = queue.Queue(maxsize=16)
        state = {"progress": self._progress(), "stop": False}
        feeder = threading.Thread(target=self._batches, args=(batches, state), daemon=True)
        feeder.start()
        began = said = kept = validated = time.time()
        before, tokens_before = self.spent, self.tokens
        while not self._over(began, before):
            state["progress"] = self._progress()
            second, parts, pairs = batches.get()
            ids, target, weight, document, sentence = assemble(parts, self.stores, self._weights(second), plan.length, self.device)
            self.keep.fill_(1 - plan.dropout if second else 1.0)
            arrays = self.no_pairs if pairs is None else tuple(torch.from_numpy(a).to(self.device, non_blocking=True) for a in pairs)
            loss, _, contrastive, means = self.loss(ids, target, weight, self.make_mask(document), sentence, self.keep, self.limit, *arrays)
            loss.backward()
            if plan.truncated and state["progress"] >= plan.truncate_from:
                self._set_limit(means)
            self._share_gradients()
            scale = self._scale(self._progress())
            self.muon.momentum = 0.85 + 0.10 * min(1, self.step_number / 300)
            self.muon.step(scale)
            for group in self.adam.param_groups:
                group["lr"] = plan.embedding_rate * scale
            self.adam.step()
            self.model.zero_grad(set_to_none=True)
            self.step_number += 1
            self.tokens += plan.rows * plan.length * self.world
            if time.time() - said > 20 or plan.cpu:
                said = time.time()
                speed = (self.tokens - tokens_before) / (said - began) / 1e3
                self.say(
                    f"step {self.step_number} {self.spent:.0f} s loss {loss.item():.3f} contrastive {contrastive.item():.3f} limit {self.limit.item():.2f} "
                    f"rate {scale:.2f} {self.tokens / 1e6:.0f} M tokens {speed:.0f} k/s passes {self.pairs.passes}/{self.raw.passes}"
                )
            if self.rank == 0 and not plan.cpu and time.time() - kept > SNAPSHOT_SECONDS:
                kept = time.time()
                self.snapshot()
            if self.rank == 0 and not plan.cpu and time.time() - validated > VALIDATE_SECONDS:
                validated = time.time()
                self.say(json.dumps({"step": self.step_number, **self.validate(8)}))
        state["stop"] = True
        self.save()
        result = {"step": self.step_number, "spent": self.spent, "tokens": self.tokens, **self.validate(8)}
        self.say(json.dumps(result))
        if self.rank == 0:
            with open(Path(plan.out) / "log.jsonl", "a") as log:
                log.write(json.dumps(result) + "\n")
        if self.world > 1:
            dist.barrier()
            dist.destroy_process_group()
        return result

    def validate(self, batches: int) -> dict:
        """Mean negative log-likelihood per token of sentence and code on valid pairs with full context (rank 0's share)."""
        plan = self.plan
        stream = Stream(self.valid, np.random.default_rng(1), plan.length, np.ones(self.valid.count), False)
        total = {1.0: [0.0, 0.0], 2.0: [0.0, 0.0]}
        stream.refill()
        for _ in range(min(batches, max(1, len(stream.rows) // plan.rows))):
            parts = [(0, row) for row in stream.take(plan.rows)]
            ids, target, weight, document, sentence = assemble(parts, [self.valid], {0: [0.0] * CODE_S + [1.0, 2.0, 0.0]}, plan.length, self.device)
            _, each, _, _ = self.loss(ids, target, weight, self.make_mask(document), sentence, self.all_kept, self.limit, *self.no_pairs)
            each = each.detach().view_as(weight)
            for value, sums in total.items():
                sums[0] += (each * (weight == value)).sum().item()
                sums[1] += (weight == value).sum().item()
        return {"code_nll": total[1.0][0] / max(1, total[1.0][1]), "doc_nll": total[2.0][0] / max(1, total[2.0][1])}


def train(plan: Plan, until: Path | None = None) -> dict:
    """Runs (or resumes) a plan. `until`: a file with epoch seconds, waited for; the time left till then after compiling
    and loading is the plan's rest."""
    os.environ.setdefault("PYTORCH_CUDA_ALLOC_CONF", "expandable_segments:True")
    trainer = Trainer(plan)
    trainer.warm_up()
    trainer.load_data()
    if until is not None:
        while not until.exists():
            time.sleep(0.2)
        trainer.fit_into(float(until.read_text()))
    return trainer.train()
