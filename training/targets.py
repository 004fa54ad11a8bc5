"""Cleaning of target sentences: one sentence, its form named, no echo of the symbol's own name."""

import re
from collections import Counter
from collections.abc import Iterable

STOP = frozenset(
    "a an the this that of to in on for from with by and or is are be it its as at into given specified current new "
    "function method class routine object value values instance struct interface type".split()
)
NO_VERB = frozenset("this his its is was has does as class process access address less unless always perhaps".split())
_SUBJECT = re.compile(
    r"^(?:this|the)\s+(?:\w+\s+)?(?:function|method|class|routine|interface|struct|procedure|subroutine|macro|helper|"
    r"module|constructor|property|callback)\s+(?:is used to|is responsible for|will|can be used to|is called to|simply)?\s*"
    r"(?P<rest>[a-z]+\b.*)$",
    re.I | re.S,
)
_PROMPT = re.compile(r"^(?:enter|select|choose|type|press|answer|do you|are you|is this|would you|please)\b|\?\s*\.?$|:\s*\.?$", re.I)
_IDENTIFIER = re.compile(r"\b(?:[A-Za-z]+_\w+|[a-z]+[A-Z]\w*|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)\b")
_SITE = re.compile(
    r"\b(?:protocol|patch|option|namespace|v\.?\s*\d|[A-Z]{2,5}\*\d|dbia|\bia ?#|icr|entry point|called (?:from|by)|sac exempt|"
    r"pre-?init|post-?init|ver(?:sion)?\s*\d)",
    re.I,
)


def words_of(text: str) -> list[str]:
    """Lower-case words; camelCase and snake_case are split."""
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    return [word.lower() for word in re.findall(r"[A-Za-z]+|\d+", text)]


def third_person(verb: str) -> str:
    """`parse` → `parses`, `copy` → `copies`, `push` → `pushes`. Lower case in, lower case out."""
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if re.search(r"(?:s|x|z|ch|sh|o)$", verb) else "s")


def mine_verbs(sentences: Iterable[str], least: int = 12) -> dict[str, str]:
    """Verbs that open sentences in both forms, as third person → base form. Learned from the training split alone."""
    first = Counter(match.group().lower() for text in sentences if (match := re.match(r"[A-Za-z]+", text)))
    verbs = {}
    for word, count in first.items():
        third = third_person(word)
        if count >= least and first[third] >= least and word not in NO_VERB and third not in NO_VERB:
            verbs[third] = word
    return verbs


def form_of(sentence: str, verbs: dict[str, str], bases: frozenset[str]) -> str:
    """`does` (Returns …), `do` (Return …) or `is` (a noun phrase or anything else)."""
    match = re.match(r"[A-Za-z]+", sentence)
    word = match.group().lower() if match else ""
    if word in verbs:
        return "does"
    return "do" if word in bases else "is"


def clean_sentence(row: dict, verbs: dict[str, str], bases: frozenset[str]) -> str | None:
    """The cleaned first sentence, or None when nothing of use is left."""
    text = " ".join((row.get("doc1") or row["doc"]).split())
    name = re.split(r"[.:#]", row.get("name") or "")[-1]
    if name and re.match(rf"{re.escape(name)}\b(?!\s*[=(])", text):
        rest = text[len(name):].lstrip(" -:,")
        rest = re.sub(r"^(?:is|are|will)\s+(?=an?\b|the\b)", "", rest)
        if len(rest.split()) >= 3:
            text = rest
    match = _SUBJECT.match(text)
    if match:
        word = re.match(r"[A-Za-z]+", match["rest"]).group().lower()
        if word in verbs or word in bases:
            text = match["rest"]
    text = text.strip(" -*;")
    if len(text.split()) < 3 or len(text.split()) > 40 or len(text) > 320:
        return None
    return text[0].upper() + text[1:]


def echoes_name(row: dict, sentence: str) -> bool:
    """Whether the sentence says nothing beyond the words of the name."""
    name = {word.rstrip("s") for word in words_of(row.get("name") or "")}
    said = {word.rstrip("s") for word in words_of(sentence) if word not in STOP}
    return bool(said) and said <= name


def bad_mumps_title(sentence: str) -> bool:
    """Prompts, protocol and patch titles and fragments: MUMPS comments that describe no code."""
    words = sentence.split()
    return len(words) < 4 or bool(_PROMPT.search(sentence)) or bool(_SITE.search(sentence))


def grounding(sentence: str, source: str) -> float:
    """Weight of a pair: less when the sentence names what its source does not hold, or shares hardly a word with it."""
    low = source.lower()
    weight = 0.4 if any(name.lower() not in low for name in _IDENTIFIER.findall(sentence)) else 1.0
    have = words_of(source)
    starts, whole = {word[:5] for word in have}, set(have)
    said = [word for word in words_of(sentence) if word not in STOP]
    shared = sum(word[:5] in starts if len(word) >= 5 else word in whole for word in said)
    return weight * (0.5 if said and shared / len(said) < 0.15 else 1.0)
