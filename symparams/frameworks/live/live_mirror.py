"""The objects that code that is read has for modules of torch, made of live ones: layers with their arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from torch import nn

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...language.dialects import TORCH
from ..python.code_objects import Native, PyClass, PyObject
from ..python.code_parameters import CodeParameter
from ..python.torch_layers import PAIRED, is_layer, plain_value
from ..python.torch_modules import TorchModules
from .live_copies import Scripted
from .live_values import StandInTensor

# Batch norm's counter of steps, which is no weight.
COUNTER = "num_batches_tracked"
# Methods of a layer that a class derived from it may have its own of, and still be that layer.
_HOUSEKEEPING = frozenset(
    """__init__ extra_repr reset_parameters _reset_parameters flatten_parameters __repr__ __setstate__ from_pretrained
    _save_to_state_dict _load_from_state_dict""".split()  # noqa: SIM905
)
# Layers that are modules of further modules, whose own code is traced.
_OF_PARTS = frozenset(["Transformer", "TransformerEncoderLayer", "TransformerDecoderLayer"])
# Arguments that a module does not keep under their names.
_ASKED: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("MultiheadAttention", "bias"): lambda module: held(module, "in_proj_bias"),
    ("MultiheadAttention", "add_bias_kv"): lambda module: held(module, "bias_k"),
}
# Arguments that change what a layer gives back beside its output.
_CHANGES_RESULTS = ("return_indices",)
# What is put before, or behind, the name of a tensor that another is worked out of.
_OF_ANOTHER = re.compile(r"parametrizations\.(\w+)\.original[01]?|(\w+)_(?:orig|v)")
# Where the hooks are from that work out a layer's weight before it is called.
_REPARAMETRIZING = "torch.nn.utils."
Shape = tuple[Quantity, ...]


class Mirror:
    """The objects for the modules of a copy whose tensors are stand-ins, and for their parameters.

    `loose` are parameters that are no layer's; `buffers` are tensors that are kept, and no layer's, by their paths.
    """

    def __init__(self, modules: TorchModules, copy: nn.Module):
        self.modules = modules
        self.program = modules.program
        self.objects: dict[nn.Module, PyObject] = {}
        self.buffers: dict[str, Shape] = {}
        self.loose: list[CodeParameter] = []
        self._kept: set[int] = set()
        for path, module in copy.named_modules():
            layer = None if self.layer_around(path, copy) else self.layer(path, module)
            if layer is not None:
                self.objects[module] = layer
        for path, module in copy.named_modules():
            if module not in self.objects and self.layer_around(path, copy) is None:
                self.objects[module] = self.part(path, module)
        for module, made in self.objects.items():
            made.names.update({name: self.objects[c] for name, c in module.named_children() if c in self.objects})
        self.root = self.objects[copy]

    def layer_around(self, path: str, copy: nn.Module) -> nn.Module | None:
        """The layer that a module is a part of, such as the projection of an attention."""
        names = path.split(".")[:-1] if path else []
        around: Any = copy
        for name in ["", *names]:
            around = around._modules[name] if name else around
            if around is not None and is_layer(self.objects.get(around)):
                return around
        return None

    def layer(self, path: str, module: nn.Module) -> PyObject | None:
        """A layer that the rules know, with the tensors that torch has; None where there is none."""
        name = known_class(module, self.modules)
        if name is None:
            return None
        try:
            made: PyObject = self.modules.interpreter.call(self.modules.get(name), [], self.arguments(name, module))
            weights, state = self.modules.weights(made), self.modules.state_shapes(made)
        except SymparamsError:
            return None
        live = [(word, tensor) for word, tensor in module.named_parameters() if isinstance(tensor, StandInTensor)]
        pairs = _paired({word: weight.sizes for word, weight in weights.items()}, live)
        buffers = self.other_buffers(module, state)
        if pairs is None or buffers is None or not self.own(made, pairs):
            return None
        for word, tensor in live:
            if tensor.code is None:
                made.names[word] = self.loose_parameter(tensor)
        self.keep(path, buffers)
        for number, hook in list(module._forward_pre_hooks.items()):
            if type(hook).__module__.startswith(_REPARAMETRIZING):
                del module._forward_pre_hooks[number]
        return made

    def own(self, made: PyObject, pairs: dict[str, StandInTensor]) -> bool:
        """Have the layer own its tensors, but for a weight that another layer owns.

        False where it shares more, or where a part of it is frozen: then its own code is traced.
        """
        shared = {word: tensor for word, tensor in pairs.items() if tensor.code is not None}
        trained = {tensor.own.requires_grad for tensor in pairs.values() if tensor.own is not None}
        if len(trained) > 1 or any(word != "weight" or _owner(tensor) is None for word, tensor in shared.items()):
            return False
        for word, tensor in pairs.items():
            if word in shared:
                self.modules.set_attribute(made, word, tensor.code)
            else:
                tensor.code = self.modules.weights(made)[word]
                tensor.code.trained = trained == {True}
        return True

    def arguments(self, name: str, module: nn.Module) -> dict[str, Any]:
        """The arguments that the layer was made with, read off its attributes."""
        _, spelling = self.modules.library.spelling(name, TORCH.name)
        given = {}
        for parameter in spelling.parameters:
            word = parameter.name
            if not parameter.kind and word not in _CHANGES_RESULTS:
                continue
            if (name, word) in _ASKED:
                value = _ASKED[name, word](module)
            elif word == "bias" and not isinstance(vars(module).get(word), bool):
                value = held(module, word) or not held(module, "weight")
            else:
                value = vars(module).get(word)
            value = _as_called(word, value)
            if value is not None and value != plain_value(parameter.default):
                given[word] = value
        return given

    def other_buffers(self, module: nn.Module, state: list[Shape]) -> dict[str, StandInTensor] | None:
        """The buffers that are not the layer's state; None where it lacks some of that."""
        rest = {}
        waiting = list(state)
        for word, buffer in module.named_buffers():
            if word != COUNTER and buffer.code.sizes in waiting:
                waiting.remove(buffer.code.sizes)
            else:
                rest[word] = buffer
        return None if waiting else rest

    def keep(self, path: str, buffers: dict[str, StandInTensor]) -> None:
        """Take note of buffers that are no layer's state."""
        for word, buffer in buffers.items():
            if id(buffer) not in self._kept and word.rpartition(".")[2] != COUNTER:
                self._kept.add(id(buffer))
                self.buffers[_below(path, word)] = buffer.code.sizes

    def part(self, path: str, module: nn.Module) -> PyObject:
        """A module of the code's own, with the parameters and the buffers that it holds itself."""
        name = module.kind if isinstance(module, Scripted) else type(module).__name__
        made = PyObject(PyClass(name, (self.modules.module,), {"forward": Native(module.forward, "forward")}))
        for word, tensor in module._parameters.items():
            if isinstance(tensor, StandInTensor):
                made.names[word] = tensor.code if tensor.code is not None else self.loose_parameter(tensor)
        self.keep(path, {w: b for w, b in module._buffers.items() if isinstance(b, StandInTensor)})
        return made

    def loose_parameter(self, tensor: StandInTensor) -> CodeParameter:
        assert tensor.own is not None
        tensor.code = made = CodeParameter(self.program, tuple(tensor.own.shape))
        made.trained = tensor.own.requires_grad
        self.loose.append(made)
        return made


