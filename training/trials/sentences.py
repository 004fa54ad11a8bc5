"""Which sentences the verifier is asked about: all that were read, and all greedy ones of the protocol. `python -m training.trials.sentences DATA`."""

import gzip
import json
import sys
from pathlib import Path


def main(data: Path) -> None:
    load = lambda name: [json.loads(line) for line in gzip.open(f"training/results/{name}.jsonl.gz", "rt")]
    asked = {"valid": {}, "test": {}}
    for row in load("reading"):
        asked[row["split"]].setdefault(row["number"], []).append(row["output"])
    for row in load("predictions"):
        if (row["engine"], row["mode"], row["policy"]) == ("float32", "full", "product"):
            asked[row["split"]].setdefault(row["number"], []).append(row["text"])
    found = {split: [(number, list(dict.fromkeys(said))) for number, said in rows.items()] for split, rows in asked.items()}
    (data / "evaluate.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
