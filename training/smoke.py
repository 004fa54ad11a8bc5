"""All steps on a few hundred pairs and a tiny model, on the CPU: does the recipe run from end to end, and resume?"""

import shutil
import subprocess
import time
from pathlib import Path

from .encode import encode
from .evaluate import evaluate
from .export import export
from .fixture import write_fixture
from .model import TINY
from .predict import predict_onnx
from .prepare import prepare
from .tokenizer import train_tokenizer
from .train import Plan, train

ROWS = 400
VOCABULARY = 1024


def smoke(source: Path, work: Path, node: str = "node") -> dict:
    """Returns seconds per step; raises when a step fails or its outcome is not what it must be."""
    shutil.rmtree(work, ignore_errors=True)
    data, encoded, models = work / "prepared", work / "encoded", work / "models"
    seconds: dict[str, float] = {}

    def timed(name: str, action):
        started = time.time()
        result = action()
        seconds[name] = round(time.time() - started, 1)
        return result

    counts = timed("prepare", lambda: prepare(source, data, shards=2, limit=ROWS))
    timed("contexts", lambda: subprocess.run([node, "training/contexts.ts", str(data)], check=True))
    timed("tokenizer", lambda: train_tokenizer(data, source, data / "tokenizer.json", megabytes=1, vocabulary=VOCABULARY))
    raw = _small_raw(source, data)
    timed("encode", lambda: encode(data / "tokenizer.json", [*data.glob("pairs-*.zst"), raw], encoded, 2))
    plan = dict(data=str(encoded), out=str(work / "run"), config=TINY, rows=4, length=1024, pairs_per_step=16, query_rows=1, cpu=True)
    first = timed("train", lambda: train(Plan(steps=10, **plan)))
    second = timed("resume", lambda: train(Plan(steps=16, **plan)))
    assert (first["step"], second["step"]) == (10, 16), "training must go on from its checkpoint"
    report = timed("export", lambda: export(work / "run" / "checkpoint.pt", data, models, work / "export", 12))
    assert report["fp32"]["with_cache"] < 1e-4, "the float32 graph must equal the trained model"
    jobs = [("test", "full", "free"), ("test", "none", "free"), ("valid", "full", "product")]
    predictions = work / "export" / "predictions.jsonl"
    timed("predict", lambda: predict_onnx(models / "codegloss-int8.onnx", models / "model.json", data, predictions, jobs, 5))
    tables = timed("evaluate", lambda: evaluate([predictions], data))
    timed("fixture", lambda: write_fixture(models / "tokenizer.json", data, work / "strings.jsonl.gz", 200))
    return {"counts": counts, "seconds": seconds, "systems": sorted(tables), "export": report}


def _small_raw(source: Path, data: Path) -> Path:
    from itertools import islice

    from .shards import read_jsonl, write_jsonl

    out = data / "raw-train-00.jsonl.zst"
    write_jsonl(out, islice(read_jsonl(source / "raw-train-00.jsonl.zst"), 40))
    return out