def _as_called(word: str, value: Any) -> Any:
    """An argument as it is usually given: one number for all axes."""
    if word in PAIRED and isinstance(value, (list, tuple)) and len(set(value)) == 1:
        return value[0]
    return tuple(value) if isinstance(value, (list, tuple)) else value


def _owner(tensor: StandInTensor) -> Any:
    return tensor.code.owner if isinstance(tensor.code, CodeParameter) else None


def held(module: nn.Module, word: str) -> bool:
    """Whether the module has a parameter of this name, or one that this is worked out of."""
    return any(word == _own_name(name) for name, _ in module.named_parameters(recurse=True))


def known_class(module: nn.Module, modules: TorchModules) -> str | None:
    """The layer of torch.nn that a module is, and nothing more."""
    kind = type(module)
    for base in kind.__mro__:
        name = base.__name__
        if base.__module__.startswith("torch.nn.modules.") and TORCH.name in modules.library.calls.get(name, {}):
            if name in _OF_PARTS or "forward" in vars(module):
                return None
            return name if all(getattr(kind, n) is f for n, f in _methods(base)) else None
    return None


def _methods(kind: type) -> Iterator[tuple[str, Any]]:
    for base in kind.__mro__:
        if base is nn.Module:
            return
        for name, value in vars(base).items():
            if callable(value) and name not in _HOUSEKEEPING:
                yield name, getattr(kind, name)


def _own_name(name: str) -> str:
    """What a parameter is called where it is used."""
    found = _OF_ANOTHER.fullmatch(name)
    return (found[1] or found[2]) if found else name


def _paired(weights: dict[str, Shape], live: list[tuple[str, StandInTensor]]) -> dict[str, StandInTensor] | None:
    """The tensor of torch for each weight of the rule, by name and shape, else by shape; None where one is lacking."""
    waiting = list(live)
    found: dict[str, StandInTensor] = {}
    for by_name in (True, False):
        for word, sizes in weights.items():
            if word in found:
                continue
            for pair in waiting:
                name, tensor = pair
                assert tensor.own is not None
                if tuple(tensor.own.shape) == sizes and (not by_name or _own_name(name) == word):
                    found[word] = tensor
                    waiting.remove(pair)
                    break
    return found if len(found) == len(weights) else None


def _below(path: str, word: str) -> str:
    return f"{path}.{word}" if path else word
