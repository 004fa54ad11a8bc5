"""Greedy generation with the trained weights in batches, and the evaluation's protocol: which pairs, which contexts.

A prediction row: split, number (in the prepared file), mode, form policy, text, form, logp (mean natural-log probability
of the sentence's tokens, the end included, the form left out), tokens (their number, the end included).
"""

import random
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from .encode import encode_pairs, encode_texts, load_tokenizer
from .layout import (
    CALLEES_S, CALLS_S, CLS_S, CODE_S, DO, DOC, DOES, EMB, END, EX1_S, EX2_S, IS, LANG_S, MAX_QUERY, PAD, PATH_S, QUERY,
    SPECIALS,
)
from .model import Config, LanguageModel
from .shards import read_jsonl

ALL = (LANG_S, PATH_S, CLS_S, CALLS_S, CALLEES_S, EX1_S, EX2_S, CODE_S)
CLASS, CALLEES, EXAMPLES = (PATH_S, CLS_S), (CALLS_S, CALLEES_S), (EX1_S, EX2_S)
MODES = {
    "full": ALL,
    "none": (LANG_S, CODE_S),
    "class": (LANG_S, *CLASS, CODE_S),
    "names": (LANG_S, CALLS_S, CODE_S),
    "callees": (LANG_S, *CALLEES, CODE_S),
    "examples": (LANG_S, *EXAMPLES, CODE_S),
    "noclass": tuple(s for s in ALL if s not in CLASS),
    "nocallees": tuple(s for s in ALL if s not in CALLEES),
    "noexamples": tuple(s for s in ALL if s not in EXAMPLES),
}
MAX_NEW = 48
PER_LANGUAGE = 250
SEED = 7


def load_model(checkpoint: Path, device) -> LanguageModel:
    state = torch.load(checkpoint, map_location=device, weights_only=True)
    model = LanguageModel(Config(**state["config"])).to(device)
    model.load_state_dict(state["model"])
    return model.eval()


def select(file: Path, per_language: int = PER_LANGUAGE, seed: int = SEED) -> list[int]:
    """The protocol's pairs: numbers of the first `per_language` of each language in a seeded order."""
    languages = [row["lang"] for row in read_jsonl(file)]
    order = list(range(len(languages)))
    random.Random(seed).shuffle(order)
    taken: dict[str, int] = {}
    chosen = []
    for number in order:
        language = languages[number]
        if taken.get(language, 0) < per_language:
            taken[language] = taken.get(language, 0) + 1
            chosen.append(number)
    return chosen


def load_samples(file: Path, tokenizer: Tokenizer, numbers: list[int] | None = None) -> tuple[list[dict], dict[int, list]]:
    """The prepared rows, and the encoded sections of those asked for (all by default) by number."""
    rows = list(read_jsonl(file))
    contexts = list(read_jsonl(file.with_name(file.name.replace("pairs-", "contexts-"))))
    numbers = list(range(len(rows))) if numbers is None else numbers
    needed = sorted({*numbers, *(other for number in numbers for part in contexts[number] for other in part)})
    at = {number: position for position, number in enumerate(needed)}
    local = [[[at[other] for other in part if other in at] for part in contexts[number]] for number in needed]
    samples = encode_pairs(tokenizer, [rows[number] for number in needed], local)
    return rows, {number: samples[at[number]] for number in numbers}


def prompt(sample: list[list[int]], mode: str) -> list[int]:
    return [token for section in MODES[mode] for token in sample[section]] + [DOC]


