"""Predictions beside what the product would do with them: its own checks, its outline producer, agreement of samples.

`collect` joins greedy predictions (full context, product policy) with their samples and the answers of judge.ts.
"""

import json
import subprocess
from collections import Counter
from pathlib import Path

from .gate import shown_share
from .layout import MAX_CALLEES, MAX_EXAMPLES, head_line
from .metrics import _grams, words
from .shards import read_jsonl


def agreement(texts: list[str]) -> list[float]:
    """Mean F1 of word uni- and bigrams of each text with all others, 0–1: FunCoder's consensus with a cheap likeness."""
    grams = [Counter(_grams(words(text), 2)) for text in texts]
    sizes = [sum(gram.values()) for gram in grams]
    out = []
    for i, gram in enumerate(grams):
        likeness = [2 * sum((gram & other).values()) / max(1, sizes[i] + sizes[j]) for j, other in enumerate(grams) if j != i]
        out.append(sum(likeness) / max(1, len(likeness)))
    return out


def judge_inputs(rows: list[dict], contexts: list, texts: dict[int, str]):
    """Rows for judge.ts, in the product's words."""
    for number, text in texts.items():
        row, (callees, examples) = rows[number], contexts[number]
        yield {
            "id": number, "lang": row["lang"], "name": row["name"], "path": row["path"], "owner": row["cls"], "calls": row["calls"],
            "callees": [{"name": rows[n]["name"], "sentence": rows[n]["doc"]} for n in callees[:MAX_CALLEES]],
            "examples": [{"head": head_line(rows[n]["code"]), "sentence": rows[n]["doc"]} for n in examples[:MAX_EXAMPLES]],
            "code": row["code"], "text": text,
        }


def judge(rows: list[dict], contexts: list, texts: dict[int, str], node: str = "node") -> dict[int, dict]:
    """What judge.ts says, by number."""
    lines = "".join(json.dumps(row) + "\n" for row in judge_inputs(rows, contexts, texts))
    done = subprocess.run([node, "training/judge.ts"], input=lines, capture_output=True, text=True, check=True)
    return {row["id"]: row for row in map(json.loads, done.stdout.splitlines())}


def collect(predictions: list[Path], data: Path, split: str, out: Path, node: str = "node") -> dict:
    """Writes one row per pair: number, lang, name, text, what trust is made of (gate.py), agreement, best (the sample nearest to all), reason, outline."""
    rows, contexts = list(read_jsonl(data / f"pairs-{split}.jsonl.zst")), list(read_jsonl(data / f"contexts-{split}.jsonl.zst"))
    greedy, samples = {}, {}
    for line in (line for file in predictions for line in open(file)):
        row = json.loads(line)
        if row["split"] == split and row["mode"] == "full" and row["policy"] == "product":
            if "sample" in row:
                samples.setdefault(row["number"], []).append(row["text"])
            else:
                greedy[row["number"]] = row
    judged = judge(rows, contexts, {number: row["text"] for number, row in greedy.items()}, node)
    with open(out, "w") as lines:
        for number, row in greedy.items():
            texts = [row["text"], *samples.get(number, [])]
            scores = agreement(texts)
            item = {"number": number, "text": row["text"], "fit": row["fit"], "total": round(row["logp"] * row["tokens"], 3), "tokens": row["tokens"]}
            item["shown"] = round(shown_share(rows[number]["code"], row["text"]), 4)
            item |= {"lang": rows[number]["lang"], "name": rows[number]["name"], "agreement": round(scores[0], 4), "best": texts[max(range(len(texts)), key=scores.__getitem__)]}
            item |= {key: judged.get(number, {}).get(key) for key in ("reason", "outline")}
            lines.write(json.dumps(item) + "\n")
    return {"pairs": len(greedy), "reasons": Counter(row["reason"] for row in judged.values()), "outlines": sum(row["outline"] is not None for row in judged.values())}
