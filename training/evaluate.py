"""Step 6: metrics of predictions per language, beside the two baselines, and the confidence thresholds from valid."""

import gzip
import json
import re
from pathlib import Path

import numpy as np

from .gate import VALID, thresholds, trust_of, verdicts_on
from .layout import head_line
from .metrics import METRICS, bleu
from .shards import read_jsonl

SIX = ("go", "java", "javascript", "php", "python", "ruby")
APART = ("mumps", "asm")


def split_name(name: str) -> str:
    """What can be said with no model at all."""
    last = re.split(r"[.:#^]", name)[-1]
    return re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", last).replace("_", " ").replace("%", " ").lower().strip()


def scored(rows: list[dict], texts: dict[int, str], reference: str, metrics=tuple(METRICS)) -> dict[int, dict[str, float]]:
    """The metrics of each text."""
    return {number: {name: METRICS[name](rows[number][reference], text) for name in metrics} for number, text in texts.items()}


def table(rows: list[dict], scores: dict[int, dict[str, float]]) -> dict:
    """Means per language, over all languages (macro), over CodeXGLUE's six and without MUMPS and assembly."""
    by_language: dict[str, list[dict]] = {}
    for number, score in scores.items():
        by_language.setdefault(rows[number]["lang"], []).append(score)
    names = list(next(iter(scores.values())))
    mean = lambda items, name: sum(item[name] for item in items) / len(items)
    languages = {lang: {"n": len(items), **{name: round(mean(items, name), 2) for name in names}} for lang, items in sorted(by_language.items())}

    def macro(chosen) -> dict:
        present = [lang for lang in chosen if lang in languages]
        return {name: round(sum(languages[lang][name] for lang in present) / max(1, len(present)), 2) for name in names}

    return {
        "all": macro(languages), "six": macro(SIX), "modern": macro([lang for lang in languages if lang not in APART]), "languages": languages,
    }


NEAR = 40.0  # BLEU with the reference from which an example counts as a near copy


def read_predictions(files: list[Path]) -> dict[str, dict[int, str]]:
    """Greedy test predictions by system (`mode/policy`, `int8 …` for the shipped file's)."""
    systems: dict[str, dict[int, str]] = {}
    for file in files:
        for line in gzip.open(file, "rt") if file.suffix == ".gz" else open(file):
            row = json.loads(line)
            if row["split"] == "test" and "sample" not in row:
                kind = "int8 " if "int8" in file.name else ""
                systems.setdefault(f"{kind}{row['mode']}/{row['policy']}", {})[row["number"]] = row["text"]
    return systems


def nearest_by_embedding(rows: list[dict], vectors: list[Path], numbers: list[int]) -> dict[int, str]:
    """The comment of the repository's symbol with the nearest vector whose normalized code and comment differ."""
    parts = [np.load(file) for file in vectors]
    order = np.concatenate([part["numbers"] for part in parts])
    codes = np.concatenate([part["codes"] for part in parts]).astype(np.float32)[np.argsort(order)]
    codes /= np.linalg.norm(codes, axis=1, keepdims=True)
    homes: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        homes.setdefault(row["repo"], []).append(number)
    plain = lambda text: re.sub(r"[^\w]+", " ", text.lower()).strip()
    out = {}
    for number in numbers:
        others = np.array(homes[rows[number]["repo"]])
        code, doc = plain(rows[number]["code"]), plain(rows[number]["doc"])
        for other in others[np.argsort(-(codes[others] @ codes[number]), kind="stable")]:
            if other != number and plain(rows[other]["code"]) != code and plain(rows[other]["doc"]) != doc:
                out[number] = rows[other]["doc"]
                break
    return {number: out.get(number, "") for number in numbers}


def evaluate(predictions: list[Path], data: Path, gates: Path | None = None, vectors: list[Path] | None = None) -> dict:
    """One table per system; references as they stood (`ref`) and their first sentence (`ref1`), and without near copies shown.

    `gates` (rows of gates.collect on test) gives the outline producer's lines, `vectors` the neighbour by embedding.
    """
    rows = list(read_jsonl(data / "pairs-test.jsonl.zst"))
    contexts = list(read_jsonl(data / "contexts-test.jsonl.zst"))
    systems = read_predictions(predictions)
    numbers = sorted(max(systems.values(), key=len))
    systems["name split"] = {number: split_name(rows[number]["name"]) for number in numbers}
    systems["nearest by BM25"] = {number: rows[contexts[number][1][0]]["doc"] if contexts[number][1] else "" for number in numbers}
    systems["head line"] = {number: head_line(rows[number]["code"]) for number in numbers}
    if gates:
        lines = {row["number"]: row["outline"] for row in map(json.loads, open(gates))}
        systems["outline"] = {number: (lines.get(number) or split_name(rows[number]["name"])).replace("`", "") for number in numbers}
    if vectors:
        systems["nearest by embedding"] = nearest_by_embedding(rows, vectors, numbers)
    near = {n for n in numbers if any(bleu(rows[n]["ref"], rows[example]["doc"]) >= NEAR for example in contexts[n][1])}
    out = {}
    for name, texts in systems.items():
        scores = scored(rows, texts, "ref")
        far = {number: score for number, score in scores.items() if number not in near}
        out[name] = {"ref": table(rows, scores), "ref1": table(rows, scored(rows, texts, "ref1", ("bleu",))), "far": table(rows, far or scores)}
    return {"pairs": len(numbers), "near": len(near), **out}


def calibrate(gates: Path, reading: Path) -> dict:
    """Thresholds of trust per language, as the readings on valid found them (gate.py), with what they let through.

    `gates`: rows of gates.collect on valid; `reading`: verdicts by people (training/results/reading.jsonl.gz).
    """
    rows = [json.loads(line) for line in open(gates)]
    verdicts = [json.loads(line) for line in gzip.open(reading, "rt")]
    read_on_valid = verdicts_on(verdicts, VALID)
    out = {}
    for language, trust in sorted(thresholds(verdicts).items()):
        own = [row for row in rows if row["lang"] == language]
        shown = [row for row in own if row["reason"] is None and trust_of(row) >= trust]
        read = [row for row in read_on_valid if row["lang"] == language and trust_of(row) >= trust]
        out[language] = {
            "threshold": 1 if trust >= 1 else 0, "trust": trust, "n": len(own), "coverage": round(len(shown) / max(1, len(own)), 2) if trust < 1 else 0.0,
            "read": len(read), "wrong": sum(row["verdict"] == "wrong" for row in read),
        }
    return out
