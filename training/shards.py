"""Reading and writing of JSON lines in zstd. Works with `zstandard` or, where that is missing, with pyarrow (read only)."""

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

WINDOW_LOG = 26  # 64 MB: lines are grouped by repository, which a long window compresses well


def read_jsonl(path: Path | str) -> Iterator:
    """The parsed lines of a .jsonl.zst file."""
    with _open_text(str(path)) as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _open_text(path: str) -> io.TextIOWrapper:
    try:
        import zstandard
    except ImportError:
        import pyarrow

        raw = io.BufferedReader(pyarrow.input_stream(path, compression="zstd"), 1 << 20)
        return io.TextIOWrapper(raw, encoding="utf-8", errors="replace")
    decompressor = zstandard.ZstdDecompressor(max_window_size=2**27)
    raw = decompressor.stream_reader(open(path, "rb"), read_across_frames=True)
    return io.TextIOWrapper(raw, encoding="utf-8", errors="replace")


def write_jsonl(path: Path | str, rows: Iterable, level: int = 9) -> int:
    """Writes rows as JSON lines in zstd; returns how many."""
    import zstandard

    parameters = zstandard.ZstdCompressionParameters.from_level(level, window_log=WINDOW_LOG, enable_ldm=True)
    count = 0
    with open(path, "wb") as file, zstandard.ZstdCompressor(compression_params=parameters).stream_writer(file) as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count
