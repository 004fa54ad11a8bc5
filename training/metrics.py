"""BLEU-4 as CodeXGLUE smooths it, ROUGE-L, METEOR without synonyms, chrF. All per sentence, 0–100; a corpus is their mean."""

import math
import re
import sys

_BEFORE = [(re.compile(p), r) for p, r in [("<skipped>", ""), (r"-\n", ""), (r"\n", " ")]]
_AFTER = [
    (re.compile(p), r)
    for p, r in [
        (r"([\{-\~\[-\` -\&\(-\+\:-\@\/])", r" \1 "), (r"([^0-9])([\.,])", r"\1 \2 "),
        (r"([\.,])([^0-9])", r" \1 \2"), (r"([0-9])(-)", r"\1 \2 "),
    ]
]


def words(text: str) -> list[str]:
    """CodeXGLUE's tokens: words and punctuation apart, NIST normalization, lower case."""
    text = " ".join(re.findall(r"[\w]+|[^\s\w]", text.strip().lower()))
    for pattern, replacement in _BEFORE:
        text = pattern.sub(replacement, text)
    for entity, character in (("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    text = f" {text} "
    for pattern, replacement in _AFTER:
        text = pattern.sub(replacement, text)
    return text.split()


def _grams(tokens: list, longest: int) -> dict:
    counts: dict[tuple, int] = {}
    for size in range(1, longest + 1):
        for start in range(len(tokens) - size + 1):
            gram = tuple(tokens[start : start + size])
            counts[gram] = counts.get(gram, 0) + 1
    return counts


def bleu(reference: str, text: str) -> float:
    """Smoothed sentence BLEU-4 of CodeXGLUE's bleu.py (add one from bigrams on; lengths plus one in the penalty)."""
    ref, hyp = words(reference), words(text)
    known = _grams(ref, 4)
    correct = [0] * 4
    for gram, count in _grams(hyp, 4).items():
        correct[len(gram) - 1] += min(known.get(gram, 0), count)
    total = 0.0
    for size in range(4):
        add = 1 if size else 0
        guesses = max(len(hyp) - size, 0)
        total += math.log(correct[size] + add + sys.float_info.min) - math.log(guesses + add + sys.float_info.min)
    return 100 * math.exp(total / 4 + min(0, 1 - (len(ref) + 1) / (len(hyp) + 1)))


def rouge_l(reference: str, text: str) -> float:
    """F1 of the longest common subsequence of words."""
    ref, hyp = words(reference), words(text)
    row = [0] * (len(hyp) + 1)
    for token in ref:
        new = [0]
        for at, other in enumerate(hyp):
            new.append(row[at] + 1 if token == other else max(row[at + 1], new[at]))
        row = new
    common = row[-1]
    return 200 * common / (len(ref) + len(hyp)) if common else 0.0


def _stem(word: str) -> str:
    for suffix in ("ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word


def meteor(reference: str, text: str) -> float:
    """METEOR (Banerjee & Lavie) with exact and stem matches, alpha .9, beta 3, gamma .5; no synonyms."""
    ref, hyp = [_stem(w) for w in words(reference)], [_stem(w) for w in words(text)]
    free: dict[str, list[int]] = {}
    for at, word in enumerate(ref):
        free.setdefault(word, []).append(at)
    matched = []
    for at, word in enumerate(hyp):
        if free.get(word):
            follow = matched[-1][1] + 1 if matched and matched[-1][0] == at - 1 else -1
            choice = follow if follow in free[word] else free[word][0]
            free[word].remove(choice)
            matched.append((at, choice))
    if not matched:
        return 0.0
    precision, recall = len(matched) / len(hyp), len(matched) / len(ref)
    chunks = 1 + sum(1 for a, b in zip(matched, matched[1:]) if b[0] != a[0] + 1 or b[1] != a[1] + 1)
    mean = precision * recall / (0.9 * precision + 0.1 * recall)
    return 100 * mean * (1 - 0.5 * (chunks / len(matched)) ** 3)


def chrf(reference: str, text: str, longest: int = 6, beta: float = 2.0) -> float:
    """chrF2: character n-grams up to six, white space left out."""
    ref, hyp = list("".join(reference.split())), list("".join(text.split()))
    scores = []
    known, said = _grams(ref, longest), _grams(hyp, longest)
    for size in range(1, longest + 1):
        expected, given = max(len(ref) - size + 1, 0), max(len(hyp) - size + 1, 0)
        if not expected or not given:
            continue
        common = sum(min(count, known.get(gram, 0)) for gram, count in said.items() if len(gram) == size)
        p, r = common / given, common / expected
        scores.append((1 + beta**2) * p * r / (beta**2 * p + r) if common else 0.0)
    return 100 * sum(scores) / len(scores) if scores else 0.0


METRICS = {"bleu": bleu, "rougeL": rouge_l, "meteor": meteor, "chrf": chrf}
