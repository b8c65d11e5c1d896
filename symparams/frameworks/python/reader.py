"""A Python file, or code as text, to the program of the network in it. Nothing is executed, no framework is needed."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import Source, Span, SymparamsError, did_you_mean, listing
from ...evaluate.axes import Value
from ...evaluate.domain import symbols_of
from ...language.dialects import KERAS, TORCH
from ...language.program_files import read
from ..graph.growing_program import GrowingProgram
from ..graph.traced_tensors import BATCH
from ..graph.written_graph import written
from . import builtin_names
from .code_tensors import CodeTensor, Parameter
from .interpreter import Interpreter
from .objects import MISSING, Environment, Function, Namespace, PyClass, PyObject, Raised, Unknown
from .torch_modules import TorchModules, is_layer
from .torch_names import torch_modules

_TARGET = re.compile(r"(.+?\.py)(?::(.+))?", re.DOTALL)


def is_python(name: str) -> bool:
    return _TARGET.fullmatch(name) is not None


def source_of_file(name: str, inputs: Sequence[str] = (), values: Mapping[str, Value] | None = None) -> Source:
    """The program of `net.py`, `net.py:Net` or `net.py:Net(w)`. Raises SymparamsError."""
    found = _TARGET.fullmatch(name)
    assert found is not None
    path, target = found[1], found[2]
    return source_of_code(read(path), target, inputs, values)


def source_of_code(
    code: Source, target: str | None = None, inputs: Sequence[str] = (), values: Mapping[str, Value] | None = None
) -> Source:
    """The program of the network that the code has under a name. Raises SymparamsError."""
    reading = _Reading(code, values or {})
    try:
        return reading.network(target, inputs)
    except Raised as error:
        fault = f"the code raises {error.kind}{f': {error.message}' if error.message else ''}"
        raise SymparamsError(fault, reading.last) from None
    except RecursionError:
        raise SymparamsError("the code nests too deeply") from None


class _Interpreter(Interpreter):
    last: Span | None = None

    def statement(self, node: ast.stmt, env: Environment) -> None:
        try:
            super().statement(node, env)
        except Raised as error:
            if not hasattr(error, "span"):
                error.span = self.span(node)  # type: ignore[attr-defined]
                self.last = error.span  # type: ignore[attr-defined]
            raise


class _Reading:
    def __init__(self, code: Source, values: Mapping[str, Value]):
        self.code = code
        self.values = values
        try:
            self.tree = ast.parse(code.text)
        except SyntaxError as error:
            raise SymparamsError(f"this is no Python: {error.msg}", _at(code, error)) from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise SymparamsError(f"this is no Python that can be read: {error}") from None
        imports = {name for name in _imported(self.tree)}
        calls = {
            n.func.attr if isinstance(n.func, ast.Attribute) else getattr(n.func, "id", "")
            for n in ast.walk(self.tree)
            if isinstance(n, ast.Call)
        }
        self.is_keras = "torch" not in imports and (
            bool(imports & {"keras", "tensorflow"}) or bool(calls & {"Input", "Conv2D", "Dense"})
        )
        self.program = GrowingProgram(KERAS.name if self.is_keras else TORCH.name, None, values)
        self.interpreter = _Interpreter(self.program, {}, self.imported)
        self.interpreter.builtins.update(builtin_names.builtins(self.interpreter))
        self.torch = TorchModules(self.interpreter, self.program)
        self.tables = {**builtin_names.modules(self.interpreter), **torch_modules(self.torch)}
        if self.is_keras:
            from .keras_names import keras_modules

            self.keras, tables = keras_modules(self.interpreter, self.program)
            self.tables.update(tables)
        self.modules: dict[str, Any] = {}
        self.paths: dict[int, str] = {}
        self.globals: dict[str, Any] = {"__name__": "__read__", "__file__": code.name}
        self.loose: dict[str, Any] = {}

    @property
    def last(self) -> Span | None:
        return self.interpreter.last

    # Modules

    def imported(self, name: str, level: int) -> Any:
        """A module: one that is offered, one that stands beside the file, or what is not known."""
        if level == 0 and name in self.tables:
            return self.known(name)
        if level == 0 and name.partition(".")[0] in {t.partition(".")[0] for t in self.tables} - {
            "torchvision",
            "timm",
        }:
            return self.known(name)
        beside = self.beside(name, level)
        if beside is not None:
            return beside
        return self.known(name) if level == 0 else Namespace(name, self.tables["misc"])

    def known(self, name: str) -> Any:
        if name not in self.modules:
            table = self.tables.get(name)

            def find(word: str) -> Any:
                found = table(word) if table else MISSING
                if found is MISSING and f"{name}.{word}" in self.tables:
                    return self.known(f"{name}.{word}")
                return found

            self.modules[name] = Namespace(name, find)
        return self.modules[name]

    def beside(self, name: str, level: int) -> Any:
        here = self.interpreter.source.name
        folder = os.path.realpath(os.path.dirname(here))
        root = os.path.realpath(os.path.dirname(self.code.name))
        for _ in range(max(level - 1, 0)):
            folder = os.path.dirname(folder)
        parts = name.split(".") if name else []
        for start in range(len(parts) + 1 if level == 0 else 1):
            place = os.path.join(folder, *parts[start:])
            for path in (f"{place}.py", os.path.join(place, "__init__.py")):
                inside = os.path.realpath(path).startswith(
                    os.path.join(os.path.dirname(root) if level > 1 else root, "")
                )
                if parts[start:] and inside and os.path.isfile(path):
                    return self.module_of(path)
            if level:
                break
        return None

    def module_of(self, path: str) -> PyObject:
        path = os.path.realpath(path)
        if path not in self.modules:
            made = self.modules[path] = PyObject(PyClass("module", (), {}))
            source = read(path)
            made.names.update(__name__=os.path.basename(path).removesuffix(".py"), __file__=path)
            self.run(source, ast.parse(source.text), made.names)
        return self.modules[path]

    def run(self, source: Source, tree: ast.Module, names: dict[str, Any]) -> None:
        before = self.interpreter.source
        self.interpreter.sources[id(names)] = source
        self.interpreter.source = source
        try:
            self.interpreter.run(tree.body, Environment(None, names))
        finally:
            self.interpreter.source = before

    # Networks

    def network(self, target: str | None, inputs: Sequence[str]) -> Source:
        self.interpreter.source = self.code
        self.interpreter.sources[id(self.globals)] = self.code
        self.offer_usual_names()
        if self.is_keras:
            self.keras.asked = [self.shape(text.rpartition("=")[2]) for text in inputs]
        self.run_main()
        self.interpreter.source = self.code
        self.interpreter.strict = 1
        name, value = self.chosen(target)
        return self.built(name, value, inputs)

    def offer_usual_names(self) -> None:
        """Names that pasted code has without importing them, unless it binds them."""
        table: dict[str, Any] = {
            "nn": self.known("torch.nn"),
            "torch": self.known("torch"),
            "F": self.known("torch.nn.functional"),
            "math": self.known("math"),
        }
        if self.is_keras:
            table = {
                "layers": self.known("keras.layers"),
                "keras": self.known("keras"),
                "tf": self.known("tensorflow"),
                "math": self.known("math"),
                **self.keras.usual(),
            }
        if "self" in {n.id for n in ast.walk(self.tree) if isinstance(n, ast.Name)} and any(
            _is_loose(s) for s in self.tree.body
        ):
            table["self"] = PyObject(self.torch.module)
            self.loose = table
        self.interpreter.builtins = {**table, **self.interpreter.builtins}

    def run_main(self) -> None:
        """The file's statements; one that fails and binds nothing that counts is left out."""
        env = Environment(None, self.globals)
        for statement in self.tree.body:
            try:
                self.interpreter.statement(statement, env)
            except Raised:
                if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                    raise
                self.interpreter.forget([statement], env, Unknown("what the file works out here"))
            except SymparamsError as error:
                names = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
                if (
                    self.loose
                    or not names
                    or error.status != 1
                    or isinstance(statement, (ast.FunctionDef, ast.ClassDef))
                ):
                    raise
                failed = Unknown(error.message)
                failed.error = error  # type: ignore[attr-defined]
                self.interpreter.forget([statement], env, failed)

    def chosen(self, target: str | None) -> tuple[str, Any]:
        """What is read: by its name, or by an expression; else the file's model."""
        if target is None:
            return self.only_one()
        try:
            tree = ast.parse(target, mode="eval")
        except SyntaxError as error:
            source = Source(target, target)
            raise SymparamsError(f"this is no Python: {error.msg}", _at(source, error)) from None
        names = self.networks()
        head: Any = tree.body
        while isinstance(head, (ast.Call, ast.Attribute)):
            head = head.func if isinstance(head, ast.Call) else head.value
        if isinstance(head, ast.Name) and head.id not in self.globals:
            hint = did_you_mean(head.id, names) or (f"it has {listing(names)}" if names else None)
            raise SymparamsError(f"there is no {head.id!r} in {self.code.name}", None, hint)
        source = Source(target, target)
        self.interpreter.source = source
        self.interpreter.sources[-1] = source
        value = self.interpreter.value(tree.body, Environment(None, self.globals))
        self.interpreter.source = self.code
        return (head.id if isinstance(head, ast.Name) else "network"), value

    def networks(self) -> list[str]:
        return [name for name, value in self.globals.items() if self.is_network(value)]

    def is_network(self, value: Any) -> bool:
        if isinstance(value, PyObject):
            return self.torch.is_module(value) or (self.is_keras and self.keras.is_model(value))
        kinds = (self.torch.module, *((self.keras.layer,) if self.is_keras else ()))
        return isinstance(value, PyClass) and any(value.derives_from(kind) for kind in kinds)

    def only_one(self) -> tuple[str, Any]:
        if self.loose:
            return os.path.basename(self.code.name).removesuffix(".py"), self.loose["self"]
        made = {n: v for n, v in self.globals.items() if isinstance(v, PyObject) and self.is_network(v)}
        if len({id(v) for v in made.values()}) == 1:
            return next(iter(made.items()))
        used = {
            n.id
            for statement in self.tree.body
            for n in ast.walk(statement)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
        }
        used |= {n.attr for n in ast.walk(self.tree) if isinstance(n, ast.Attribute)}
        own = {s.name for s in self.tree.body if isinstance(s, (ast.ClassDef, ast.FunctionDef))}
        classes = [n for n, v in self.globals.items() if n in own and self.is_network(v)]
        functions = [n for n, v in self.globals.items() if n in own and isinstance(v, Function)]
        tensors = {n: v for n, v in self.globals.items() if isinstance(v, CodeTensor) and v.node is not None}
        for names in (
            list(made),
            [n for n in classes if n not in used],
            [n for n in functions if n not in used],
            classes,
        ):
            if len(names) == 1:
                return names[0], self.globals[names[0]]
            if names:
                raise SymparamsError(
                    f"{self.code.name} has several networks: {listing(names)}", None, f"{self.code.name}:{names[0]}"
                )
        if tensors:
            return list(tensors.items())[-1]
        failed = next((v for v in self.globals.values() if hasattr(v, "error")), None)
        if failed is not None:
            raise failed.error
        raise SymparamsError(
            f"there is no network in {self.code.name}", None, "a class, a function or a variable that holds a model"
        )

    def built(self, name: str, value: Any, inputs: Sequence[str]) -> Source:
        """The program of what was chosen: a class is made, a function called, with symbols for what is not given."""
        if isinstance(value, Unknown):
            raise getattr(value, "error", None) or value.fault(f"{name!r}")
        if isinstance(value, (PyClass, Function)):
            value = self.interpreter.call(value, *self.arguments(value))
        if isinstance(value, CodeTensor):
            return self.program_of(name, [value], {}, [])
        if isinstance(value, PyObject) and self.torch.is_module(value):
            return self.torch_program(name, value, inputs)
        if self.is_keras:
            return self.keras.written_program(self, name, value, inputs)
        raise SymparamsError(f"{name!r} is no network")

    def arguments(self, value: Any) -> tuple[list[Any], dict[str, Any]]:
        """Symbols for the arguments that have no default, named as they are, and the values that are set."""
        init = value.find("__init__") if isinstance(value, PyClass) else value
        if not isinstance(init, Function):
            return [], {}
        takes = init.node.args
        names = [a.arg for a in (*takes.posonlyargs, *takes.args)][isinstance(value, PyClass) :]
        names += [a.arg for a in takes.kwonlyargs]
        given = {n: self.program.symbol(n) for n in names if n not in init.defaults}
        given.update({n: v for n, v in self.values.items() if n in names})
        return [], given

    def torch_program(self, name: str, module: PyObject, inputs: Sequence[str]) -> Source:
        forward = module.kind.find("forward")
        if forward is MISSING or (module is self.loose.get("self")):
            return self.program_of(name, [], self.torch_paths(module), self.unused(module, set()))
        takes = _takes(forward)
        tensors = self.inputs(takes, inputs, self.first_layer(module))
        began = len(self.program.nodes) - len(tensors)
        result = self.interpreter.call(module, tensors, {})
        outputs = [t for t in _tensors_in(result) if t.node is not None]
        if not outputs:
            raise SymparamsError(f"forward of {name} puts out no tensor that is read")
        called = {id(node.owner) for node in self.program.nodes[began:]}
        return self.program_of(
            name, outputs, self.torch_paths(module), self.unused(module, called), self.program.nodes[began:]
        )

    def torch_paths(self, module: PyObject) -> dict[Any, str]:
        paths: dict[Any, str] = {}
        for path, inner in self.torch.walk(module):
            if is_layer(inner):
                paths.setdefault(inner, path or inner.layer)  # type: ignore[attr-defined]
            for word, value in inner.names.items():
                if isinstance(value, Parameter) and value.owner is None:
                    paths.setdefault(value, f"{path}.{word}" if path else word)
        return paths

    def unused(self, module: PyObject, called: set[int]) -> list[tuple[str, str]]:
        """Layers and parameters that nothing flows through, which count all the same."""
        found = []
        for thing, path in self.torch_paths(module).items():
            if id(thing) in called:
                continue
            if isinstance(thing, Parameter):
                from ..graph.growing_program import in_words

                if thing.node is None:
                    found.append((path, f"aside(_) {{ LABEL: parameter({', '.join(map(in_words, thing.sizes))}) }}"))
            elif self.torch.weights(thing) or True:
                found.append((path, self.torch.aside(thing)))
        return found

    def first_layer(self, module: PyObject) -> list[Quantity] | None:
        """The shape that the first layer takes, as far as it says so."""
        for _, inner in self.torch.walk(module):
            if is_layer(inner):
                given = inner.names
                rank = re.search(r"(\d)d$", inner.layer)  # type: ignore[attr-defined]
                if "in_channels" in given and rank:
                    return [
                        given["in_channels"],
                        *(self.program.symbol(n) for n in {1: "L", 2: "HW", 3: "DHW"}[int(rank[1])]),
                    ]
                for word in ("in_features", "input_size", "num_embeddings", "d_model", "embed_dim"):
                    if word in given:
                        size = [] if word == "num_embeddings" else [given[word]]
                        return size if word == "in_features" else [self.program.symbol("T"), *size]
        return None

    def inputs(self, takes: Sequence[tuple[str, bool]], inputs: Sequence[str], first: Any) -> list[Any]:
        """A tensor for each input of the network."""
        required = [name for name, needed in takes if needed] or [name for name, _ in takes][:1]
        shapes: dict[str, list[Any]] = {}
        for place, text in enumerate(inputs):
            name, _, shape = text.rpartition("=")
            name = name.strip() or (required[place] if place < len(required) else f"x{place + 1}")
            shapes[name] = self.shape(shape)
        if not inputs and required:
            if first is None:
                raise SymparamsError("the shape of the input is not to be seen", None, "--input 3,H,W gives it")
            shapes[required[0]] = first
        missing = [name for name in required if name not in shapes]
        if missing:
            raise SymparamsError(f"the input {missing[0]!r} has no shape", None, f"--input {missing[0]}=3,H,W gives it")
        made = []
        for name, _ in takes:
            if name in shapes:
                node = self.program.input(name, shapes[name])
                made.append(CodeTensor(self.program, node, (BATCH, *shapes[name])))
        return made

    def shape(self, text: str) -> list[Any]:
        source = Source("--input", text)
        try:
            tree = ast.parse(f"({text.strip().strip('()')},)", mode="eval")
        except SyntaxError:
            raise SymparamsError(f"{text!r} is no shape", None, "--input 3,224,224") from None
        before, self.interpreter.source = self.interpreter.source, source
        names, self.interpreter.builtins = self.interpreter.builtins, {}
        value = self.interpreter.value(tree.body, Environment(None, {}))
        self.interpreter.source, self.interpreter.builtins = before, names
        return list(value)

    def program_of(
        self,
        name: str,
        outputs: Sequence[CodeTensor],
        paths: Mapping[Any, str],
        unused: Sequence[tuple[str, str]],
        made: Sequence[Any] = (),
    ) -> Source:
        frozen = self.frozen(paths) if not self.is_keras else self.keras.frozen(paths)
        text, shown = written(
            self.program, name, [t.node for t in outputs], paths, frozen, self.torch.tied, unused, made
        )
        return Source(self.code.name, text, shown)

    def frozen(self, paths: Mapping[Any, str]) -> list[Any]:
        found = []
        for thing in paths:
            own = [thing] if isinstance(thing, Parameter) else list((thing.weights or {}).values())
            still = [p for p in own if not p.trained]
            if still and len(still) < len(own):
                raise SymparamsError(f"a part of {paths[thing]} is frozen, and a part is not: this is not read")
            if still:
                found.append(thing)
        return found


