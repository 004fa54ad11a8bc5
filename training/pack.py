"""Trained weights in pieces that fit the device machine's way home: 16 MiB a file, 64 MiB a call.

`pack CHECKPOINT OUT` writes base.NN (int8 per row, complete by itself) and residual.NN (4 more bits a weight, for a second
call). `unpack PIECES CHECKPOINT` puts together what came: 12 bits a weight with the residual, 8 without.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

PIECE = 15 << 20
RESIDUAL_STEPS = 16


def _compress(data: bytes) -> bytes:
    try:
        import zstandard

        return zstandard.ZstdCompressor(level=3).compress(data)
    except ImportError:
        import pyarrow

        return pyarrow.compress(data, codec="zstd", asbytes=True)


def _decompress(data: bytes, size: int) -> bytes:
    try:
        import zstandard

        return zstandard.ZstdDecompressor().decompress(data, max_output_size=size)
    except ImportError:
        import pyarrow

        return pyarrow.decompress(data, size, codec="zstd", asbytes=True)


def _write(out: Path, name: str, blob: bytes) -> int:
    for number, start in enumerate(range(0, len(blob), PIECE)):
        (out / f"{name}.{number:02}").write_bytes(blob[start : start + PIECE])
    return -(-len(blob) // PIECE)


def pack(checkpoint: Path, out: Path) -> dict:
    """Returns the number of pieces of each kind."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    out.mkdir(parents=True, exist_ok=True)
    shapes, scales, base, residual = [], [], [], []
    for name, value in state["model"].items():
        weight = value.float().numpy()
        scale = np.maximum(np.abs(weight).max(1), 1e-8).astype(np.float32) / 127
        steps = weight / scale[:, None]
        whole = np.rint(steps)
        rest = np.clip(np.rint((steps - whole) * RESIDUAL_STEPS), -8, 7).astype(np.int8).ravel()
        shapes.append([name, list(weight.shape)])
        scales.append(scale)
        base.append(whole.astype(np.int8).ravel())
        residual.append(((rest[0::2] + 8) | ((rest[1::2] + 8) << 4)).astype(np.uint8))
    header = {key: state[key] for key in ("config", "step", "tokens", "spent")}
    body = np.concatenate(base).tobytes()
    compressed = _compress(body)
    text = json.dumps({**header, "shapes": shapes, "bytes": len(body), "packed": len(compressed)}).encode()
    blob = len(text).to_bytes(8, "little") + text + np.concatenate(scales).tobytes() + compressed
    return {"base": _write(out, "base", blob), "residual": _write(out, "residual", np.concatenate(residual).tobytes())}


def unpack(pieces: Path, checkpoint: Path) -> dict:
    """Writes a checkpoint for evaluation and export; returns its header with `bits`."""
    blob = b"".join(piece.read_bytes() for piece in sorted(pieces.glob("base.*")))
    size = int.from_bytes(blob[:8], "little")
    header = json.loads(blob[8 : 8 + size])
    rows = sum(shape[0] for _, shape in header["shapes"])
    scales = np.frombuffer(blob, np.float32, rows, 8 + size) if (8 + size) % 4 == 0 else np.frombuffer(blob[8 + size : 8 + size + 4 * rows], np.float32)
    steps = np.frombuffer(_decompress(blob[8 + size + 4 * rows :], header["bytes"]), np.int8).astype(np.float32)
    packed = b"".join(piece.read_bytes() for piece in sorted(pieces.glob("residual.*")))
    if packed:
        nibbles = np.frombuffer(packed, np.uint8)
        rest = np.stack([nibbles & 15, nibbles >> 4], 1).ravel().astype(np.float32) - 8
        steps = steps + rest / RESIDUAL_STEPS
    model, start, row = {}, 0, 0
    for name, shape in header["shapes"]:
        count = shape[0] * shape[1]
        value = steps[start : start + count].reshape(shape) * scales[row : row + shape[0], None]
        model[name] = torch.from_numpy(np.ascontiguousarray(value))
        start, row = start + count, row + shape[0]
    torch.save({"model": model, **{key: header[key] for key in ("config", "step", "tokens", "spent")}}, checkpoint)
    return {"bits": 12 if packed else 8, "step": header["step"], "tokens": header["tokens"]}


if __name__ == "__main__":
    command, source, target = sys.argv[1:4]
    print((pack if command == "pack" else unpack)(Path(source), Path(target)))
