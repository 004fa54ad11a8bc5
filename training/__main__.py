"""`python -m training STEP`: one command per step. Run from the repository root."""

import argparse
import json
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training")
    steps = parser.add_subparsers(dest="step", required=True)
    step = steps.add_parser("prepare", help="clean the targets and cut shards")
    step.add_argument("--source", type=Path, default=Path("../shared/training"))
    step.add_argument("--out", type=Path, default=Path(".train/prepared"))
    step.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    if arguments.step == "prepare":
        from .prepare import prepare

        print(json.dumps(prepare(arguments.source, arguments.out, limit=arguments.limit)))


if __name__ == "__main__":
    main()
