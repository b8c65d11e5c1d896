"""The dialects: what a program may say that it counts like, and what each counts differently."""

from __future__ import annotations

from typing import NamedTuple


class Dialect(NamedTuple):
    """A framework as it counts: by its word in programs, and its name at the start of a sentence.

    `counts_state` says whether the parameters hold the state, such as the moving mean of a batch normalisation.
    """

    name: str
    title: str
    counts_state: bool


TORCH = Dialect("torch", "Torch", counts_state=False)
KERAS = Dialect("keras", "Keras", counts_state=True)

# By name; the first is that of a program that names none.
DIALECTS = {dialect.name: dialect for dialect in (TORCH, KERAS)}
DEFAULT = TORCH.name
