"""Greedy generation with the trained weights in batches, and the evaluation's protocol: which pairs, which contexts.

A prediction row: split, number (in the prepared file), mode, form policy, text, form, logp (mean natural-log probability
of the sentence's tokens, the end included, the form left out).
"""

import random
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


@torch.no_grad()
def generate(model: LanguageModel, prompts: list[list[int]], policy: str, dtype=torch.bfloat16, max_new: int = MAX_NEW):
    """Greedy texts as token lists, their form tokens and mean log probabilities."""
    device = model.emb.device
    ids, mask = _padded(prompts, device)
    length = ids.size(1)
    hidden, caches = model.prefill(ids, mask, dtype, reserve=max_new + 2)
    mask = F.pad(mask, (0, max_new + 2))
    form = choose_form(model.logits(hidden[:, -1]), policy)
    token, tokens, total = form, [], torch.zeros(len(prompts), device=device)
    count = torch.zeros(len(prompts), device=device)
    done = torch.zeros(len(prompts), dtype=torch.bool, device=device)
    for position in range(length, length + max_new + 1):
        mask[:, position] = True
        logits = model.logits(model.step(token[:, None], caches, mask, position, dtype))
        logits[:, : len(SPECIALS)] = logits[:, : len(SPECIALS)].where(
            torch.arange(len(SPECIALS), device=device) == END, torch.tensor(-1e9, device=device)
        )
        logp, token = F.log_softmax(logits, -1).max(-1)
        total, count = total + logp * ~done, count + ~done
        token = token.where(~done, END)
        tokens.append(token)
        done = done | (token == END)
        if position % 8 == 0 and bool(done.all()):
            break
    columns = torch.stack(tokens, 1).tolist()
    texts = [row[: row.index(END)] if END in row else row for row in columns]
    return texts, form.tolist(), (total / count.clamp_min(1)).tolist()


def predict(model, tokenizer, samples, numbers: list[int], mode: str, policy: str, split: str, batch: int = 256, dtype=torch.bfloat16):
    """Prediction rows for the pairs `numbers`, longest prompts together."""
    order = sorted(numbers, key=lambda number: len(samples[number][CODE_S]))
    rows = []
    for start in range(0, len(order), batch):
        part = order[start : start + batch]
        texts, forms, logps = generate(model, [prompt(samples[number], mode) for number in part], policy, dtype)
        for number, tokens, form, logp in zip(part, texts, forms, logps):
            text = tokenizer.decode(tokens).strip()
            rows.append({"split": split, "number": number, "mode": mode, "policy": policy, "text": text, "form": form, "logp": round(logp, 4)})
    return rows


@torch.no_grad()
def embed(model: LanguageModel, sequences: list[list[int]], batch: int = 128, dtype=torch.bfloat16) -> torch.Tensor:
    """Unit vectors [n, edim] of the last position of each sequence."""
    order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
    out = torch.zeros(len(sequences), model.c.edim)
    for start in range(0, len(order), batch):
        part = order[start : start + batch]
        hidden, _ = model.prefill(*_padded([sequences[i] for i in part], model.emb.device), dtype)
        out[part] = model.embed(hidden[:, -1]).float().cpu()
    return out


def query_sequence(language_token: int, ids: list[int]) -> list[int]:
    return [language_token, QUERY, *ids[:MAX_QUERY], EMB]


def search_scores(model, tokenizer, rows, samples, numbers: list[int], mode: str, dtype=torch.bfloat16) -> dict:
    """Mean reciprocal rank and recall at one: sentence → symbol among the given pairs of one language."""
    docs = encode_texts(tokenizer, [" " + rows[number]["doc"] for number in numbers])
    queries = embed(model, [query_sequence(samples[n][LANG_S][0], ids) for n, ids in zip(numbers, docs)], dtype=dtype)
    codes = embed(model, [prompt(samples[n], mode) for n in numbers], dtype=dtype)
    scores = queries @ codes.T
    rank = (scores >= scores.diagonal()[:, None]).sum(1).float()
    return {"n": len(numbers), "mrr": round((1 / rank).mean().item(), 4), "r1": round((rank <= 1).float().mean().item(), 4)}


def run_protocol(checkpoint: Path, data: Path, out: Path, device="cuda", per_language: int = PER_LANGUAGE, modes=tuple(MODES)) -> None:
    """Writes predictions.jsonl (all modes) and search.json into `out`."""
    import json

    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    tokenizer = load_tokenizer(data / "tokenizer.json")
    model = load_model(checkpoint, device)
    out.mkdir(parents=True, exist_ok=True)
    file = data / "pairs-test.jsonl.zst"
    rows, samples = load_samples(file, tokenizer)
    chosen = select(file, per_language)
    with open(out / "predictions.jsonl", "w") as lines:

        def write(predictions):
            for row in predictions:
                lines.write(json.dumps(row) + "\n")
            lines.flush()

        write(predict(model, tokenizer, samples, chosen, "full", "product", "test", dtype=dtype))
        for mode in modes:
            write(predict(model, tokenizer, samples, chosen, mode, "free", "test", dtype=dtype))
            print("predicted", mode, flush=True)
        valid_file = data / "pairs-valid.jsonl.zst"
        _, valid_samples = load_samples(valid_file, tokenizer)
        write(predict(model, tokenizer, valid_samples, select(valid_file, per_language), "full", "product", "valid", dtype=dtype))
    search = {}
    wide = select(file, 4 * per_language)
    for language in sorted({rows[number]["lang"] for number in wide}):
        numbers = [number for number in wide if rows[number]["lang"] == language]
        search[language] = {mode: search_scores(model, tokenizer, rows, samples, numbers, mode, dtype) for mode in ("none", "full")}
    (out / "search.json").write_text(json.dumps(search))
    print(json.dumps(search), flush=True)