def _padded(sequences: list[list[int]], device, multiple: int = 32):
    length = -(-max(map(len, sequences)) // multiple) * multiple
    ids = torch.full((len(sequences), length), PAD)
    mask = torch.zeros(len(sequences), length, dtype=torch.bool)
    for row, sequence in enumerate(sequences):
        ids[row, length - len(sequence):] = torch.tensor(sequence)
        mask[row, length - len(sequence):] = True
    return ids.to(device), mask.to(device)


def choose_form(logits: torch.Tensor, policy: str) -> torch.Tensor:
    """`free`: the model's own choice. `product`: one voice; an imperative sentence is said in the third person."""
    chance = F.softmax(logits[:, [DOES, DO, IS]], -1)
    forms = torch.tensor([DOES, DO, IS], device=logits.device)
    if policy == "free":
        return forms[chance.argmax(-1)]
    return torch.where(chance[:, 2] > chance[:, 0] + chance[:, 1], IS, DOES)


@dataclass(frozen=True)
class Generated:
    """One sentence: token ids, form token, mean and lowest log probability of its tokens, and the code's embedding."""

    tokens: list[int]
    form: int
    logp: float
    lowest: float
    code: torch.Tensor


@torch.no_grad()
def generate(
    model: LanguageModel, prompts: list[list[int]], policy: str, dtype=torch.bfloat16, max_new: int = MAX_NEW,
    temperature: float = 0.0, generator: torch.Generator | None = None,
) -> list[Generated]:
    """Greedy sentences, or sampled ones at a `temperature` above 0; log probabilities are always at temperature 1."""
    device = model.emb.device
    ids, mask = _padded(prompts, device)
    length = ids.size(1)
    hidden, caches = model.prefill(ids, mask, dtype, reserve=max_new + 2)
    code = model.embed(hidden[:, -1]).float().cpu()
    mask = F.pad(mask, (0, max_new + 2))
    form = choose_form(model.logits(hidden[:, -1]), policy)
    allowed = torch.arange(model.c.vocab, device=device) >= len(SPECIALS)
    allowed[END] = True
    token, tokens, total = form, [], torch.zeros(len(prompts), device=device)
    count, lowest = torch.zeros_like(total), torch.zeros_like(total)
    done = torch.zeros(len(prompts), dtype=torch.bool, device=device)
    for position in range(length, length + max_new + 1):
        mask[:, position] = True
        logits = model.logits(model.step(token[:, None], caches, mask, position, dtype)).masked_fill(~allowed, -1e9)
        if temperature > 0:
            token = torch.multinomial(F.softmax(logits / temperature, -1), 1, generator=generator)[:, 0]
        else:
            token = logits.argmax(-1)
        logp = F.log_softmax(logits, -1).gather(1, token[:, None])[:, 0]
        total, count = total + logp * ~done, count + ~done
        lowest = torch.where(done, lowest, torch.minimum(lowest, logp))
        token = token.where(~done, END)
        tokens.append(token)
        done = done | (token == END)
        if position % 8 == 0 and bool(done.all()):
            break
    columns = torch.stack(tokens, 1).tolist()
    means = (total / count.clamp_min(1)).tolist()
    return [
        Generated(row[: row.index(END)] if END in row else row, *rest)
        for row, *rest in zip(columns, form.tolist(), means, lowest.tolist(), code)
    ]


def batches(lengths: list[int], area: float = 8e7, limit: int = 384) -> list[list[int]]:
    """Positions grouped by length so that rows × length² stays below `area` (what attention holds)."""
    out: list[list[int]] = []
    for position in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        size = min(limit, int(area / (lengths[position] + 64) ** 2))
        if not out or len(out[-1]) >= size:
            out.append([])
        out[-1].append(position)
    return out


def predict(model, tokenizer, samples, numbers: list[int], mode: str, policy: str, split: str, dtype=torch.bfloat16, temperature: float = 0.0, seed: int = 0):
    """Prediction rows for the pairs `numbers`; `fit` is the dot product of the code's and the sentence's embedding."""
    prompts = [prompt(samples[number], mode) for number in numbers]
    generator = torch.Generator(model.emb.device).manual_seed(seed)
    rows = []
    for part in batches([len(ids) for ids in prompts]):
        found = generate(model, [prompts[i] for i in part], policy, dtype, temperature=temperature, generator=generator)
        texts = [tokenizer.decode(one.tokens).strip() for one in found]
        queries = [query_sequence(samples[numbers[i]][LANG_S][0], ids) for i, ids in zip(part, encode_texts(tokenizer, [" " + text for text in texts]))]
        fits = (embed(model, queries, dtype=dtype) * torch.stack([one.code for one in found])).sum(1).tolist()
        for i, one, text, fit in zip(part, found, texts, fits):
            rows.append({
                "split": split, "number": numbers[i], "mode": mode, "policy": policy, "text": text, "form": one.form,
                "logp": round(one.logp, 4), "tokens": len(one.tokens) + 1, "lowest": round(one.lowest, 3), "fit": round(fit, 4),
                **({"sample": seed} if temperature > 0 else {}),
            })
    return rows


@torch.no_grad()
def embed(model: LanguageModel, sequences: list[list[int]], dtype=torch.bfloat16) -> torch.Tensor:
    """Unit vectors [n, edim] of the last position of each sequence."""
    out = torch.zeros(len(sequences), model.c.edim)
    for part in batches([len(sequence) for sequence in sequences]):
        hidden, _ = model.prefill(*_padded([sequences[i] for i in part], model.emb.device), dtype)
        out[part] = model.embed(hidden[:, -1]).float().cpu()
    return out


def query_sequence(language_token: int, ids: list[int]) -> list[int]:
    return [language_token, QUERY, *ids[:MAX_QUERY], EMB]
