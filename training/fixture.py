"""Writes the tokenizer's exactness fixture: 10,000 seeded strings with their ids, gzip, one JSON object a line."""

import gzip
import json
import random
from pathlib import Path

from .encode import load_tokenizer
from .shards import read_jsonl

COUNT = 10_000
ALPHABETS = (
    "abcXYZ019_ \t\n\r.,;(){}[]<>=+-*/\\\"'`~!@#$%^&|?:", "äöüÄÖÜßéèçñøåŁžİıſ", "日本語漢字テスト한국어ไทย", "مرحباשלום",
    "😀👩‍💻🏳️‍🌈🇩🇪", "\u0301\u0308\u200d\ufe0f\u200b\ufeff\u00a0\u2028\u2029\u3000\u0085", "ⅣⅫ½²٣४Ⓐª", "\x00\x01\x1b\x7f", "ǅǈΣςАбвДжé",
)


def _made_up(rng: random.Random) -> str:
    chosen = rng.sample(ALPHABETS, rng.randint(1, 4))
    return "".join(rng.choice(rng.choice(chosen)) for _ in range(rng.randint(0, 40)))


def write_fixture(tokenizer_file: Path, data: Path, out: Path, count: int = COUNT, seed: int = 11) -> int:
    """Four parts: code lines, sentences, names and signatures from valid; made-up Unicode; names of special tokens."""
    rng = random.Random(seed)
    rows = list(read_jsonl(data / "pairs-valid.jsonl.zst"))
    strings = ["", " ", "\n", "\r\n\r\n", "<|end|>", "a<|code|>b<|doc|>", "  \t x", "don't I'LL", "HTTPServer2Go", "a" * 300, "0123456789" * 5]
    while len(strings) < count:
        row, kind = rng.choice(rows), rng.random()
        if kind < 0.35:
            lines = row["code"].split("\n")
            start = rng.randrange(len(lines))
            strings.append("\n".join(lines[start : start + rng.randint(1, 3)])[:200])
        elif kind < 0.55:
            strings.append(" " + row["doc"][:200])
        elif kind < 0.7:
            strings.append(row["name"])
        else:
            strings.append(_made_up(rng))
    tokenizer = load_tokenizer(tokenizer_file)
    out.parent.mkdir(parents=True, exist_ok=True)
    with open(out, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        for text, encoding in zip(strings, tokenizer.encode_batch_fast(strings, add_special_tokens=False)):
            file.write(json.dumps({"text": text, "ids": encoding.ids}).encode() + b"\n")
    return len(strings)
