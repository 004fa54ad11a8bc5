"""What a lent GPU machine runs, where data comes and weights leave in pieces: `encode` each batch of files as it arrives,
`train` until a time that is given once the last has come, `evaluate` the protocol. Kept apart from __main__.py because
these carry the clock of a lease, not a wish of a developer. README.md has the order of commands.
"""

import argparse
import json
from pathlib import Path

from .model import Config


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.gpu")
    parser.add_argument("step", choices=("encode", "train", "evaluate"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--out", type=Path, default=Path("run"))
    parser.add_argument("--last", action="store_true", help="encode: no more files will come")
    parser.add_argument("--processes", type=int, default=28)
    parser.add_argument("--until", type=Path, help="train: file with the epoch second at which training ends")
    parser.add_argument("--plan", type=json.loads, default={}, help="train: other fields of the plan, as JSON")
    parser.add_argument("--checkpoint", type=Path, default=Path("run/checkpoint.pt"))
    arguments = parser.parse_args()
    if arguments.step == "encode":
        _encode(arguments)
    elif arguments.step == "train":
        from .train import train, Plan

        train(Plan(data=str(arguments.data / "encoded"), out=str(arguments.out), config=Config(), **arguments.plan), arguments.until)
    else:
        from .protocol import run_protocol

        run_protocol(arguments.checkpoint, arguments.data, arguments.out)


def _encode(arguments) -> None:
    from .encode import encode

    data, encoded = arguments.data, arguments.data / "encoded"
    files = [*data.glob("pairs-train-*.zst"), *data.glob("pairs-valid*.zst"), *data.glob("raw-train-*.zst")]
    encode(data / "tokenizer.json", files, encoded, arguments.processes, arguments.last)


if __name__ == "__main__":
    main()
