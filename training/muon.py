"""Muon (Jordan et al., 2024): momentum whose update is orthogonalized by five Newton–Schulz steps, stacked by shape."""

import torch


def newton_schulz(gradient: torch.Tensor, steps: int = 5) -> torch.Tensor:
    a, b, c = 3.4445, -4.7750, 2.0315
    x = gradient.bfloat16()
    transposed = x.size(-2) > x.size(-1)
    if transposed:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.mT if transposed else x


class Muon:
    """For matrices only. `step(scale)` takes the gradients as they are and multiplies the rate by `scale`."""

    def __init__(self, parameters, rate: float = 0.02, momentum: float = 0.95, decay: float = 0.1, compiled: bool = True):
        self.rate, self.momentum, self.decay = rate, momentum, decay
        self.groups: dict[tuple, list] = {}
        for parameter in parameters:
            self.groups.setdefault(tuple(parameter.shape), []).append(parameter)
        self.buffers = {shape: torch.zeros(len(ps), *shape, device=ps[0].device) for shape, ps in self.groups.items()}
        self.orthogonalize = torch.compile(newton_schulz, dynamic=False) if compiled else newton_schulz

    def state(self) -> dict:
        return {str(shape): buffer for shape, buffer in self.buffers.items()}

    def load(self, state: dict) -> None:
        for shape, buffer in self.buffers.items():
            buffer.copy_(state[str(shape)])

    @torch.no_grad()
    def step(self, scale: float) -> None:
        for shape, parameters in self.groups.items():
            gradient = torch.stack([parameter.grad for parameter in parameters])
            buffer = self.buffers[shape]
            buffer.lerp_(gradient, 1 - self.momentum)
            update = self.orthogonalize(gradient.lerp_(buffer, self.momentum)).float()
            rate = self.rate * scale
            torch._foreach_mul_(parameters, 1 - rate * self.decay)
            torch._foreach_add_(parameters, list(update.unbind(0)), alpha=-rate * max(1, shape[0] / shape[1]) ** 0.5)
