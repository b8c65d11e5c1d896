"""Values of the graph as the code of a live module has them, and the other way round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ...evaluate.domain import is_condition, is_symbolic
from ..python.code_objects import NotRead, Unknown
from ..python.code_parameters import CodeParameter
from ..python.code_tensors import CodeTensor
from ..python.tensor_functions import ValuesAndPlaces
from .live_values import LiveSize, LiveUnknown, LiveValuesAndPlaces, NoPart, StandInTensor

_NO_PART = "a parameter is used that is no part of the module: torch does not count it"


class LiveConversions:
    """The stand-ins of one run: each tensor of the graph has one."""

    def __init__(self, interpreter: Any, decide: Callable[[Any], bool], device: Any):
        self.interpreter = interpreter
        self.program = interpreter.program
        self.decide = decide
        self.device = device
        self.changed: list[tuple[CodeTensor, Any, Any]] = []
        self.stand_ins: dict[int, StandInTensor] = {}
        self.made: list[CodeTensor] = []

    def before(self) -> Any:
        return self.program.mark(), len(self.changed)

    def back_to(self, before: Any) -> None:
        """Take back what has been done since, of which a part is not read."""
        mark, changes = before
        self.program.take_back(mark)
        for code, node, sizes in reversed(self.changed[changes:]):
            code.node, code.sizes = node, sizes
        del self.changed[changes:]
        owners = {id(node.owner) for node in self.program.nodes}
        for code in self.made:
            if code.node is not None and code.node not in self.program.labels:
                code.node = None
            if isinstance(code, CodeParameter) and code.beside is not None and id(code.beside) not in owners:
                code.beside = None

    def plain(self, value: Any) -> Any:
        """A value as the tables have it."""
        if isinstance(value, StandInTensor):
            if value.code is None:
                raise NotRead("a tensor is used that is not traced")
            return value.code
        if isinstance(value, LiveSize):
            return value.value
        if isinstance(value, LiveUnknown):
            return Unknown(value.what)
        if isinstance(value, torch.nn.Parameter):
            raise NoPart(_NO_PART, None, "keep it as an attribute, or its list as an nn.ModuleList or nn.ParameterList")
        if isinstance(value, torch.Tensor):
            return CodeTensor(self.program, None, tuple(value.shape))
        if isinstance(value, slice):
            return slice(self.plain(value.start), self.plain(value.stop), self.plain(value.step))
        if isinstance(value, dict):
            return {key: self.plain(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.plain(part) for part in value]
        return tuple(self.plain(part) for part in value) if isinstance(value, tuple) else value

    def shown(self, value: Any, dtype: Any) -> Any:
        """A value of the tables as the code has it."""
        if isinstance(value, CodeTensor):
            return self.stand_in(value, dtype)
        if isinstance(value, Unknown):
            return LiveUnknown(value.what)
        if is_symbolic(value):
            return LiveSize(value, self.interpreter, self.decide)
        if is_condition(value):
            return self.decide(value)
        if isinstance(value, ValuesAndPlaces):
            return LiveValuesAndPlaces((self.shown(value[0], dtype), self.shown(value[1], torch.int64)))
        if isinstance(value, tuple) and value and all(type(size) is int or is_symbolic(size) for size in value):
            return torch.Size([self.shown(size, None) for size in value])
        if isinstance(value, (list, tuple)):
            return type(value)(self.shown(part, dtype) for part in value)
        return value

    def stand_in(self, code: CodeTensor, dtype: Any) -> StandInTensor:
        """The stand-in of a tensor, which is always the same."""
        found = self.stand_ins.get(id(code))
        if found is None:
            found = StandInTensor(code, dtype or torch.get_default_dtype(), self.device)
            self.known(found)
        return found

    def known(self, stand_in: StandInTensor) -> None:
        self.stand_ins[id(stand_in.code)] = stand_in
        self.made.append(stand_in.code)
