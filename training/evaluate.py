"""Step 6: metrics of predictions per language, beside the two baselines, and the confidence thresholds from valid."""

import json
import math
import re
from pathlib import Path

from .layout import head_line
from .metrics import METRICS, bleu
from .shards import read_jsonl

SIX = ("go", "java", "javascript", "php", "python", "ruby")
APART = ("mumps", "asm")


def split_name(name: str) -> str:
    """What can be said with no model at all."""
    last = re.split(r"[.:#^]", name)[-1]
    return re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", last).replace("_", " ").replace("%", " ").lower().strip()


def table(rows: list[dict], texts: dict[int, str], reference: str) -> dict:
    """Means per language, over all languages (macro), over CodeXGLUE's six and without MUMPS and assembly."""
    scores: dict[str, list[dict]] = {}
    for number, text in texts.items():
        row = rows[number]
        scores.setdefault(row["lang"], []).append({name: metric(row[reference], text) for name, metric in METRICS.items()})
    mean = lambda items, name: sum(item[name] for item in items) / len(items)
    languages = {lang: {"n": len(items), **{name: round(mean(items, name), 2) for name in METRICS}} for lang, items in sorted(scores.items())}

    def macro(chosen) -> dict:
        present = [lang for lang in chosen if lang in languages]
        return {name: round(sum(languages[lang][name] for lang in present) / max(1, len(present)), 2) for name in METRICS}

    return {
        "all": macro(languages), "six": macro(SIX), "modern": macro([lang for lang in languages if lang not in APART]), "languages": languages,
    }


def evaluate(predictions: Path, data: Path) -> dict:
    """One table per system; references as they stood (`ref`) and their first sentence (`ref1`)."""
    rows = list(read_jsonl(data / "pairs-test.jsonl.zst"))
    contexts = list(read_jsonl(data / "contexts-test.jsonl.zst"))
    systems: dict[str, dict[int, str]] = {}
    for line in open(predictions):
        row = json.loads(line)
        if row["split"] == "test":
            systems.setdefault(f"{row['mode']}/{row['policy']}", {})[row["number"]] = row["text"]
    numbers = sorted(max(systems.values(), key=len))
    systems["name split"] = {number: split_name(rows[number]["name"]) for number in numbers}
    systems["nearest by BM25"] = {number: rows[contexts[number][1][0]]["doc"] if contexts[number][1] else "" for number in numbers}
    systems["head line"] = {number: head_line(rows[number]["code"]) for number in numbers}
    return {name: {ref: table(rows, texts, ref) for ref in ("ref", "ref1")} for name, texts in systems.items()}


def calibrate(predictions: Path, data: Path, good: float = 20.0) -> dict:
    """Per language, from valid: deciles of confidence (geometric mean token probability) with their mean BLEU.

    A placeholder until a reading of outputs sets thresholds: `threshold` is the lowest decile edge above which mean BLEU
    reaches `good`, else 1 (never shown); `coverage` the fraction of valid outputs at or above it.
    """
    rows = list(read_jsonl(data / "pairs-valid.jsonl.zst"))
    found: dict[str, list[tuple[float, float]]] = {}
    for line in open(predictions):
        row = json.loads(line)
        if row["split"] == "valid" and row["mode"] == "full" and row["policy"] == "product":
            pair = rows[row["number"]]
            found.setdefault(pair["lang"], []).append((math.exp(row["logp"]), bleu(pair["ref1"], row["text"])))
    out = {}
    for language, items in sorted(found.items()):
        items.sort(reverse=True)
        threshold, coverage = 1.0, 0.0
        for tenth in range(1, 11):
            top = items[: max(1, round(len(items) * tenth / 10))]
            if sum(score for _, score in top) / len(top) >= good:
                threshold, coverage = round(top[-1][0], 4), round(len(top) / len(items), 2)
        edges = [round(items[min(len(items) - 1, len(items) * tenth // 10)][0], 4) for tenth in range(10)]
        out[language] = {"n": len(items), "threshold": threshold, "coverage": coverage, "deciles": edges}
    for language in {row["lang"] for row in read_jsonl(data / "pairs-test.jsonl.zst")} - out.keys():
        out[language] = {"n": 0, "threshold": 1.0, "coverage": 0.0, "deciles": []}  # nothing to calibrate on: never shown
    return out
