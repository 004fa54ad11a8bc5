"""The gate: how far a sentence may be believed, and from where on it is shown, as blind readers of valid outputs found it.

trust = fit + 0.0314 × total − 0.0081 × tokens + 0.1068 × shown (models/FORMAT.md, Gate; the counterpart of server/src/model/embedded/trust.ts).
The weights are a logistic regression of wrong against the four over all languages that are on, divided by the weight of fit. The threshold is one
for a group of languages: in cross-validation by repository a language's own offset made it worse (models/MODEL_CARD.md, Calibration).
"""

import math
import re

import numpy as np

FEATURES = ("fit", "total", "tokens", "shown")
WEIGHTS = {"fit": 1.0, "total": 0.0314, "tokens": -0.0081, "shown": 0.1068}
WEIGHED, VALID = (7,), (7, 9)  # numbers of the readings that set the weights, and the thresholds
WRONG_SHOWN = 0.04  # what these readers found wrong of the authors' own comments; a limit met by choice is missed by a little elsewhere
LEAST_SHOWN = 40  # a threshold above which fewer sentences were read is none
GROUPS = (("python", "typescript", "java", "go", "rust", "c", "csharp"), ("javascript", "php", "ruby", "cpp", "kotlin", "swift"))
OFF = ("scala", "mumps", "asm")
BEGINNING = 5
FILLER = frozenset(
    "this that with from into given when then have been will your their which there where what than them they also only some such each other over more most used "
    "uses using return returns returned gets sets whether true false otherwise".split()
)


def beginnings(text: str, least: int = 3) -> list[str]:
    """The first letters of a text's words, camel case and underscores split, of words of `least` letters and more; filler left out."""
    apart = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)).lower()
    return [word[:BEGINNING] for word in re.findall(r"[a-z]+", apart) if len(word) >= least and word not in FILLER]


def shown_share(code: str, text: str) -> float:
    """Which share of the sentence's words of four letters and more the code holds; 0 where it has no such word."""
    said, held = beginnings(text, 4), set(beginnings(code))
    return sum(word in held for word in said) / len(said) if said else 0.0


def trust_of(row: dict) -> float:
    """`row`: fit, total (natural log probability of the whole sentence, its end included), tokens (its end included), shown."""
    return sum(WEIGHTS[name] * row[name] for name in FEATURES)


def verdicts_on(readings: list[dict], numbers: tuple[int, ...]) -> list[dict]:
    """The verdicts of some readings on the model's sentences that pass the product's checks, in languages that are on."""
    return [row for row in readings if row["reading"] in numbers and row["producer"] == "model" and row["lang"] not in OFF]


def weights(readings: list[dict]) -> dict[str, float]:
    """WEIGHTS, found anew from the readings."""
    rows = verdicts_on(readings, WEIGHED)
    inputs = np.array([[row[name] for name in FEATURES] for row in rows], float)
    middle, spread = inputs.mean(0), inputs.std(0)
    found = logistic(np.c_[np.ones(len(rows)), (inputs - middle) / spread], np.array([float(row["verdict"] == "wrong") for row in rows]))
    slopes = -found[1:] / spread
    return {name: round(float(slope / slopes[0]), 4) for name, slope in zip(FEATURES, slopes)}


def thresholds(readings: list[dict]) -> dict[str, float]:
    """Least trust per language: above it no more than `WRONG_SHOWN` of what was read in its group is wrong. Languages that are off get 1."""
    verdicts = verdicts_on(readings, VALID)
    out = {language: 1.0 for language in OFF}
    for group in GROUPS:
        rows = sorted((row for row in verdicts if row["lang"] in group), key=trust_of, reverse=True)
        wrong = np.cumsum([row["verdict"] == "wrong" for row in rows]) / np.arange(1, len(rows) + 1)
        last = max(at for at in range(LEAST_SHOWN, len(rows)) if wrong[at] <= WRONG_SHOWN)
        out |= {language: math.ceil(trust_of(rows[last]) * 1000) / 1000 for language in group}
    return out


def logistic(inputs: np.ndarray, labels: np.ndarray, steps: int = 50) -> np.ndarray:
    """Logistic regression by Newton's steps, with a penalty of one half on the squares of all but the constant."""
    penalty = np.diag([0.0, *[1.0] * (inputs.shape[1] - 1)])
    found = np.zeros(inputs.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-inputs @ found))
        gradient = inputs.T @ (chance - labels) + penalty @ found
        curvature = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + penalty
        found = found - np.linalg.solve(curvature, gradient)
    return found
