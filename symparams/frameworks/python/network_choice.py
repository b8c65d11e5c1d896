"""Which network of the code is read: the one that is asked for, the one that its end shows, or the only one."""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import Source, SymparamsError, did_you_mean, listing
from .code_modules import parsed
from .code_names import head_of, is_loose, names_stored
from .code_objects import CodeFunction, Environment, PyClass, PyObject, Unknown
from .code_tensors import CodeTensor

CODE_FILE = ".py"


class NoNetworkThere(SymparamsError):
    """Code in which no network is."""


class NotOpen(SymparamsError):
    """A value for a name that the code does not leave open."""


class ChoosesNetwork:
    """Finds the network in code whose statements have been carried out.

    What stands before the place `since` serves what comes after it, and is not the network itself.
    """

    code: Source
    tree: ast.Module
    everything: Sequence[ast.AST]
    since: int
    globals: dict[str, Any]
    loose: dict[str, Any]
    interpreter: Any
    torch: Any
    keras: Any
    is_keras: bool

    def chosen(self, target: str | None) -> tuple[str, Any]:
        """What is read: by its name, or by an expression; else the code's model."""
        if target is None:
            return self.only_one()
        source = Source(target, target)
        tree = parsed(source, "eval")
        names = self.networks()
        head: Any = tree.body
        while isinstance(head, (ast.Call, ast.Attribute)):
            head = head.func if isinstance(head, ast.Call) else head.value
        if isinstance(head, ast.Name) and head.id not in self.globals:
            hint = did_you_mean(head.id, names) or (f"it has {listing(names)}" if names else None)
            raise SymparamsError(f"there is no {head.id!r} in {self.code.name}", None, hint)
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
        new = self.new_statements()
        if self.loose and any(map(is_loose, new)):
            return _stem(self.code.name), self.loose["self"]
        last = self.tree.body[-1] if self.tree.body else None
        if isinstance(last, ast.Expr):
            value = self.interpreter.shown.get(last)
            if self.is_network(value) or isinstance(value, CodeFunction):
                return _called(last.value), value
        found = {name: value for name, value in self.globals.items() if not self.since or name in _made(new)}
        made = {n: v for n, v in found.items() if isinstance(v, PyObject) and self.is_network(v)}
        if len({id(v) for v in made.values()}) == 1:
            return next(iter(made.items()))
        self.check_has_classes(found)
        for names in (list(made), *self.defined(found)):
            if len(names) == 1:
                return names[0], self.globals[names[0]]
            if names:
                fault = f"{self.code.name} has several networks: {listing(names)}"
                is_file = self.code.name.endswith(CODE_FILE)
                hint = f"{self.code.name}:{names[0]}" if is_file else f"a last line says which: {names[0]}"
                raise SymparamsError(fault, None, hint)
        tensors = {n: v for n, v in found.items() if isinstance(v, CodeTensor) and v.node is not None}
        if tensors:
            return list(tensors.items())[-1]
        failed = next((v.error for v in found.values() if isinstance(v, Unknown) and v.error), None)
        if failed is not None:
            raise failed
        hint = "a class, a function or a variable that holds a model"
        raise NoNetworkThere(f"there is no network in {self.code.name}", None, hint)

    def check_has_classes(self, found: Mapping[str, Any]) -> None:
        """Raises SymparamsError for the methods of a class without its head."""
        methods = [name for name, value in found.items() if isinstance(value, CodeFunction) and _takes_self(value)]
        if methods:
            fault = f"{listing(methods)} stand outside of their class"
            raise SymparamsError(fault, None, "put its head above them: class Net(nn.Module):")

    def new_statements(self) -> list[ast.stmt]:
        line = self.code.position(self.since)[0]
        return [s for s in self.tree.body if (s.end_lineno or s.lineno) >= line]

    def defined(self, found: dict[str, Any]) -> Sequence[list[str]]:
        """The classes and functions that may be meant: those that nothing else uses first."""
        used = {n.id for n in self.everything if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        used |= {n.attr for n in self.everything if isinstance(n, ast.Attribute)}
        own = {s.name for s in self.tree.body if isinstance(s, (ast.ClassDef, ast.FunctionDef))}
        classes = [n for n, v in found.items() if n in own and self.is_network(v)]
        functions = [n for n, v in found.items() if n in own and isinstance(v, CodeFunction)]
        return [n for n in classes if n not in used], [n for n in functions if n not in used], classes, functions


def _takes_self(function: CodeFunction) -> bool:
    return [argument.arg for argument in function.node.args.args[:1]] == ["self"]


def _made(statements: Sequence[ast.stmt]) -> set[str]:
    """The names that statements bind, and those whose methods they call: `model` in `model.add(layer)`."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    called = {head_of(n.value) for n in nodes if isinstance(n, ast.Expr)}
    return names_stored(nodes) | called | {s.name for s in statements if isinstance(s, (ast.ClassDef, ast.FunctionDef))}


def _called(value: ast.expr) -> str:
    """What a network is called that an expression shows: by its name, or that of what makes it."""
    head = value.func if isinstance(value, ast.Call) else value
    return head.id if isinstance(head, ast.Name) else "network"


def _stem(name: str) -> str:
    """The name of a file without its ending; of a text that is no file, that of any network."""
    stem = os.path.splitext(os.path.basename(name))[0]
    return stem if stem.isidentifier() else "network"
