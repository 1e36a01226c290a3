"""Compute in training as the file will: weights in seven bits, their inputs in eight.

Rounding the inputs after the training cost 14 of 1,000 emergencies on the dev writers; a network
that learns with it makes up for it (https://arxiv.org/abs/1712.05877).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

_WEIGHT_STEPS = 64  # on each side of zero: `reduce_range` in export.py
_INPUT_STEPS = 255  # from the least input to the largest


class RoundedLinear(nn.Linear):
    """A linear layer that can round as onnxruntime does; the slopes are those without rounding."""

    rounds = False

    def forward(self, inputs: Tensor) -> Tensor:
        if not self.rounds:
            return functional.linear(inputs, self.weight, self.bias)
        return functional.linear(_rounded_inputs(inputs), _rounded_weights(self.weight), self.bias)


def set_rounding(module: nn.Module, rounds: bool) -> None:
    """Switch rounding on or off in every layer of a module."""
    for layer in module.modules():
        if isinstance(layer, RoundedLinear):
            layer.rounds = rounds


def _rounded_weights(weights: Tensor) -> Tensor:
    """Return weights with a scale for each output."""
    scale = weights.detach().abs().amax(1) / _WEIGHT_STEPS
    return _rounded(weights, scale, torch.zeros_like(scale), -_WEIGHT_STEPS, _WEIGHT_STEPS)


def _rounded_inputs(inputs: Tensor) -> Tensor:
    """Return inputs (batch × pieces × width) with a scale and a zero for each text."""
    exact = inputs.detach().float()
    low, high = exact.amin((1, 2)).clamp(max=0), exact.amax((1, 2)).clamp(min=0)
    scale = (high - low) / _INPUT_STEPS
    return _rounded(inputs, scale, -low / scale, 0, _INPUT_STEPS)


def _rounded(numbers: Tensor, scale: Tensor, zero: Tensor, least: int, most: int) -> Tensor:
    """Return numbers in steps of a scale for each row, with the slopes of the exact ones."""
    zero = zero.round().int()
    found: Tensor = torch.fake_quantize_per_channel_affine(
        numbers.float(), scale, zero, 0, least, most
    )
    return found
