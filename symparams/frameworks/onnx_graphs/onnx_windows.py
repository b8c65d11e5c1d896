"""The windows of ONNX's operators, their strides and paddings, in words of the language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ...errors import SymparamsError
from ..graph.traced_tensors import TracedTensor

_SAME = ("SAME_UPPER", "SAME_LOWER")


class OnnxWindows(NamedTuple):
    """Windows of an operator: a number for each axis, and what is put before and behind each."""

    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    before: tuple[int, ...]
    behind: tuple[int, ...]
    is_same: bool

    @property
    def reach(self) -> list[int]:
        return [d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilations)]

    @property
    def words(self) -> list[str]:
        """The kernel, the strides, the paddings and the dilations, of which those that are usual are left out."""
        found = [each(self.kernel)]
        found += [f"s={each(self.strides)}"] if set(self.strides) != {1} else []
        found += [f"p={self.padding}"] if any(self.before) or any(self.behind) else []
        return found + ([f"d={each(self.dilations)}"] if set(self.dilations) != {1} else [])

    @property
    def padding(self) -> str:
        if self.before == self.behind:
            return each(self.before)
        return f"({', '.join(f'({a}, {b})' for a, b in zip(self.before, self.behind))},)"


def windows(call: Any, x: TracedTensor, kernel: Sequence[int]) -> OnnxWindows:
    """Raises SymparamsError for what does not fit."""
    rank = len(kernel)
    if len(x.sizes) != rank + 2:
        raise SymparamsError(f"windows of {rank} axes do not go over a tensor of {len(x.sizes)}")
    strides, dilations = (_numbers(call, name, rank, 1) for name in ("strides", "dilations"))
    auto = call.attributes.get("auto_pad", "NOTSET")
    pads = _numbers(call, "pads", 2 * rank, 0) if auto == "NOTSET" else (0,) * 2 * rank
    found = OnnxWindows(tuple(kernel), strides, dilations, pads[:rank], pads[rank:], auto in _SAME)
    if found.is_same and all(isinstance(size, int) for size in x.sizes[2:]):
        return _padded_to_same(found, x.sizes[2:], auto)
    return found


def _padded_to_same(found: OnnxWindows, sizes: Sequence[Any], auto: str) -> OnnxWindows:
    """With the padding in numbers: as much as makes the windows as many as the strides fit into the size."""
    whole = [max((-(-n // s) - 1) * s + r - n, 0) for n, s, r in zip(sizes, found.strides, found.reach)]
    less, more = tuple(p // 2 for p in whole), tuple(p - p // 2 for p in whole)
    before, behind = (less, more) if auto == _SAME[0] else (more, less)
    return found._replace(before=before, behind=behind, is_same=False)


def _numbers(call: Any, name: str, count: int, usual: int) -> tuple[int, ...]:
    found = tuple(call.attributes.get(name, [usual] * count))
    if len(found) != count or any(number < usual for number in found):
        raise SymparamsError(f"its {name} are {found}")
    return found


def each(values: Sequence[Any]) -> str:
    """A number for all axes, or a tuple of one for each."""
    texts = [str(value) for value in values]
    return texts[0] if len(set(texts)) == 1 else f"({', '.join(texts)})"
