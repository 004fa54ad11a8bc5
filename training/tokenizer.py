"""Step 3: trains the byte-level BPE vocabulary on the prepared training split and raw code, with a cap per language."""

import random
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from .layout import SPECIALS, SPLIT
from .shards import read_jsonl

VOCABULARY = 16384
# Share of the text budget that one language may fill, so that MUMPS and assembly keep merges of their own.
CODE_SHARE, DOC_SHARE, RAW_SHARE = 0.06, 0.03, 0.05


def train_tokenizer(prepared: Path, source: Path, out: Path, megabytes: float = 60, vocabulary: int = VOCABULARY, seed: int = 0) -> int:
    """Writes the tokenizer in the Hugging Face JSON format; returns the vocabulary's size."""
    texts = list(_texts(prepared, source, int(megabytes * 1e6), random.Random(seed)))
    random.Random(seed).shuffle(texts)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(SPLIT), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=list(SPECIALS), initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=24, show_progress=False,
    )
    tokenizer.train_from_iterator((texts[i : i + 1000] for i in range(0, len(texts), 1000)), trainer)
    tokenizer.save(str(out))
    return tokenizer.get_vocab_size()


def _texts(prepared: Path, source: Path, budget: int, rng: random.Random) -> Iterator[str]:
    used: dict[tuple, int] = {}

    def fits(key: tuple, text: str, share: float) -> bool:
        used[key] = used.get(key, 0) + len(text)
        return used[key] <= budget * share

    for file in sorted(prepared.glob("pairs-train-*.jsonl.zst")):
        for row in read_jsonl(file):
            if rng.random() < 0.5 or row["lang"] in ("mumps", "asm", "kotlin", "scala", "swift"):
                if fits((row["lang"], "code"), row["code"], CODE_SHARE):
                    yield row["code"]
                if fits((row["lang"], "doc"), row["doc"], DOC_SHARE):
                    yield " " + row["doc"]
    for file in sorted(source.glob("raw-train-*.jsonl.zst")):
        for row in read_jsonl(file):
            text = row["text"][:40000]
            if fits((row["lang"], "raw"), text, RAW_SHARE):
                yield text
