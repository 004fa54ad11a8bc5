"""The evaluation's protocol on GPUs with the trained weights, one process per GPU; every process takes its share of the pairs.

Writes predictions-R.jsonl (greedy, then samples) and vectors-R.npz (embeddings as int8 of all test pairs, of their
sentences and of other search material) for rank R.
"""

import json
import os
from pathlib import Path

import numpy as np
import torch

from .encode import encode_texts, load_tokenizer
from .generate import PER_LANGUAGE, embed, load_model, load_samples, predict, prompt, query_sequence, select
from .layout import DOC, LANG_S, code_section, language_id

GREEDY = (
    ("valid", "full", "product"), ("test", "full", "product"), ("test", "full", "free"), ("test", "none", "free"),
    ("test", "class", "free"), ("test", "callees", "free"), ("test", "examples", "free"), ("test", "none", "product"),
)
SAMPLED = ("valid", "test")
TEMPERATURE = 0.7


def _quantized(vectors: torch.Tensor) -> np.ndarray:
    return (vectors * 127).round().to(torch.int8).numpy()


def run_protocol(checkpoint: Path, data: Path, out: Path, per_language: int = PER_LANGUAGE, samples_each: int = 4) -> None:
    """`data` holds prepared pairs and, optionally, search.jsonl with rows {lang, text, kind: code|query}."""
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    device = f"cuda:{rank}" if torch.cuda.is_available() else "cpu"
    torch.set_float32_matmul_precision("high")
    tokenizer, model = load_tokenizer(data / "tokenizer.json"), load_model(checkpoint, device)
    out.mkdir(parents=True, exist_ok=True)
    rows, samples, chosen = {}, {}, {}
    for split in ("valid", "test"):
        file = data / f"pairs-{split}.jsonl.zst"
        numbers = select(file, per_language)[rank::world]
        rows[split], samples[split] = load_samples(file, tokenizer, None if split == "test" else numbers)
        chosen[split] = numbers
    with open(out / f"predictions-{rank}.jsonl", "w") as lines:

        def write(predictions: list[dict], what: str) -> None:
            lines.writelines(json.dumps(row) + "\n" for row in predictions)
            lines.flush()
            print(rank, what, len(predictions), flush=True)

        for split, mode, policy in GREEDY:
            write(predict(model, tokenizer, samples[split], chosen[split], mode, policy, split, torch.float32), f"{split}/{mode}/{policy}")
        _write_vectors(model, tokenizer, rows["test"], samples["test"], data, out / f"vectors-{rank}.npz", rank, world)
        for seed in range(1, samples_each + 1):
            for split in SAMPLED:
                write(predict(model, tokenizer, samples[split], chosen[split], "full", "product", split, torch.bfloat16, TEMPERATURE, seed), f"sample {seed}")


def _write_vectors(model, tokenizer, rows: list[dict], samples: dict, data: Path, out: Path, rank: int, world: int) -> None:
    numbers = list(range(len(rows)))[rank::world]
    sentences = encode_texts(tokenizer, [" " + rows[number]["doc"] for number in numbers])
    arrays = {
        "numbers": np.array(numbers),
        "codes": _quantized(embed(model, [prompt(samples[number], "none") for number in numbers])),
        "sentences": _quantized(embed(model, [query_sequence(samples[n][LANG_S][0], ids) for n, ids in zip(numbers, sentences)])),
    }
    extra = data / "search.jsonl"
    if extra.exists():
        items = [json.loads(line) for line in open(extra)][rank::world]
        texts = encode_texts(tokenizer, [item["text"] if item["kind"] == "code" else " " + item["text"] for item in items])
        sequences = [
            [language_id(item["lang"]), *code_section(ids), DOC] if item["kind"] == "code" else query_sequence(language_id(item["lang"]), ids)
            for item, ids in zip(items, texts)
        ]
        arrays["extra"] = _quantized(embed(model, sequences))
    np.savez(out, **arrays)
    print(rank, "vectors", flush=True)
