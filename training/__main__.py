"""`python -m training STEP`: one command per step. Run from the repository root; README.md says in which order."""

import argparse
import json
import subprocess
from pathlib import Path

WORK = Path(".train")
DATA = WORK / "prepared"
MODELS = Path("models")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training")
    parser.add_argument("step", choices=sorted(STEPS))
    parser.add_argument("--source", type=Path, default=Path("../shared/training"), help="the shared shards")
    parser.add_argument("--node", default="node", help="Node 24, for contexts")
    parser.add_argument("--seconds", type=float, default=1000, help="train: wall time of the whole training")
    parser.add_argument("--model", type=Path, default=MODELS / "codegloss-int8.onnx", help="predict: which ONNX file")
    parser.add_argument("--jobs", nargs="+", default=["test/full/free"], help="predict: split/mode/form policy")
    parser.add_argument("--per-language", type=int, default=250)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    result = STEPS[arguments.step](arguments)
    if result is not None:
        print(json.dumps(result, indent=1))


def _prepare(arguments):
    from .prepare import prepare

    return prepare(arguments.source, DATA)


def _contexts(arguments):
    subprocess.run([arguments.node, "training/contexts.ts", str(DATA)], check=True)


def _tokenizer(arguments):
    from .tokenizer import train_tokenizer

    return train_tokenizer(DATA, arguments.source, DATA / "tokenizer.json")


def _encode(arguments):
    from .encode import encode

    files = [*DATA.glob("pairs-train-*.zst"), *DATA.glob("pairs-valid*.zst"), *arguments.source.glob("raw-train-*.zst")]
    encode(DATA / "tokenizer.json", files, WORK / "encoded", arguments.processes)


def _train(arguments):
    from .train import Plan, train

    return train(Plan(data=str(WORK / "encoded"), out=str(WORK / "run"), total=arguments.seconds, seconds=arguments.seconds))


def _export(arguments):
    from .export import export

    checkpoint = WORK / "run" / "final.pt"
    return export(checkpoint if checkpoint.exists() else WORK / "run" / "checkpoint.pt", DATA, MODELS, WORK / "export")


def _predictions(model: Path) -> Path:
    return WORK / "export" / f"{model.stem}.jsonl"


def _predict(arguments):
    from .predict import predict_onnx

    jobs = [tuple(job.split("/")) for job in arguments.jobs]
    predict_onnx(arguments.model, MODELS / "model.json", DATA, _predictions(arguments.model), jobs, arguments.per_language, arguments.processes)


def _evaluate(arguments):
    from .evaluate import evaluate

    proto = WORK / "proto"
    return evaluate([*sorted(proto.glob("predictions-*.jsonl")), _predictions(arguments.model)], DATA, WORK / "gates-test.jsonl", sorted(proto.glob("vectors-*.npz")))


def _search(arguments):
    from .search import search

    return search(DATA, WORK / "proto", WORK / "cosqa" / "search.jsonl", node=arguments.node)


def _calibrate(arguments):
    from .evaluate import calibrate

    file = MODELS / "model.json"
    description = json.loads(file.read_text())
    description["calibration"] = calibrate(WORK / "gates-valid.jsonl", Path("training/results/reading.jsonl.gz"))
    file.write_text(json.dumps(description, indent=2) + "\n")
    return description["calibration"]


def _fixture(arguments):
    from .fixture import write_fixture

    return write_fixture(MODELS / "tokenizer.json", DATA, Path("test/fixtures/model/tokenizer-strings.jsonl.gz"))


def _smoke(arguments):
    from .smoke import smoke

    return smoke(arguments.source, WORK / "smoke", arguments.node)


STEPS = {
    "prepare": _prepare, "contexts": _contexts, "tokenizer": _tokenizer, "encode": _encode, "train": _train,
    "export": _export, "predict": _predict, "evaluate": _evaluate, "calibrate": _calibrate, "fixture": _fixture, "search": _search, "smoke": _smoke,
}

if __name__ == "__main__":
    main()
