"""Step 6: metrics of predictions per language, beside the two baselines, and the confidence thresholds from valid."""

import gzip
import json
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


LOWEST_WEIGHT = 0.05  # trust = fit + this × the lowest token log probability; see models/FORMAT.md, Gate
TRUST = 0.69
STRICTER = {"java": 0.77, "c": 0.75}
OFF = ("scala", "mumps", "asm")


def calibrate(gates: Path, reading: Path | None = None) -> dict:
    """Thresholds of trust per language, as the readings found them, with what they let through.

    `gates`: rows of gates.collect on valid; `reading`: verdicts by people (training/results/reading.jsonl.gz). The common
    threshold is where at most 5 % of what was read was wrong; languages that missed it alone are stricter or off.
    """
    rows = [json.loads(line) for line in open(gates)]
    verdicts = [json.loads(line) for line in gzip.open(reading, "rt")] if reading else []
    out = {}
    for language in sorted({row["lang"] for row in rows} | set(OFF)):
        own = [row for row in rows if row["lang"] == language]
        trust = 1.0 if language in OFF else STRICTER.get(language, TRUST)
        shown = [row for row in own if row["reason"] is None and trust_of(row) >= trust]
        read = [row for row in verdicts if row["producer"] == "model" and row["lang"] == language and trust_of(row) >= trust]
        out[language] = {
            "threshold": 1 if language in OFF else 0, "trust": trust, "n": len(own), "coverage": round(len(shown) / max(1, len(own)), 2),
            "read": len(read), "wrong": sum(row["verdict"] == "wrong" for row in read),
        }
    return out


def trust_of(row: dict) -> float:
    return row["fit"] + LOWEST_WEIGHT * row["lowest"]
