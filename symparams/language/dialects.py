"""The dialects: what a program may say that it counts like, and what each counts differently."""

from __future__ import annotations

from typing import NamedTuple


class Dialect(NamedTuple):
    """A framework as it counts: by its word in programs, and its name at the start of a sentence.

    `counts_state` says whether the parameters hold the state, such as the moving mean of a batch normalisation. Its
    layers are written behind one of the `prefixes`, the usual one first; all of them take the `neutral` arguments,
    which change no count. Images have its `layout` where a program says no other; `layout_is_fixed` where none can.
    `padded_by_words` are the rules of the layers whose padding may be a word, None for all.
    """

    name: str
    title: str
    counts_state: bool
    prefixes: tuple[str, ...]
    neutral: frozenset[str]
    layout: str
    layout_is_fixed: bool
    padded_by_words: frozenset[str] | None

    def pads_by_a_word(self, rule: str) -> bool:
        """Whether the padding of a layer may be a word, such as "same"."""
        return self.padded_by_words is None or rule in self.padded_by_words


TORCH = Dialect(
    "torch",
    "Torch",
    counts_state=False,
    prefixes=("nn", "torch.nn"),
    neutral=frozenset(),
    layout="channels_first",
    layout_is_fixed=True,
    padded_by_words=frozenset(["conv"]),
)
KERAS = Dialect(
    "keras",
    "Keras",
    counts_state=True,
    prefixes=("layers", "keras.layers", "tf.keras.layers", "tensorflow.keras.layers", "keras", "tf.keras"),
    neutral=frozenset(["name", "dtype", "trainable", "autocast", "input_shape", "batch_input_shape", "input_dim"]),
    layout="channels_last",
    layout_is_fixed=False,
    padded_by_words=None,
)

# By name; the first is that of a program that names none.
DIALECTS = {dialect.name: dialect for dialect in (TORCH, KERAS)}
DEFAULT = TORCH.name
