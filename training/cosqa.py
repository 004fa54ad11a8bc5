"""CoSQA (Huang et al., 2021) for search: not shipped and not trained on; built from its public repository for private runs.

`build` turns the files of `../shared/data/scripts/build_cosqa.py` into search.jsonl: Python functions without docstrings,
then dev queries, then test queries. Functions that stand in the training pairs are marked and left out of the candidates.
"""

import ast
import json
import re
import textwrap
from pathlib import Path

from .shards import read_jsonl

_DOCSTRING = re.compile(r'^(\s*)[rubRUB]{0,2}("""|\'\'\')(?:.|\n)*?\2[ \t]*\n?', re.M)


def _normalized(code: str) -> str:
    return "".join(re.findall(r"\w+", code))


def without_docstring(code: str) -> str:
    """The function without its docstring; by its node where it parses as Python 3, else the first triple-quoted text."""
    code = textwrap.dedent(code)
    try:
        body = ast.parse(code).body[0].body
    except (SyntaxError, AttributeError, IndexError, ValueError):
        return _DOCSTRING.sub("", code, count=1)
    if not (isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str)):
        return code
    lines, node = code.split("\n"), body[0]
    if lines[node.lineno - 1][: node.col_offset].strip():
        return _DOCSTRING.sub("", code, count=1)
    return "\n".join(lines[: node.lineno - 1] + lines[node.end_lineno :])


def build(folder: Path, data: Path, out: Path) -> dict:
    """Writes `out`; returns counts."""
    known = {_normalized(row["code"]) for file in data.glob("pairs-train-*.zst") for row in read_jsonl(file) if row["lang"] == "python"}
    rows, seen = [], 0
    for line in open(folder / "cosqa-corpus.jsonl"):
        item = json.loads(line)
        code = without_docstring(item["code"]).strip("\n")
        trained = _normalized(code) in known
        seen += trained
        rows.append({"kind": "code", "lang": "python", "text": code, "id": item["id"], "trained": trained})
    for split in ("dev", "test"):
        for line in open(folder / f"cosqa-{split}-queries.jsonl"):
            item = json.loads(line)
            rows.append({"kind": "query", "lang": "python", "text": item["query"], "split": split, "relevant": item["relevant"]})
    out.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return {"codes": sum(row["kind"] == "code" for row in rows), "in training": seen, "with quotes left": sum('"""' in row["text"] for row in rows)}


if __name__ == "__main__":
    print(build(Path(".train/cosqa"), Path(".train/prepared"), Path(".train/cosqa/search.jsonl")))
