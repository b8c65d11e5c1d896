"""What the code that is read works with: functions, classes, objects, modules, and what is not known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from ...cached import cached_property
from ...errors import SymparamsError
from .package_files import READ_WHERE_INSTALLED


class NotRead(SymparamsError):
    """A value that is not read is needed."""


class Unknown:
    """A value that reading the file does not give: what a library says that is not read, or a file, or a clock."""

    def __init__(self, what: str, error: SymparamsError | None = None):
        self.what = what
        self.error = error

    @property
    def is_like_a_layer(self) -> bool:
        """Whether it is named as a class is, but for what measures a loss."""
        name = self.what.rpartition(".")[2]
        return name[:1].isupper() and not name.isupper() and not name.endswith("Loss") and name.isidentifier()

    def fault(self, use: str) -> SymparamsError:
        if self.error is not None:
            return self.error
        package = self.what.partition(".")[0]
        hint = f"install {package}: its files are read, not run" if package in READ_WHERE_INSTALLED else None
        return NotRead(f"{use}: {self.what} is not read", None, hint)


class Environment:
    """Names and their values, within the names around them."""

    __slots__ = ("function", "globals", "names", "outer", "shared")

    def __init__(self, outer: Environment | None, module: dict[str, Any], function: Any = None):
        self.outer = outer
        self.globals = module
        self.names: dict[str, Any] = module if outer is None else {}
        self.shared: dict[str, Environment | None] = {}
        self.function = function


class CodeFunction:
    """A function of the code, with its defaults and what is around it."""

    def __init__(self, node: Any, defaults: dict[str, Any], around: Environment, name: str):
        self.node = node
        self.defaults = defaults
        self.around = around
        self.name = name
        self.names: dict[str, Any] = {}
        self.owner: PyClass | None = None

    @cached_property
    def is_generator(self) -> bool:
        return not isinstance(self.node, ast.Lambda) and _yields(self.node)


def _yields(node: Any) -> bool:
    waiting = [*node.body]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(inner, (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.AsyncFunctionDef)):
            waiting += ast.iter_child_nodes(inner)
    return False


class Native:
    """A function that a library offers to the code."""

    def __init__(self, work: Callable[..., Any], name: str = ""):
        self.work = work
        self.name = name or getattr(work, "__name__", "?")
        self.names: dict[str, Any] = {}
        self.kind: PyClass | None = None


class BoundFunction:
    """A function with the object, or the class, that it is called on."""

    def __init__(self, function: Any, first: Any):
        self.function = function
        self.first = first


class Descriptor:
    """A property, a static method or a class method of a class."""

    def __init__(self, kind: str, function: Any, setter: Any = None):
        self.kind = kind
        self.function = function
        self.setter = setter

    def attribute(self, name: str) -> Any:
        """What a property is asked for: a decorator that gives it a function to be set with."""
        if self.kind != "property" or name not in ("setter", "getter", "deleter"):
            raise AttributeError(f"a {self.kind} has no {name!r}")
        return Native(lambda work: Descriptor(self.kind, self.function, work if name == "setter" else self.setter))


class PyClass:
    """A class of the code, or one that a library offers to it."""

    def __init__(self, name: str, bases: tuple[Any, ...], names: dict[str, Any]):
        self.name = name
        self.bases = bases
        self.names = names
        self.order: list[PyClass] = [self, *_merged([base.order for base in bases if isinstance(base, PyClass)])]
        self.unknown = next((b for c in self.order for b in c.bases if isinstance(b, Unknown)), None)

    def find(self, name: str, after: PyClass | None = None) -> Any:
        """The value of a name in the class or those that it is derived from; MISSING for none."""
        order = self.order if after is None else self.order[self.order.index(after) + 1 :]
        for one in order:
            if name in one.names:
                return one.names[name]
        return MISSING

    def derives_from(self, other: Any) -> bool:
        return other in self.order


def _merged(orders: list[list[PyClass]]) -> list[PyClass]:
    """The orders of base classes as one, each class before those that it is derived from."""
    waiting = [list(order) for order in orders if order]
    found: list[PyClass] = []
    while waiting:
        heads = [order[0] for order in waiting]
        head = next((h for h in heads if not any(h in order[1:] for order in waiting)), heads[0])
        found.append(head)
        waiting = [rest for order in waiting if (rest := [c for c in order if c is not head])]
    return found


class PyObject:
    """An object of a class; one of a class derived from one of Python's own holds a value of that."""

    def __init__(self, kind: PyClass, held: Any = None):
        self.kind = kind
        self.names: dict[str, Any] = {}
        self.held = held


class CodeIterator:
    """Values that are gone through once."""

    def __init__(self, values: Iterable[Any]):
        self.values = list(values)

    def rest(self) -> list[Any]:
        """The values that are left, which are gone then."""
        values, self.values = self.values, []
        return values

    def next(self) -> Any:
        if not self.values:
            raise Raised("StopIteration", "")
        return self.values.pop(0)


def plain(value: Any) -> Any:
    """The number, the text, the list or the dictionary that an object holds; any other value as it is."""
    return value.held if isinstance(value, PyObject) and value.held is not None else value


class Namespace:
    """A module, or part of one, that a library offers; what it does not have is not known."""

    def __init__(self, name: str, find: Callable[[str], Any]):
        self.name = name
        self.is_not_here = False
        self._find = find
        self._found: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        if name not in self._found:
            found = self._find(name)
            self._found[name] = Unknown(f"{self.name}.{name}") if found is MISSING else found
        return self._found[name]


class Super:
    """What `super()` stands for."""

    def __init__(self, after: PyClass, subject: Any):
        self.after = after
        self.subject = subject


# What Python raises for values that do not go together, which the code may catch.
PYTHON_ERRORS = (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError, OverflowError)


class Raised(Exception):
    """An exception that the code raises, or one of ours that it may catch."""

    def __init__(self, kind: str, message: str, value: Any = None):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.value = value


MISSING = object()
