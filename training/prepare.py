"""Step 1: reads the shared shards, cleans the targets and writes shards cut at repository boundaries.

Output rows: lang, repo, path (two parts), name, kind, code, doc (cleaned), form, w (weight), cls, calls, and for valid
and test `ref` (the comment as it stood). Row order is the input's, so that the step is deterministic.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from .layout import short_path
from .shards import read_jsonl, write_jsonl
from .targets import bad_mumps_title, clean_sentence, echoes_name, form_of, grounding, mine_verbs

ECHO_KEPT = 0.25
MUMPS_WEIGHT = 0.6


def prepare(source: Path, out: Path, shards: int = 12, limit: int | None = None, seed: int = 1) -> dict:
    """Writes pairs-train-NN, pairs-valid, pairs-test and verbs.json; returns counts. `limit`: rows per input shard."""
    out.mkdir(parents=True, exist_ok=True)
    files = sorted(source.glob("pairs-train-*.jsonl.zst"))
    verbs = mine_verbs(_sentences(files, limit), least=12 if limit is None else 2)
    bases = frozenset(verbs.values())
    write_jsonl(out / "verbs.jsonl.zst", [verbs])
    rng = random.Random(seed)
    dropped: dict[str, int] = {}
    kept = list(_train_rows(files, limit, verbs, bases, rng, dropped))
    counts = {"train": len(kept), "verbs": len(verbs), "dropped": dropped}
    for number, rows in enumerate(_cut_at_repositories(kept, shards)):
        write_jsonl(out / f"pairs-train-{number:02}.jsonl.zst", rows)
    for split in ("valid", "test"):
        rows = _limited(read_jsonl(source / f"pairs-{split}.jsonl.zst"), limit)
        counts[split] = write_jsonl(out / f"pairs-{split}.jsonl.zst", (_evaluation_row(row, verbs, bases) for row in rows))
    return counts


def _limited(rows: Iterator, limit: int | None) -> Iterator:
    for number, row in enumerate(rows):
        if limit is not None and number >= limit:
            return
        yield row


def _sentences(files: list[Path], limit: int | None) -> Iterator[str]:
    for file in files:
        for row in _limited(read_jsonl(file), limit):
            yield row.get("doc1") or row["doc"]


def _train_rows(files, limit, verbs, bases, rng, dropped) -> Iterator[dict]:
    for file in files:
        for row in _limited(read_jsonl(file), limit):
            sentence = clean_sentence(row, verbs, bases)
            reason = _reason_to_drop(row, sentence, rng)
            if reason:
                dropped[reason] = dropped.get(reason, 0) + 1
                continue
            yield _row(row, sentence, verbs, bases)


def _reason_to_drop(row: dict, sentence: str | None, rng: random.Random) -> str | None:
    if sentence is None:
        return "length"
    if row["lang"] == "mumps" and bad_mumps_title(sentence):
        return "mumps title"
    if echoes_name(row, sentence) and rng.random() >= ECHO_KEPT:
        return "echo of the name"
    return None


def _row(row: dict, sentence: str, verbs, bases) -> dict:
    cls = row.get("cls") or ""
    calls = [call if isinstance(call, str) else call.get("name", "") for call in row.get("calls") or []]
    return {
        "lang": row["lang"], "repo": row["repo"], "path": short_path(row.get("path") or ""), "name": row.get("name") or "",
        "kind": row["kind"], "code": row["code"].strip("\n"), "doc": sentence, "form": form_of(sentence, verbs, bases),
        "w": round((MUMPS_WEIGHT if row["lang"] == "mumps" else 1) * grounding(sentence, " ".join((row["code"], cls, row.get("name") or "", *calls))), 3),
        "cls": cls, "calls": calls,
    }


def _evaluation_row(row: dict, verbs, bases) -> dict:
    reference = " ".join(row["doc"].split())
    first = " ".join((row.get("doc1") or row["doc"]).split())
    out = _row(row, clean_sentence(row, verbs, bases) or first, verbs, bases)
    return {**out, "ref": reference, "ref1": first}


def _cut_at_repositories(rows: list[dict], shards: int) -> Iterator[list[dict]]:
    """At most `shards` lists of about equal length; a repository's run of rows is never cut."""
    size = -(-len(rows) // shards)
    start = 0
    while start < len(rows):
        end = min(len(rows), start + size)
        while end < len(rows) and rows[end]["repo"] == rows[end - 1]["repo"]:
            end += 1
        yield rows[start:end]
        start = end
