"""Step 7: the shipped files: int8 ONNX, tokenizer, model.json; and a float32 ONNX beside them for comparison."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import torch

from . import layout
from .encode import load_tokenizer
from .generate import load_model, load_samples, prompt, select
from .graph import MAX_POSITIONS, build
from .smooth import smooth

FORMAT_VERSION = 1
CALIBRATION_PROMPTS = 96


def export(checkpoint: Path, data: Path, models: Path, work: Path, calibrations: int = CALIBRATION_PROMPTS) -> dict:
    """Writes codegloss-int8.onnx, tokenizer.json and model.json into `models`, codegloss-fp32.onnx into `work`."""
    models.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(data / "tokenizer.json")
    model = load_model(checkpoint, "cpu")
    valid = data / "pairs-valid.jsonl.zst"
    numbers = select(valid, max(1, calibrations // 12))[:calibrations]
    _, samples = load_samples(valid, tokenizer, numbers)
    prompts = [prompt(samples[n], "full") + samples[n][layout.DOC_S][1:] for n in numbers]
    plain = {name: value.float().numpy() for name, value in model.state_dict().items()}
    config = asdict(model.c)
    onnx.save(build(plain, config, quantized=False), work / "codegloss-fp32.onnx")
    onnx.save(build(smooth(model, prompts), config, quantized=True), models / "codegloss-int8.onnx")
    (models / "tokenizer.json").write_bytes((data / "tokenizer.json").read_bytes())
    description = describe(config)
    (models / "model.json").write_text(json.dumps(description, indent=2) + "\n")
    return {"int8_bytes": (models / "codegloss-int8.onnx").stat().st_size, **compare(model, work, models, prompts[:12])}


def describe(config: dict) -> dict:
    """model.json: all that a reader of the model needs beside the graph and the tokenizer."""
    limits = {name.lower(): getattr(layout, name) for name in dir(layout) if name.startswith("MAX_")}
    return {
        "format": FORMAT_VERSION, "model": "codegloss-int8.onnx", "tokenizer": "tokenizer.json", "config": config,
        "maxPositions": MAX_POSITIONS, "specials": layout.ID, "sections": list(layout.SECTIONS), "limits": limits,
        "maxNewTokens": 48, "calibration": {},
    }


def compare(model, work: Path, models: Path, prompts: list[list[int]]) -> dict:
    """Largest logit error of float32 and int8 ONNX against PyTorch, whole and token by token through the cache."""
    import onnxruntime

    out = {}
    for name, file in (("fp32", work / "codegloss-fp32.onnx"), ("int8", models / "codegloss-int8.onnx")):
        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        errors, cached, agree, count = [], [], 0, 0
        for ids in prompts:
            tokens = torch.tensor([ids])
            hidden, _ = model.prefill(tokens, torch.ones_like(tokens, dtype=torch.bool), torch.float32)
            expected = model.logits(hidden)[0].detach().numpy()
            whole, past = run(session, model.c, ids, None)
            first, past = run(session, model.c, ids[:-6], None)
            parts = [first]
            for token in ids[-6:]:
                logits, past = run(session, model.c, [token], past)
                parts.append(logits)
            scale = np.linalg.norm(expected)
            errors.append(np.linalg.norm(whole - expected) / scale)
            cached.append(np.linalg.norm(np.concatenate(parts) - expected) / scale)
            agree += int((whole.argmax(-1) == expected.argmax(-1)).sum())
            count += len(ids)
        out[name] = {"relative_error": float(max(errors)), "with_cache": float(max(cached)), "top1": round(agree / count, 4)}
    return out


def run(session, config, ids: list[int], past: dict | None, keep_from: int = 0) -> tuple[np.ndarray, dict]:
    """One pass: logits [K, vocab] and the new cache."""
    if past is None:
        empty = np.zeros((1, config.kv, 0, config.hd), np.float32)
        past = {f"past_{kind}_{i}": empty for i in range(config.layers) for kind in "kv"}
    feeds = {"input_ids": np.array([ids], np.int64), "keep_from": np.array([keep_from], np.int64), **past}
    names = ["logits", *(name.replace("past", "present") for name in past)]
    values = session.run(names, feeds)
    return values[0][0], dict(zip(past, values[1:]))
