"""Predictions of an exported ONNX file on the protocol's pairs, on the CPU. Restartable: what a file holds is not redone."""

import json
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from .encode import load_tokenizer
from .export import run
from .generate import MAX_NEW, load_samples, prompt, select
from .layout import DO, DOES, END, IS, SPECIALS
from .model import Config

_session = None


def summarize(session, config: Config, ids: list[int], policy: str) -> tuple[list[int], int, float]:
    """Tokens of the greedy sentence, its form and mean log probability; see models/FORMAT.md."""
    logits, past = run(session, config, ids, None, len(ids) - 1)
    does, do, other = (float(logits[-1, token]) for token in (DOES, DO, IS))
    if policy == "product":
        form = IS if np.exp(other) > np.exp(does) + np.exp(do) else DOES
    else:
        form = max(((does, DOES), (do, DO), (other, IS)))[1]
    tokens, total = [], 0.0
    token = form
    for _ in range(MAX_NEW + 1):
        logits, past = run(session, config, [token], past)
        row = logits[-1].astype(np.float64)
        end = row[END]
        row[: len(SPECIALS)] = -1e9
        row[END] = end
        token = int(row.argmax())
        total -= float(np.log(np.exp(row - row[token]).sum()))
        if token == END:
            break
        tokens.append(token)
    return tokens[:MAX_NEW], form, total / (len(tokens) + 1)


def _open(model: str) -> None:
    global _session
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    _session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _one(job):
    config, ids, policy, key = job
    return (*summarize(_session, config, ids, policy), key)


def predict_onnx(model: Path, description: Path, data: Path, out: Path, jobs: list[tuple[str, str, str]], per_language: int, processes: int = 2) -> None:
    """`jobs`: (split, mode, form policy). Appends rows to `out`."""
    config = Config(**json.loads(description.read_text())["config"])
    tokenizer = load_tokenizer(description.with_name("tokenizer.json"))
    done = {(r["split"], r["number"], r["mode"], r["policy"]) for r in map(json.loads, open(out))} if out.exists() else set()
    chosen = {split: select(data / f"pairs-{split}.jsonl.zst", per_language) for split in {job[0] for job in jobs}}
    samples = {split: load_samples(data / f"pairs-{split}.jsonl.zst", tokenizer, numbers)[1] for split, numbers in chosen.items()}
    work = [
        (config, prompt(samples[split][number], mode), policy, (split, number, mode, policy))
        for split, mode, policy in jobs for number in chosen[split] if (split, number, mode, policy) not in done
    ]
    with Pool(processes, _open, (str(model),)) as pool, open(out, "a") as lines:
        for tokens, form, logp, (split, number, mode, policy) in pool.imap(_one, work, chunksize=4):
            text = tokenizer.decode(tokens).strip()
            lines.write(json.dumps({"split": split, "number": number, "mode": mode, "policy": policy, "text": text, "form": form, "logp": round(logp, 4)}) + "\n")
            lines.flush()
