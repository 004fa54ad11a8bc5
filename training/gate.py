"""The gate's trust, and its thresholds per language from what was read on valid.

trust = fit + 0.14 × lowest + 0.12 × named (models/FORMAT.md, Gate; the counterpart of server/src/model/embedded/trust.ts). A logistic
curve of wrong against trust with a shrunken offset per language gives, for each language, the trust at which one sentence in ten is
wrong; of all that lies above it, one in twenty was, in cross-validation. Verdicts of the model's own trainer count half.
"""

import math
import re

import numpy as np

LOWEST_WEIGHT, NAMED_WEIGHT = 0.14, 0.12
WRONG_AT_THRESHOLD = 0.10
LANGUAGE_WEIGHT = 0.5  # the smaller, the more languages are alike
OWN_READING_WEIGHT = 0.5
TRAINERS, VALID = 2, (2, 4)  # numbers of readings
OFF = ("scala", "mumps", "asm")
MIDDLE, SPREAD = 0.65, 0.13  # of trust over the valid outputs, so that the penalty means the same for the slope


def beginnings(text: str) -> list[str]:
    apart = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text))
    return [word[:4] for word in re.findall(r"[a-z]{4,}", apart.lower())]


def named_share(name: str, text: str) -> float:
    """Which share of the name's longer words the sentence says; 0.5 where there are none."""
    named, said = beginnings(re.split(r"[.:#^]+", name)[-1]), set(beginnings(text))
    return sum(word in said for word in named) / len(named) if named else 0.5


def trust_of(name: str, text: str, fit: float, lowest: float) -> float:
    return fit + LOWEST_WEIGHT * lowest + NAMED_WEIGHT * named_share(name, text)


def trust_of_reading(row: dict) -> float:
    return trust_of(row["name"], row["output"], row["fit"], row["lowest"])


def thresholds(readings: list[dict]) -> dict[str, float]:
    """Least trust per language; `readings`: rows of training/results/reading.jsonl.gz. Languages that are off get 1."""
    rows = [row for row in readings if row["reading"] in VALID and row["producer"] == "model" and row["lang"] not in OFF and row.get("checked", True)]
    languages = sorted({row["lang"] for row in rows})
    inputs = np.array([[1.0, (trust_of_reading(row) - MIDDLE) / SPREAD, *(LANGUAGE_WEIGHT * (row["lang"] == language) for language in languages)] for row in rows])
    wrong = np.array([float(row["verdict"] == "wrong") for row in rows])
    weights = np.array([OWN_READING_WEIGHT if row["reading"] == TRAINERS else 1.0 for row in rows])
    start, slope, *offsets = _logistic(inputs, wrong, weights)
    logit = math.log(WRONG_AT_THRESHOLD / (1 - WRONG_AT_THRESHOLD))
    out = {language: round(float(MIDDLE + SPREAD * (logit - start - LANGUAGE_WEIGHT * offset) / slope), 2) for language, offset in zip(languages, offsets)}
    return {**out, **{language: 1.0 for language in OFF}}


def _logistic(inputs: np.ndarray, labels: np.ndarray, weights: np.ndarray, steps: int = 50) -> np.ndarray:
    """Weighted logistic regression by Newton's steps, with a penalty of one half on the squares of all but the constant."""
    penalty = np.diag([0.0, *[1.0] * (inputs.shape[1] - 1)])
    found = np.zeros(inputs.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-inputs @ found))
        gradient = inputs.T @ (weights * (chance - labels)) + penalty @ found
        curvature = (inputs * (weights * chance * (1 - chance))[:, None]).T @ inputs + penalty
        found = found - np.linalg.solve(curvature, gradient)
    return found
