"""How well the verifier's scores rank the verdicts of readings 1 to 5 in training/results/reading.jsonl.gz (former weights), alone and beside trust.

`python -m training.trials.readings DATA SCORES`; needs scikit-learn.
"""

import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from training.shards import read_jsonl

EMPTY = set("a an the of to in for and or is are be by with from that this if it its on as at into given returns return".split())


def beginnings(text: str) -> list[str]:
    apart = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text))
    return [word[:4] for word in re.findall(r"[a-z]{4,}", apart.lower())]


def named_share(name: str, text: str) -> float:
    """Which share of the name's longer words the sentence says; 0.5 where there are none."""
    named, said = beginnings(re.split(r"[.:#^]+", name)[-1]), set(beginnings(text))
    return sum(word in said for word in named) / len(named) if named else 0.5


def former_trust(row: dict) -> float:
    """The gate of the weights that these readings are about."""
    return row["fit"] + 0.14 * row["lowest"] + 0.12 * named_share(row["name"], row["output"])


def words(text: str) -> Counter:
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text).lower()
    return Counter(word[:5] for word in re.findall(r"[a-z0-9]+", apart) if word not in EMPTY)


def likeness(left: str, right: str) -> float:
    """F1 of content words."""
    a, b = words(left), words(right)
    return 2 * sum((a & b).values()) / max(1, sum(a.values()) + sum(b.values()))


def main(data: Path, scores: Path) -> None:
    asked = json.loads((data / "evaluate.json").read_text())
    texts = {split: dict((number, said) for number, said in rows) for split, rows in asked.items()}
    verdicts = {}
    for split, rows in json.loads(scores.read_text()).items():
        for number, with_examples, place, whole, *_ in rows:
            verdicts[(split, number, texts[split][number][place], with_examples)] = whole
    rows = {split: list(read_jsonl(data / f"pairs-{split}.jsonl.zst")) for split in ("valid", "test")}
    readings = [json.loads(line) for line in gzip.open("training/results/reading.jsonl.gz", "rt")]
    readings = [row for row in readings if row["reading"] <= 5 and row["producer"] == "model" and row.get("checked", True)]
    for name, chosen in (("all", readings), *((f"reading {n}", [row for row in readings if row["reading"] == n]) for n in (4, 5))):
        right = np.array([row["verdict"] != "wrong" for row in chosen])
        key = lambda row, examples: (row["split"], row["number"], row["output"], examples)
        columns = {
            "trust": [former_trust(row) for row in chosen],
            "verifier": [verdicts[key(row, 1)] for row in chosen],
            "verifier, no examples": [verdicts[key(row, 0)] for row in chosen],
            "likeness to the author's": [likeness(row["output"], rows[row["split"]][row["number"]]["ref1"]) for row in chosen],
        }
        table = np.array(list(columns.values())).T[:, :3]
        both = cross_val_predict(LogisticRegression(C=0.3), (table - table.mean(0)) / table.std(0), right, cv=10, method="predict_proba")[:, 1]
        auc = {column: round(roc_auc_score(right, values), 3) for column, values in columns.items()}
        print(name, len(chosen), {**auc, "trust and verifier": round(roc_auc_score(right, both), 3)})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
