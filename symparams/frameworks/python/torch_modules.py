"""Modules of torch.nn, for code that is read: what all have, and the containers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import SymparamsError
from ...language.dialects import TORCH
from ..graph.growing_program import GrowingProgram
from ..graph.traced_tensors import have_one_shape
from .code_objects import MISSING, Descriptor, Native, PyClass, PyObject, Unknown
from .code_parameters import CodeParameter
from .code_tensors import CodeTensor
from .dry_runs import is_dry, run_dry
from .torch_layers import TorchLayers, is_layer

# What a layer with weights goes by whenever it is called, and may be given later.
_GONE_BY = ("stride", "padding", "dilation")


class ModulesByName(dict):  # type: ignore[type-arg]
    """The modules in a module by their names, to be set there."""

    def __init__(self, module: PyObject, modules: dict[str, PyObject]):
        super().__init__(modules)
        self.module = module

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self.module.names[name] = value


class TorchModules(TorchLayers):
    """The classes of torch.nn over one graph."""

    def __init__(self, interpreter: Any, program: GrowingProgram):
        self.interpreter = interpreter
        self.program = program
        self.library = program.library
        self.tied: dict[Any, Any] = {}
        self.root: PyObject | None = None
        self.counts_buffers = False
        self.module = PyClass("Module", (), self.module_names())
        self.classes: dict[str, PyClass] = {
            "Module": self.module,
            "Sequential": PyClass("Sequential", (self.module,), self.list_names(self.sequential_init)),
            "ModuleList": PyClass("ModuleList", (self.module,), self.list_names(self.list_init)),
            "ModuleDict": PyClass("ModuleDict", (self.module,), self.dict_names()),
            "ParameterDict": PyClass("ParameterDict", (self.module,), self.of_parameters(self.dict_names())),
            "ParameterList": PyClass(
                "ParameterList", (self.module,), self.of_parameters(self.list_names(self.list_init))
            ),
        }
        self.classes["Sequential"].names["forward"] = Native(self.run_in_turn, "forward")

    def get(self, name: str) -> Any:
        if name not in self.classes:
            if name in ("TransformerEncoder", "TransformerDecoder"):
                self.classes[name] = self.layer_class(name, ["layer", "num_layers", "norm"])
            elif TORCH.name in self.library.calls.get(name, {}):
                _, spelling = self.library.spelling(name, TORCH.name)
                self.classes[name] = self.layer_class(name, [p.name for p in spelling.parameters])
            else:
                return MISSING
        return self.classes[name]

    def module_names(self) -> dict[str, Any]:
        def chained(self_: Any, *a: Any, **k: Any) -> Any:
            return self_

        names: dict[str, Any] = {
            "training": False,
            "__init__": lambda self_, *a, **k: None,
            "__call__": self.run,
            "children": lambda m: [child for _, child in self.children(m)],
            "named_children": lambda m: list(self.children(m)),
            "modules": lambda m: [module for _, module in self.walk(m)],
            "named_modules": lambda m, *a, **k: list(self.walk(m)),
            "parameters": lambda m, *a, **k: [p for _, p in self.parameters(m)],
            "named_parameters": lambda m, *a, **k: list(self.parameters(m)),
            "buffers": lambda m: [],
            "apply": self.apply,
            "add_module": lambda m, name, child: m.names.__setitem__(name, child),
            "register_module": lambda m, name, child: m.names.__setitem__(name, child),
            "register_buffer": lambda m, name, value=None, **k: m.names.__setitem__(name, value),
            "register_parameter": lambda m, name, value=None: m.names.__setitem__(name, value),
            "requires_grad_": self.set_trained,
            "state_dict": lambda m, *a, **k: Unknown("state_dict()"),
            "load_state_dict": lambda m, *a, **k: Unknown("load_state_dict()"),
            "get_submodule": lambda m, path: dict(self.walk(m))[path],
            "register_forward_hook": chained,
            "_modules": Descriptor("property", Native(lambda m: ModulesByName(m, dict(self.children(m))))),
            "__setattr__": self.set_attribute,
        }
        names.update(
            dict.fromkeys(
                [
                    "to",
                    "cuda",
                    "cpu",
                    "train",
                    "eval",
                    "float",
                    "half",
                    "double",
                    "share_memory",
                    "compile",
                    "zero_grad",
                ],
                chained,
            )
        )
        return {name: Native(work, name) if callable(work) else work for name, work in names.items()}

    def is_module(self, value: Any) -> bool:
        return isinstance(value, PyObject) and value.kind.derives_from(self.module)

    def children(self, module: PyObject) -> Iterator[tuple[str, PyObject]]:
        for name, value in list(module.names.items()):
            if self.is_module(value):
                yield name, value

    def walk(self, module: PyObject, path: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, PyObject]]:
        seen = set() if seen is None else seen
        if id(module) in seen:
            return
        seen.add(id(module))
        yield path, module
        for name, child in self.children(module):
            yield from self.walk(child, f"{path}.{name}" if path else name, seen)

    def parameters(self, module: PyObject) -> Iterator[tuple[str, CodeParameter]]:
        seen: set[int] = set()
        for path, inner in self.walk(module):
            for name, value in self.own_parameters(inner):
                if id(value) not in seen:
                    seen.add(id(value))
                    yield f"{path}.{name}" if path else name, value

    def own_parameters(self, module: PyObject) -> Iterator[tuple[str, CodeParameter]]:
        if is_layer(module):
            yield from self.weights(module).items()
        yield from ((n, v) for n, v in module.names.items() if isinstance(v, CodeParameter) and v.owner is None)

    def with_norm_of_weight(self, layer: Any, name: str = "weight", dim: Any = 0) -> Any:
        """A layer whose weight is kept as its direction and, a parameter more, its length along an axis."""
        if not is_layer(layer) or name not in self.weights(layer):
            raise SymparamsError("weight_norm of what is no layer with a weight is not read")
        weight = self.weights(layer)[name]
        sizes = [size if axis == dim else 1 for axis, size in enumerate(weight.sizes)] if dim is not None else []
        layer.names[f"{name}_g"] = CodeParameter(self.program, sizes)
        return layer

    def without_norm_of_weight(self, layer: PyObject, name: str = "weight") -> PyObject:
        layer.names.pop(f"{name}_g", None)
        return layer

    def apply(self, module: PyObject, work: Any) -> PyObject:
        for _, child in self.walk(module):
            self.interpreter.call(work, [child], {})
        return module

    def set_trained(self, module: PyObject, wanted: Any = True) -> PyObject:
        for _, parameter in self.parameters(module):
            parameter.trained = bool(wanted)
        return module

    def set_attribute(self, module: PyObject, name: str, value: Any) -> None:
        if is_layer(module):
            self.set_of_layer(module, name, value)
        else:
            module.names[name] = value

    def set_of_layer(self, layer: PyObject, name: str, value: Any) -> None:
        """What torch goes by is changed, and what it only keeps is kept."""
        if isinstance(value, CodeParameter) or name in ("weight", "bias"):
            if name in self.weights(layer):
                self.replace(layer, name, value)
                return
        elif name in vars(layer)["arguments"] and (name in _GONE_BY or not self.weights(layer)):
            vars(layer)["given"] = {**vars(layer)["given"], name: value}
        layer.names[name] = value

    def replace(self, layer: PyObject, name: str, value: Any) -> None:
        if isinstance(value, CodeParameter):
            if value is not self.weights(layer)[name]:
                self.share(layer, name, value)
        elif value is None and name == "bias":
            vars(layer)["given"] = {**vars(layer)["given"], "bias": False}
            vars(layer)["weights"] = None
        else:
            raise SymparamsError(f"the {name} of a layer becomes what is no parameter: this is not read")

    def share(self, layer: PyObject, name: str, value: CodeParameter) -> None:
        """Give a layer a parameter in the place of its own: a new one, or one that another layer has."""
        weights = self.weights(layer)
        if not have_one_shape(value, weights[name]):
            raise SymparamsError(f"the {name} of a layer gets another shape: this is not read")
        weights[name] = value
        if value.owner is None:
            value.owner, value.name = layer, name
        elif value is next(iter(weights.values())):
            self.tied[layer] = value
        else:
            raise SymparamsError(f"the {name} of a layer is that of another: this is not read")

    def run(self, module: PyObject, *values: Any, **named: Any) -> Any:
        dry = self.interpreter.depth and is_dry(self.program, values)
        if not self.interpreter.strict and not dry:
            return Unknown("what a module puts out while the file is gone through")
        forward = module.kind.find("forward")
        if forward is MISSING:
            if module.kind.unknown:
                raise module.kind.unknown.fault(f"{module.kind.name} is called")
            raise SymparamsError(f"{module.kind.name} has no forward")
        if dry:
            return run_dry(self.program, lambda *v: self.interpreter.call(forward, [module, *v], named), values)
        around, self.root = self.root, self.root or module
        try:
            with self.interpreter.program.within(module, module.kind.name):
                return self.interpreter.call(forward, [module, *values], named)
        finally:
            self.root = around

    def list_names(self, init: Any) -> dict[str, Any]:
        children = self.items_of

        def get(module: PyObject, key: Any) -> Any:
            if isinstance(key, str):
                return module.names[key]
            found = children(module)[key]
            if isinstance(key, slice):
                made = PyObject(
                    self.classes[module.kind.name] if module.kind.name in self.classes else self.classes["Sequential"]
                )
                made.names.update({str(i): child for i, child in enumerate(found)})
                return made
            return found

        def put(module: PyObject, key: Any, value: Any) -> None:
            names = [name for name, _ in self.members(module)]
            module.names[names[key]] = value

        def add(module: PyObject, value: Any) -> PyObject:
            module.names[str(len(children(module)))] = value
            return module

        def extend(module: PyObject, values: Any) -> PyObject:
            for value in self.interpreter.items(values):
                add(module, value)
            return module

        def delete(module: PyObject, key: Any) -> None:
            kept = [child for i, child in enumerate(children(module)) if i not in gone(module, key)]
            for name, _ in self.members(module):
                del module.names[name]
            extend(module, kept)

        def gone(module: PyObject, key: Any) -> list[int]:
            places = range(len(children(module)))
            return list(places[key]) if isinstance(key, slice) else [places[key]]

        def pop(module: PyObject, key: Any = -1) -> Any:
            found = children(module)[key]
            delete(module, key)
            return found

        def insert(module: PyObject, place: int, value: Any) -> None:
            several = children(module)
            several.insert(place, value)
            module.names.update({str(i): child for i, child in enumerate(several)})

        table = {
            "__init__": init,
            "__getitem__": get,
            "__setitem__": put,
            "append": add,
            "extend": extend,
            "insert": insert,
            "pop": pop,
            "__delitem__": delete,
            "__iter__": children,
            "__add__": lambda module, values: extend(module, values),
            "__len__": lambda m: len(children(m)),
        }
        return {name: Native(work, name) for name, work in table.items()}

    def members(self, module: PyObject) -> list[tuple[str, Any]]:
        return [(n, v) for n, v in module.names.items() if self.is_module(v) or isinstance(v, CodeParameter)]

    def items_of(self, module: PyObject) -> list[Any]:
        return [value for _, value in self.members(module)]

    def list_init(self, module: PyObject, values: Any = (), *more: Any) -> None:
        module.names.update({str(i): child for i, child in enumerate(self.interpreter.items(values))})

    def sequential_init(self, module: PyObject, *values: Any) -> None:
        if len(values) == 1 and isinstance(values[0], dict):
            module.names.update(values[0])
        else:
            wrong = next((v for v in values if not self.is_module(v)), None)
            if wrong is not None:
                what = wrong.what if isinstance(wrong, Unknown) else "a value that is no module"
                raise SymparamsError(f"{what} is in a Sequential, and is not read")
            self.list_init(module, values)

    def run_in_turn(self, module: PyObject, value: Any) -> Any:
        for child in self.items_of(module):
            value = self.interpreter.call(child, [value], {})
        return value

    def of_parameters(self, names: Mapping[str, Any]) -> dict[str, Any]:
        """What a list or a table of parameters has: a tensor that is put into it becomes one."""

        def kept(work: Any) -> Any:
            def run(module: PyObject, *values: Any, **named: Any) -> Any:
                result = work(module, *values, **named)
                for name, value in module.names.items():
                    if isinstance(value, CodeTensor) and not isinstance(value, CodeParameter):
                        module.names[name] = CodeParameter(self.program, value.sizes)
                return result

            return run

        return {name: Native(kept(native.work), name) for name, native in names.items()}

    def dict_names(self) -> dict[str, Any]:
        table: dict[str, Any] = {
            "__init__": lambda m, values=None: m.names.update(
                values if isinstance(values, dict) else dict(values or ())
            ),
            "__getitem__": lambda m, key: m.names[key],
            "__setitem__": lambda m, key, value: m.names.__setitem__(key, value),
            "__iter__": lambda m: [name for name, _ in self.members(m)],
            "__len__": lambda m: len(self.members(m)),
            "items": self.members,
            "keys": lambda m: [name for name, _ in self.members(m)],
            "values": self.items_of,
            "update": lambda m, values: m.names.update(values),
        }
        return {name: Native(work, name) for name, work in table.items()}
