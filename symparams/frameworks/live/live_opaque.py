"""What a part of a live module puts out whose code is not read: found by running it on tensors of several sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import nn

from ...closed_forms.polynomial import Quantity
from ...evaluate import domain
from ...evaluate.domain import is_symbolic, multiply
from ..graph.growing_program import BATCH, BATCH_SYMBOL, in_words
from ..python.code_objects import NotRead
from .live_copies import on_meta, with_values
from .live_values import LiveSize, StandInTensor

# Numbers of samples that a part is run with: what differs between them is the axis of the batch.
_BATCHES = (4, 8)
# Random inputs that a part with values is run on: sizes that differ between them depend on the values.
_DRAWS = 2
Sizes = tuple[Quantity, ...]


class SizedTensor(NamedTuple):
    """A tensor that a part puts out, or that is put into it."""

    sizes: Sizes
    dtype: torch.dtype


class Runs:
    """Runs parts of a module, on tensors without values where that can be done."""

    def __init__(self, module: nn.Module, device: Any):
        self.module = module
        self.device = device
        self._meta: Any = None
        self._real: Any = None

    def of_module(self, path: str, values: Any, named: Any) -> Any:
        """What a module of the network puts out, with its sizes. Raises SymparamsError, and what torch raises."""
        try:
            return self.without_values(path, values, named)
        except Exception:
            self._real = self._real or with_values(self.module)
            part = self._real.get_submodule(path) if path else self._real
            draws = [[self.really(part, values, named, batch) for batch in _BATCHES] for _ in range(_DRAWS)]
            found = [merged(draw) for draw in draws]
            if any(other != found[0] for other in found):
                raise NotRead("the sizes of what it puts out depend on values") from None
            return found[0]

    def without_values(self, path: str, values: Any, named: Any) -> Any:
        """The same by a run on tensors that have shapes alone."""
        self._meta = self._meta or on_meta(self.module)
        return of_function(self._meta.get_submodule(path) if path else self._meta, values, named)

    def really(self, part: nn.Module, values: Any, named: Any, batch: int) -> Any:
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            return _sizes(part(*concrete(values, batch, self.device), **concrete(named, batch, self.device)))


def of_function(function: Callable[..., Any], values: Any, named: Any) -> Any:
    """What a function puts out, with its sizes."""
    return merged([_on_meta(function, values, named, batch) for batch in _BATCHES])


def _on_meta(work: Callable[..., Any], values: Any, named: Any, batch: int) -> Any:
    with torch.no_grad(), torch.device("meta"):
        return _sizes(work(*concrete(values, batch, "meta"), **concrete(named, batch, "meta")))


def concrete(value: Any, batch: int, device: Any) -> Any:
    """A value with so many samples, and with tensors in place of the stand-ins."""
    if isinstance(value, (StandInTensor, SizedTensor)):
        sizes, dtype = (value.code.sizes, value.kind) if isinstance(value, StandInTensor) else value
        shape = [_number(size, batch) for size in sizes]
        random = dtype.is_floating_point and device != "meta"
        return (torch.randn if random else torch.zeros)(shape, device=device, dtype=dtype)
    if isinstance(value, LiveSize):
        return _number(value.value, batch)
    if isinstance(value, torch.Tensor) and device == "meta":
        return value.to("meta")
    if isinstance(value, dict):
        return {key: concrete(part, batch, device) for key, part in value.items()}
    if isinstance(value, slice):
        return slice(*(concrete(part, batch, device) for part in (value.start, value.stop, value.step)))
    if isinstance(value, (list, tuple)):
        parts = [concrete(part, batch, device) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return value


def _number(size: Quantity, batch: int) -> int:
    found = domain.substitute(size, {BATCH_SYMBOL: batch}) if is_symbolic(size) else size
    if not isinstance(found, int):
        raise NotRead(
            f"the sizes behind it are not known for symbols, such as {in_words(found)}",
            None,
            "give numbers in the shape",
        )
    return found


def _sizes(value: Any) -> Any:
    """What is put out, with shapes in place of tensors."""
    if isinstance(value, torch.Tensor):
        return SizedTensor(tuple(value.shape), value.dtype)
    if isinstance(value, dict):
        return {key: _sizes(part) for key, part in value.items()}
    return tuple(map(_sizes, value)) if isinstance(value, (list, tuple)) else None


def merged(runs: list[Any]) -> Any:
    """What several numbers of samples give, as sizes with the batch. Raises NotRead where they do not agree."""
    first, *_ = runs
    if len({type(run) for run in runs}) > 1:
        raise NotRead("what it puts out depends on the number of samples")
    if isinstance(first, SizedTensor):
        if len({len(run.sizes) for run in runs}) > 1:
            raise NotRead("what it puts out depends on the number of samples")
        return SizedTensor(tuple(map(_size, zip(*(run.sizes for run in runs)))), first.dtype)
    if isinstance(first, dict):
        return {key: merged([run.get(key) for run in runs]) for key in first}
    if isinstance(first, tuple):
        return tuple(merged(list(parts)) for parts in zip(*runs))
    return None


def _size(sizes: tuple[int, ...]) -> Quantity:
    if len(set(sizes)) == 1:
        return sizes[0]
    each = {size / batch for size, batch in zip(sizes, _BATCHES)}
    if len(each) > 1 or sizes[0] % _BATCHES[0]:
        raise NotRead("a size of what it puts out is no multiple of the number of samples")
    return multiply(BATCH, sizes[0] // _BATCHES[0])


def put_out(value: Any) -> Iterator[SizedTensor]:
    """The tensors in what is put out."""
    if isinstance(value, SizedTensor):
        yield value
    elif isinstance(value, (dict, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from put_out(part)


def stand_ins(value: Any) -> Iterator[StandInTensor]:
    """The stand-ins in what flows into a part."""
    if isinstance(value, StandInTensor):
        yield value
    elif isinstance(value, (dict, list, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from stand_ins(part)


def in_brackets(shapes: Iterable[Sizes]) -> str:
    """Shapes as the arguments of a layer have them."""
    return f"({' '.join(f'({_listed(shape)}),' for shape in shapes)})"


def _listed(shape: Sizes) -> str:
    return ", ".join(map(in_words, shape)) + "," * (len(shape) == 1)


def with_batch(shape: Sequence[Any], axis: int) -> tuple[Any, ...]:
    """The sizes of a tensor with the batch, in front or behind other axes."""
    return (*shape[:axis], BATCH, *shape[axis:])