def _takes(forward: Any) -> list[tuple[str, bool]]:
    """The inputs of a forward function, and which it needs."""
    if not isinstance(forward, Function):
        return [("x", True)]
    arguments = forward.node.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)][1:]
    found = [(name, name not in forward.defaults) for name in names]
    return found or ([("x", True)] if arguments.vararg else [])


def _tensors_in(value: Any) -> list[CodeTensor]:
    if isinstance(value, CodeTensor):
        return [value]
    if isinstance(value, dict):
        return [t for inner in value.values() for t in _tensors_in(inner)]
    if isinstance(value, (tuple, list)):
        return [t for inner in value for t in _tensors_in(inner)]
    if isinstance(value, PyObject):
        return [t for inner in value.names.values() for t in _tensors_in(inner)]
    return []


def _imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _is_loose(statement: ast.stmt) -> bool:
    """Whether a statement outside of a class sets something on `self`."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(t, ast.Attribute) and isinstance(t.value, ast.Name) and t.value.id == "self" for t in targets)


def _at(source: Source, error: SyntaxError) -> Span:
    lines = source.text.split("\n")
    line = min(max(error.lineno or 1, 1), len(lines))
    start = sum(len(text) + 1 for text in lines[: line - 1]) + max((error.offset or 1) - 1, 0)
    return Span(source, start, start + 1)


__all__ = ["is_python", "source_of_code", "source_of_file", "symbols_of"]
