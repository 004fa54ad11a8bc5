"""Search within one language: sentence → symbol among N candidates of the test split, with the shipped file and with BM25."""

import json
import math
from collections import Counter
from pathlib import Path

import numpy as np

from .encode import encode_texts, load_tokenizer
from .generate import load_samples, prompt, query_sequence, select
from .layout import LANG_S
from .model import Config
from .targets import words_of


def reciprocal(scores: np.ndarray) -> float:
    """Mean reciprocal rank of the diagonal; ties count against it."""
    return float(np.mean(1 / (scores >= scores.diagonal()[:, None]).sum(1)))


def bm25(queries: list[list[str]], documents: list[Counter]) -> np.ndarray:
    """Plain BM25 (1.2, 0.75) over split words; the product's ranking also stems."""
    count, average = len(documents), sum(sum(d.values()) for d in documents) / len(documents)
    spread = Counter(word for document in documents for word in document)
    scores = np.zeros((len(queries), count))
    for at, document in enumerate(documents):
        norm = 1.2 * (0.25 + 0.75 * sum(document.values()) / average)
        for number, query in enumerate(queries):
            for word in set(query) & document.keys():
                idf = math.log(1 + (count - spread[word] + 0.5) / (spread[word] + 0.5))
                scores[number, at] += idf * document[word] * 2.2 / (document[word] + norm)
    return scores


def search(model: Path, description: Path, data: Path, languages: list[str], candidates: int) -> dict:
    """MRR per language: embedding alone (code only), BM25 alone, and their sum at equal spread."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    config = Config(**json.loads(description.read_text())["config"])
    tokenizer = load_tokenizer(description.with_name("tokenizer.json"))
    empty = {f"past_{kind}_{i}": np.zeros((1, config.kv, 0, config.hd), np.float32) for i in range(config.layers) for kind in "kv"}

    def vector(ids: list[int]) -> np.ndarray:
        feeds = {"input_ids": np.array([ids], np.int64), "keep_from": np.array([len(ids) - 1], np.int64), **empty}
        return session.run(["embed"], feeds)[0][0, 0]

    chosen = select(data / "pairs-test.jsonl.zst", candidates)
    rows, samples = load_samples(data / "pairs-test.jsonl.zst", tokenizer, chosen)
    out = {}
    for language in languages:
        numbers = [number for number in chosen if rows[number]["lang"] == language]
        queries = encode_texts(tokenizer, [" " + rows[number]["doc"] for number in numbers])
        asked = np.stack([vector(query_sequence(samples[n][LANG_S][0], ids)) for n, ids in zip(numbers, queries)])
        dense = asked @ np.stack([vector(prompt(samples[n], "none")) for n in numbers]).T
        documents = [Counter(words_of(rows[n]["code"])) for n in numbers]
        for document, number in zip(documents, numbers):
            for word in words_of(rows[number]["name"]):
                document[word] += 2
        lexical = bm25([words_of(rows[n]["doc"]) for n in numbers], documents)
        fused = dense / dense.std() + lexical / lexical.std()
        out[language] = {"n": len(numbers), "embedding": round(reciprocal(dense), 3), "bm25": round(reciprocal(lexical), 3), "sum": round(reciprocal(fused), 3)}
    return out
