"""What the readings say of the gate: the tables of models/MODEL_CARD.md (Reading, Calibration) from the verdicts and predictions that are kept.

`python -m training.trials.trust` from the repository's root. Where something is fitted, by cross-validation over repositories.
"""

import gzip
import json
from pathlib import Path

import numpy as np

from training.gate import FEATURES, GROUPS, OFF, WEIGHED, logistic, trust_of, verdicts_on
from training.trials.readings import former_trust

RESULTS = Path("training/results")
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1.0)
FOLDS = 8
LANGUAGE_SCALE = 0.5  # the smaller, the more languages are taken to be alike


def lines(name: str) -> list[dict]:
    return [json.loads(line) for line in gzip.open(RESULTS / name, "rt")]


def auc(scores: np.ndarray, wrong: np.ndarray) -> float:
    """Chance that a sentence that is not wrong has the higher score."""
    good, bad = scores[~wrong][:, None], scores[wrong][None]
    return float(((good > bad) + 0.5 * (good == bad)).mean())


def folds(repositories: list[str]) -> np.ndarray:
    """A fold for each row; a repository is in one fold, the largest are dealt out first."""
    names, counts = np.unique(repositories, return_counts=True)
    sizes, fold = [0] * FOLDS, {}
    for at in np.argsort(-counts, kind="stable"):
        least = int(np.argmin(sizes))
        fold[names[at]], sizes[least] = least, sizes[least] + counts[at]
    return np.array([fold[name] for name in repositories])


def cross_validated(inputs: np.ndarray, wrong: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Belief in each row by a curve that was fitted without its repository."""
    scores = np.zeros(len(wrong))
    for number in range(FOLDS):
        learn, judge = fold != number, fold == number
        middle, spread = inputs[learn].mean(0), inputs[learn].std(0) + 1e-9
        with_constant = lambda rows: np.c_[np.ones(len(rows)), (rows - middle) / spread]
        scores[judge] = -with_constant(inputs[judge]) @ logistic(with_constant(inputs[learn]), wrong[learn].astype(float))
    return scores


def interval(wrong: int, of: int) -> tuple[float, float]:
    """Wilson's, 95 %, in percent."""
    share, z = wrong / of, 1.96
    middle, half = share + z * z / 2 / of, z * (share * (1 - share) / of + z * z / 4 / of / of) ** 0.5
    return tuple(round(100 * (middle + sign * half) / (1 + z * z / of), 1) for sign in (-1, 1))


def say(name: str, rows: list[dict]) -> None:
    verdicts = [row["verdict"] for row in rows]
    counts = {verdict: verdicts.count(verdict) for verdict in ("right", "partly", "wrong")}
    if rows:
        print(f"{name}: {len(rows)} {counts}, wrong {100 * counts['wrong'] / len(rows):.1f} %, 95 % {interval(counts['wrong'], len(rows))}")


def gates(readings: list[dict]) -> None:
    lowest = {
        (row["number"], row["text"]): row["lowest"] for row in lines("predictions.jsonl.gz")
        if row["engine"] == "float32" and (row["split"], row["mode"], row["policy"]) == ("valid", "full", "product")
    }
    rows = [{**row, "lowest": lowest[row["number"], row["output"]]} for row in verdicts_on(readings, WEIGHED)]
    wrong, fold = np.array([row["verdict"] == "wrong" for row in rows]), folds([row["repo"] for row in rows])
    column = lambda name: np.array([float(row[name]) for row in rows])
    four = np.array([[row[name] for name in FEATURES] for row in rows], float)
    languages = [language for group in GROUPS for language in group]
    offsets = LANGUAGE_SCALE * np.array([[row["lang"] == language for language in languages] for row in rows], float)
    scores = {
        "confidence": column("total") / column("tokens"), "lowest": column("lowest"), "total": column("total"), "fewer tokens": -column("tokens"),
        "fit": column("fit"), "former trust": np.array([former_trust(row) for row in rows]), "trust": cross_validated(four, wrong, fold),
        "trust, languages": cross_validated(np.c_[four, offsets], wrong, fold),
    }
    print(f"{len(rows)} sentences of {len(set(row['repo'] for row in rows))} repositories, {100 * wrong.mean():.1f} % wrong")
    for name, values in scores.items():
        ordered = wrong[np.argsort(-values, kind="stable")]
        print(f"{name:18} AUC {auc(values, wrong):.3f}", *(f"{share:.0%} {100 * ordered[: int(share * len(ordered))].mean():.0f}" for share in SHARES))


def shown(readings: list[dict]) -> None:
    calibration = json.loads(Path("models/model.json").read_text())["calibration"]
    passes = lambda row: row["lang"] not in OFF and trust_of(row) >= calibration[row["lang"]]["trust"]
    for group in GROUPS:
        own = [row for row in readings if row["lang"] in group]
        of_model = lambda *numbers: [row for row in own if row["reading"] in numbers and row["producer"] in ("model", "int8") and row.get("checked", True)]
        print(", ".join(group))
        say("  shown, test (8 and 10)", [row for row in of_model(8, 10) if passes(row)])
        say("  shown, shipped file (10)", [row for row in of_model(10) if passes(row)])
        say("  shown, valid (7 and 9)", [row for row in of_model(7, 9) if passes(row)])
        for weights in ("first run", "second run"):
            for share in (0.2, 0.5):
                best = [row for row in own if row["reading"] == 6 and row["split"] == "test" and row["weights"] == weights and row["place"] <= share]
                say(f"  {weights}, best {share:.0%} by the former gate, test (6)", best)
    say("just below (8)", [row for row in readings if row["reading"] == 8 and row.get("band") == "held"])
    for producer, numbers in (("model", (9,)), ("outline", (8,)), ("author", (7,)), ("author", (8,)), ("author", (12,)), ("shortened", (9,)), ("codeAlone", (12,))):
        say(f"{producer} {numbers}", [row for row in readings if row["producer"] == producer and row["reading"] in numbers])
    twice = [row for row in readings if row["reading"] >= 6 and "second" in row]
    print("read twice", len(twice), "agree whether wrong", sum((row["verdict"] == "wrong") == (row["second"] == "wrong") for row in twice))


if __name__ == "__main__":
    verdicts = lines("reading.jsonl.gz")
    gates(verdicts)
    shown(verdicts)
