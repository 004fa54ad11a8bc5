"""Search with the vectors of protocol.py: sentence → symbol among up to 1,000 test candidates of one language or repository,
and web queries → function on CoSQA. BM25 is the product's (lexical.ts); fused = cosine + weight × BM25 / best BM25, as the
product fuses, the weight chosen on CoSQA's dev queries or on nothing else.
"""

import json
import random
import re
import subprocess
from pathlib import Path

import numpy as np

from .generate import SEED
from .shards import read_jsonl

WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0)
PRODUCT_WEIGHT = 0.2


def reciprocal(scores: np.ndarray, gold: np.ndarray) -> float:
    """Mean reciprocal rank; ties count against the right answer."""
    own = scores[np.arange(len(gold)), gold][:, None]
    return float(np.mean(1 / (scores >= own).sum(1)))


def lexical(names: list[str], codes: list[str], queries: list[str], node: str) -> np.ndarray:
    """The product's BM25 [queries, documents], each query's best score 1."""
    documents = [{"name": name, "code": code} for name, code in zip(names, codes)]
    done = subprocess.run(
        [node, "training/lexical.ts"], input=json.dumps({"documents": documents, "queries": queries}), capture_output=True, text=True, check=True
    )
    scores = np.zeros((len(queries), len(codes)), np.float32)
    for row, line in zip(scores, done.stdout.splitlines()):
        ranked = json.loads(line)
        for document, score in ranked:
            row[document] = score / ranked[0][1]
    return scores


def read_vectors(files: list[Path], name: str) -> np.ndarray:
    """Rows of all ranks in their first order, as unit vectors."""
    parts = [np.load(file) for file in files]
    out = np.zeros((sum(len(part[name]) for part in parts), parts[0][name].shape[1]), np.float32)
    for rank, part in enumerate(parts):
        out[rank :: len(parts)] = part[name]
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)


def cosqa(items: list[dict], vectors: np.ndarray, node: str) -> dict:
    """MRR on dev and test with functions that stand in the training pairs left out; the weight is dev's best."""
    codes = [at for at, item in enumerate(items) if item["kind"] == "code" and not item["trained"]]
    place = {items[at]["id"]: position for position, at in enumerate(codes)}
    names = [match.group(1) if (match := re.search(r"def\s+(\w+)", items[at]["text"])) else "" for at in codes]
    out: dict = {"candidates": len(codes)}
    weight = 0.0
    for split in ("dev", "test"):
        asked = [at for at, item in enumerate(items) if item["kind"] == "query" and item["split"] == split and item["relevant"][0] in place]
        gold = np.array([place[items[at]["relevant"][0]] for at in asked])
        cosine = vectors[asked] @ vectors[codes].T
        words = lexical(names, [items[at]["text"] for at in codes], [items[at]["text"] for at in asked], node)
        fused = {w: reciprocal(cosine + w * words, gold) for w in WEIGHTS}
        weight = max(fused, key=fused.get) if split == "dev" else weight
        out[split] = {
            "queries": len(asked), "embedding": round(reciprocal(cosine, gold), 3), "bm25": round(reciprocal(words, gold), 3),
            "weight": weight, "fused": round(fused[weight], 3), "product weight": round(fused[PRODUCT_WEIGHT], 3),
        }
    return out


def within(rows: list[dict], codes: np.ndarray, sentences: np.ndarray, numbers: list[int], node: str) -> dict:
    """MRR sentence → symbol among `numbers`; the fusion's weight is the product's."""
    cosine = sentences[numbers] @ codes[numbers].T
    words = lexical([rows[n]["name"] for n in numbers], [rows[n]["code"] for n in numbers], [rows[n]["doc"] for n in numbers], node)
    gold = np.arange(len(numbers))
    return {
        "n": len(numbers), "embedding": round(reciprocal(cosine, gold), 3), "bm25": round(reciprocal(words, gold), 3),
        "fused": round(reciprocal(cosine + PRODUCT_WEIGHT * words, gold), 3),
    }


def search(data: Path, proto: Path, web: Path, candidates: int = 1000, node: str = "node") -> dict:
    """CoSQA (where its items are there), and per language its largest test repository and a seeded draw of all."""
    rows = list(read_jsonl(data / "pairs-test.jsonl.zst"))
    files = sorted(proto.glob("vectors-*.npz"))
    codes, sentences = read_vectors(files, "codes"), read_vectors(files, "sentences")
    out: dict = {"cosqa": cosqa([json.loads(line) for line in open(web)], read_vectors(files, "extra"), node)} if web.exists() else {}
    for language in sorted({row["lang"] for row in rows}):
        own = [number for number, row in enumerate(rows) if row["lang"] == language]
        homes: dict[str, list[int]] = {}
        for number in own:
            homes.setdefault(rows[number]["repo"], []).append(number)
        repository = max(homes, key=lambda name: len(homes[name]))
        draw = lambda numbers: random.Random(SEED).sample(numbers, min(candidates, len(numbers)))
        out[language] = {
            "all": within(rows, codes, sentences, draw(own), node),
            "repository": {"name": repository, **within(rows, codes, sentences, draw(homes[repository]), node)},
        }
    return out
