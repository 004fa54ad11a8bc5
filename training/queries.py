"""Web-like forms of a sentence for the contrastive head: people ask "python read file lines", not "Reads the lines of a file."."""

import random
import re

FILLERS = frozenset("a an the given specified this that these its current provided of".split())
OPENINGS = ("how to", "how do i", "function to", "code to", "best way to")
SPOKEN = {"csharp": "c#", "cpp": "c++", "asm": "assembly", "mumps": "mumps"}
LONGEST = 14  # words


def web_query(sentence: str, language: str, verbs: dict[str, str], rng: random.Random) -> str:
    """`verbs`: third person → base form. Lower case, no closing stop, few fillers, at times the language or "how to"."""
    words = re.sub(r"[^\w#+.\-' ]+", " ", sentence.lower()).rstrip(" .").split()
    if words and words[0] in verbs:
        words[0] = verbs[words[0]]
    words = [word for word in words if word not in FILLERS or rng.random() < 0.4][:LONGEST]
    spoken = SPOKEN.get(language, language)
    luck = rng.random()
    if luck < 0.35:
        words = [spoken, *words]
    elif luck < 0.5:
        words = [*rng.choice(OPENINGS).split(), *words, *(("in", spoken) if rng.random() < 0.7 else ())]
    elif luck < 0.65:
        words = [*words, "in", spoken]
    return " ".join(words)
