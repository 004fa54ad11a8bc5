"""A mean of two sets of weights of one run and its continuation (model soups: Wortsman et al., 2022, here with shares that are tried on valid).

`python -m training.mean DATA FIRST SECOND OUT [PER_LANGUAGE]` prints the sentence loss on valid pairs with whole context for each share
of SECOND and writes the best mean. A minute on one GPU; without one, take few pairs.
"""

import sys
from pathlib import Path

import torch
import torch.nn.functional as F

from .encode import load_tokenizer
from .generate import _padded, batches, load_samples, prompt, select
from .layout import DOC_S
from .model import Config, LanguageModel

SHARES = (0.0, 0.15, 0.3, 0.45, 0.6, 1.0)
PER_LANGUAGE = 200


@torch.no_grad()
def sentence_loss(model: LanguageModel, sequences: list[tuple[list[int], list[int]]], device: str) -> float:
    """Mean negative log-likelihood of a sentence's tokens, its form left out, its end included. `sequences`: prompt and answer."""
    total, count = 0.0, 0
    for part in batches([len(asked) + len(said) for asked, said in sequences], limit=64):
        ids, mask = _padded([sequences[i][0] + sequences[i][1] for i in part], device)
        hidden, _ = model.prefill(ids, mask, torch.bfloat16 if device != "cpu" else torch.float32)
        for row, i in enumerate(part):
            length = len(sequences[i][1])
            logits = model.logits(hidden[row, -length:-1])
            total += F.cross_entropy(logits, ids[row, -length + 1 :], reduction="sum").item()
            count += length - 1
    return total / count


def mean(data: Path, first: Path, second: Path, out: Path, per_language: int = PER_LANGUAGE) -> dict[float, float]:
    """Writes the checkpoint whose loss is least; returns the loss by share."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = load_tokenizer(data / "tokenizer.json")
    numbers = select(data / "pairs-valid.jsonl.zst", per_language)
    _, samples = load_samples(data / "pairs-valid.jsonl.zst", tokenizer, numbers)
    sequences = [(prompt(samples[number], "full"), samples[number][DOC_S][1:]) for number in numbers]
    one, other = (torch.load(file, map_location="cpu", weights_only=True) for file in (first, second))
    model = LanguageModel(Config(**other["config"])).to(device).eval()

    def mixed(share: float) -> dict:
        return {name: torch.lerp(one["model"][name].float(), other["model"][name].float(), share) for name in other["model"]}

    losses = {}
    for share in SHARES:
        model.load_state_dict(mixed(share))
        losses[share] = round(sentence_loss(model, sequences, device), 4)
        print(share, losses[share], flush=True)
    torch.save({**other, "model": mixed(min(losses, key=losses.get))}, out)
    return losses


if __name__ == "__main__":
    mean(*map(Path, sys.argv[1:5]), *map(int, sys.argv[5:6]))
