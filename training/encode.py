"""Step 4: turns prepared shards into token arrays. One process per shard; runs where the GPU is (16 cores: a minute).

For a shard `x`: x.tok.npy (uint16, all samples end to end), x.seg.npy (uint16 [n, sections]), x.lang.npy, x.w.npy; for
pairs also x.qtok.npy and x.qlen.npy, a web-like query each.
"""

import random
import sys
import time
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from .layout import (
    CALLS, CALLS_S, CLS, CODE_S, DOC, DOC_S, END, FORM_TOKEN, MAX_CALLS, MAX_CLASS, MAX_DOC, MAX_EXAMPLES, MAX_PATH,
    MAX_QUERY, PATH, RAW, RAW_CHUNK, SECTIONS, callee_section, code_section, example_section, head_line, language_id,
    optional_section,
)
from .queries import web_query
from .shards import read_jsonl

BATCH = 2000


def load_tokenizer(file: Path | str) -> Tokenizer:
    """The tokenizer with special tokens in texts taken as plain text: a repository must not be able to write them."""
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.encode_special_tokens = True
    return tokenizer


def encode_texts(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    """Token ids of each text; special tokens in the text are never recognized."""
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]


def encode_pairs(tokenizer: Tokenizer, rows: list[dict], contexts: list) -> list[list[list[int]]]:
    """The sections of every pair, in the order of `layout.SECTIONS`."""
    docs = encode_texts(tokenizer, [" " + row["doc"] for row in rows])
    names = encode_texts(tokenizer, [row["name"] for row in rows])
    heads = encode_texts(tokenizer, [head_line(row["code"]) for row in rows])
    samples = []
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        paths = encode_texts(tokenizer, [row["path"] for row in part])
        classes = encode_texts(tokenizer, [row["cls"] for row in part])
        calls = encode_texts(tokenizer, [" ".join(row["calls"]) for row in part])
        codes = encode_texts(tokenizer, [row["code"] for row in part])
        for offset, row in enumerate(part):
            number = start + offset
            callees, examples = contexts[number] if contexts else ([], [])
            shown = [example_section(heads[i], docs[i]) for i in examples[:MAX_EXAMPLES]]
            shown += [[]] * (MAX_EXAMPLES - len(shown))
            samples.append([
                [language_id(row["lang"])],
                optional_section(PATH, paths[offset][-MAX_PATH:]),
                optional_section(CLS, classes[offset][:MAX_CLASS]),
                optional_section(CALLS, calls[offset][:MAX_CALLS]),
                callee_section([(names[i], docs[i]) for i in callees]),
                *shown,
                code_section(codes[offset]),
                [DOC, FORM_TOKEN[row["form"]], *docs[number][:MAX_DOC], END],
            ])
    return samples


def _encode_pair_shard(tokenizer: Tokenizer, file: Path, out: Path) -> str:
    rows = list(read_jsonl(file))
    context_file = file.with_name(file.name.replace("pairs-", "contexts-"))
    contexts = list(read_jsonl(context_file)) if context_file.exists() else []
    samples = encode_pairs(tokenizer, rows, contexts)
    keep = [i for i, sample in enumerate(samples) if len(sample[DOC_S]) >= 5 and len(sample[CODE_S]) >= 6]
    name = file.name.split(".")[0]
    _save_queries(tokenizer, file, out / name, [rows[i] for i in keep])
    _save(out, name, [samples[i] for i in keep], [language_id(rows[i]["lang"]) for i in keep], [rows[i]["w"] for i in keep])
    return name


def _save_queries(tokenizer: Tokenizer, file: Path, name: Path, rows: list[dict]) -> None:
    verbs, rng = next(read_jsonl(file.with_name("verbs.jsonl.zst"))), random.Random(file.name)
    queries = encode_texts(tokenizer, [" " + web_query(row["doc"], row["lang"], verbs, rng) for row in rows])
    np.save(f"{name}.qlen.npy", np.array([min(len(query), MAX_QUERY) for query in queries], dtype=np.uint16))
    np.save(f"{name}.qtok.npy", np.fromiter((token for query in queries for token in query[:MAX_QUERY]), dtype=np.uint16))


def _encode_raw_shard(tokenizer: Tokenizer, file: Path, out: Path) -> str:
    samples, languages = [], []
    rows = list(read_jsonl(file))
    for start in range(0, len(rows), 200):
        part = rows[start : start + 200]
        for row, ids in zip(part, encode_texts(tokenizer, [row["text"][:200000] for row in part])):
            for at in range(0, len(ids), RAW_CHUNK):
                chunk = ids[at : at + RAW_CHUNK]
                if len(chunk) >= 24:
                    end = [END] if at + RAW_CHUNK >= len(ids) else []
                    samples.append([[language_id(row["lang"]), RAW, *chunk, *end], *[[]] * (len(SECTIONS) - 1)])
                    languages.append(language_id(row["lang"]))
    name = file.name.split(".")[0]
    _save(out, name, samples, languages, [1.0] * len(samples))
    return name


def _save(out: Path, name: str, samples: list, languages: list[int], weights: list[float]) -> None:
    tokens = np.fromiter((token for sample in samples for section in sample for token in section), dtype=np.uint16)
    lengths = np.array([[len(section) for section in sample] for sample in samples], dtype=np.uint16)
    np.save(out / f"{name}.seg.npy", lengths)
    np.save(out / f"{name}.lang.npy", np.array(languages, dtype=np.uint8))
    np.save(out / f"{name}.w.npy", np.array(weights, dtype=np.float32))
    np.save(out / f"{name}.part.npy", tokens)
    (out / f"{name}.part.npy").replace(out / f"{name}.tok.npy")  # last and at once: its presence says that the shard is done


def _encode_file(job: tuple[str, str, str]) -> str:
    tokenizer_file, file, out = job
    started = time.time()
    tokenizer = load_tokenizer(tokenizer_file)
    encode = _encode_raw_shard if Path(file).name.startswith("raw") else _encode_pair_shard
    name = encode(tokenizer, Path(file), Path(out))
    print(f"encoded {name} in {time.time() - started:.1f} s", file=sys.stderr, flush=True)
    return name


def encode(tokenizer: Path, files: list[Path], out: Path, processes: int, last: bool = True) -> None:
    """Encodes all files; a file whose arrays exist already is skipped (restartable). `last`: no more files will come."""
    out.mkdir(parents=True, exist_ok=True)
    jobs = [
        (str(tokenizer), str(file), str(out))
        for file in sorted(files, key=lambda file: -file.stat().st_size)
        if not (out / (file.name.split(".")[0] + ".tok.npy")).exists()
    ]
    with Pool(processes) as pool:
        for _ in pool.imap_unordered(_encode_file, jobs):
            pass
    if last:
        (out / "DONE").touch()
