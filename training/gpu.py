"""What the device machine runs: encode and train side by side (`begin`), go on (`resume`), evaluate and bring home (`finish`).

Started as `python3 -m training.gpu STEP …` (under torchrun for several GPUs). Kept apart from __main__.py because these
commands carry a wall-time limit of a lease, not a wish of a developer.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from .model import Config
from .train import Plan, train


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data")
    parser.add_argument("--out", default="run")
    parser.add_argument("--total", type=float, default=1000)
    parser.add_argument("--seconds", type=float, default=500)
    parser.add_argument("--wall", type=float, help="seconds from now to the end of training; overrides total and seconds")
    parser.add_argument("--plan", type=json.loads, default={}, help="other fields of the plan, as JSON")
    parser.add_argument("--processes", type=int, default=14)
    arguments = parser.parse_args()
    until = time.time() + arguments.wall if arguments.wall else None
    data, encoded = Path(arguments.data), Path(arguments.data) / "encoded"
    first = int(os.environ.get("LOCAL_RANK", 0)) == 0
    encoder = None
    if first and not (encoded / "DONE").exists():
        code = (
            "from pathlib import Path; from training.encode import encode; d = Path(%r); "
            "encode(d / 'tokenizer.json', [*d.glob('pairs-train-*.zst'), *d.glob('pairs-valid*.zst'), *d.glob('raw-train-*.zst')], d / 'encoded', %d)"
        ) % (str(data), arguments.processes)
        encoder = subprocess.Popen([sys.executable, "-c", code])
    train(Plan(data=str(encoded), out=arguments.out, config=Config(), total=arguments.total, seconds=arguments.seconds, **arguments.plan), until)
    if encoder:
        encoder.wait()


if __name__ == "__main__":
    main()
