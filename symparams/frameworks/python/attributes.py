"""Attributes of the code's objects, and of the values of Python that it may ask for."""

from __future__ import annotations

from typing import Any

from .code_objects import (
    MISSING,
    BoundFunction,
    CodeFunction,
    CodeIterator,
    Descriptor,
    Namespace,
    Native,
    PyClass,
    PyObject,
    Super,
    Unknown,
    plain,
)
from .numbers_read import MAX_ITEMS

# What the code may call on values of Python.
_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(
        """capitalize casefold count endswith find format index isalpha isdigit islower isupper join lower lstrip
        partition removeprefix removesuffix replace rpartition rsplit rstrip split splitlines startswith strip title
        upper""".split()  # noqa: SIM905
    ),
    list: frozenset("append extend insert pop remove reverse index count copy clear".split()),  # noqa: SIM905
    tuple: frozenset(["index", "count"]),
    dict: frozenset("get items keys values pop setdefault update copy clear popitem".split()),  # noqa: SIM905
    set: frozenset("add update discard remove union intersection difference copy issubset".split()),  # noqa: SIM905
    int: frozenset(["bit_length"]),
    float: frozenset(["is_integer"]),
}


def get(interpreter: Any, value: Any, name: str) -> Any:
    """`value.name`. Raises AttributeError where there is none."""
    found = lookup(interpreter, value, name)
    if found is MISSING:
        kind = value.kind.name if isinstance(value, PyObject) else getattr(value, "name", type(value).__name__)
        raise AttributeError(f"{kind} has no attribute {name!r}")
    return found


def lookup(interpreter: Any, value: Any, name: str) -> Any:
    """`value.name`; MISSING where there is none."""
    if isinstance(value, PyObject):
        return _of_object(interpreter, value, name)
    if isinstance(value, PyClass):
        return _of_class(interpreter, value, name)
    if isinstance(value, Unknown):
        return Unknown(f"{value.what}.{name}")
    if isinstance(value, Namespace):
        return value.get(name)
    if isinstance(value, Super):
        return _of_super(interpreter, value, name)
    own = getattr(value, "attribute", None)
    if own is not None:
        return own(name)
    if isinstance(value, (Native, CodeFunction)) and name in value.names:
        return value.names[name]
    if isinstance(value, (CodeFunction, Native)):
        return (
            value.name
            if name in ("__name__", "__qualname__", "__module__", "__doc__")
            else Unknown(f"{value.name}.{name}")
        )
    if isinstance(value, list) and name == "sort":
        return Native(lambda key=None, reverse=False: _sort(interpreter, value, key, reverse), name)
    for kind, names in _METHODS.items():
        if isinstance(value, kind) and name in names:
            method = getattr(value, name)
            return Native(_listed(method) if name in ("items", "keys", "values") else _bounded(method, name), name)
    return MISSING


def _sort(interpreter: Any, values: list[Any], key: Any, reverse: bool) -> None:
    values[:] = interpreter.call(interpreter.builtins["sorted"], [values], {"key": key, "reverse": reverse})


def _listed(method: Any) -> Any:
    return lambda: list(method())


def _bounded(method: Any, name: str) -> Any:
    def call(*arguments: Any, **named: Any) -> Any:
        arguments = tuple(a.rest() if isinstance(a, CodeIterator) else plain(a) for a in arguments)
        if name == "replace" and len(method.__self__) * max(map(len, arguments[:2]), default=0) > MAX_ITEMS:
            raise ValueError("too long")
        if name in ("format", "join", "extend") and any(
            hasattr(a, "__len__") and len(a) > MAX_ITEMS for a in arguments
        ):
            raise ValueError("too long")
        if name == "format":
            return "".join(str(a) for a in (method.__self__.partition("{")[0], *arguments))
        return method(*arguments, **named)

    return call


def _of_object(interpreter: Any, value: PyObject, name: str) -> Any:
    if name in value.names:
        return value.names[name]
    if name == "__class__":
        return value.kind
    if name == "__dict__":
        return value.names
    if name in ("__module__", "__doc__"):
        return "code"
    found = value.kind.find(name)
    if found is not MISSING:
        return _bound(interpreter, found, value, value.kind)
    if value.held is not None:
        held = lookup(interpreter, value.held, name)
        if held is not MISSING:
            return held
    fallback = value.kind.find("__getattr__")
    if fallback is not MISSING:
        return interpreter.call(BoundFunction(fallback, value), [name], {})
    if value.kind.unknown is not None:
        return Unknown(f"{value.kind.unknown.what}.{name}")
    return MISSING


def _of_class(interpreter: Any, kind: PyClass, name: str) -> Any:
    if name in ("__name__", "__qualname__"):
        return kind.name
    if name in ("__module__", "__doc__"):
        return "code"
    found = kind.find(name)
    if found is MISSING:
        if kind.unknown:
            return Unknown(f"{kind.unknown.what}.{name}")
        return _of_type(interpreter, kind, name)
    if isinstance(found, Descriptor):
        return BoundFunction(found.function, kind) if found.kind == "classmethod" else found.function
    return found


def _of_type(interpreter: Any, kind: PyClass, name: str) -> Any:
    """A method of one of Python's own types, to be called on a value of it."""
    items: dict[str, Any] = {
        "__getitem__": lambda value, key: plain(value)[key],
        "__setitem__": lambda value, key, new: plain(value).__setitem__(key, new),
    }
    if kind.name in ("dict", "list", "tuple") and name in items:
        return Native(items[name], name)
    if kind.name == "dict" and name == "fromkeys":
        return Native(lambda keys, value=None: dict.fromkeys(interpreter.items(keys), value), name)
    if not any(own.__name__ == kind.name and name in names for own, names in _METHODS.items()):
        return MISSING
    return Native(lambda value, *a, **k: lookup(interpreter, plain(value), name).work(*a, **k), name)


def _of_super(interpreter: Any, value: Super, name: str) -> Any:
    kind = value.subject.kind if isinstance(value.subject, PyObject) else value.subject
    found = kind.find(name, value.after)
    if found is MISSING:
        return Native(lambda *a, **k: None, name) if name.startswith("__") or kind.unknown else MISSING
    return _bound(interpreter, found, value.subject, kind)


def _bound(interpreter: Any, found: Any, subject: Any, kind: PyClass) -> Any:
    if isinstance(found, Descriptor):
        if found.kind == "property":
            return interpreter.call(found.function, [subject], {})
        return BoundFunction(found.function, kind) if found.kind == "classmethod" else found.function
    return BoundFunction(found, subject) if isinstance(found, (CodeFunction, Native)) else found


def put(interpreter: Any, value: Any, name: str, new: Any) -> None:
    """`value.name = new`."""
    if isinstance(value, PyObject):
        found = value.kind.find(name)
        if isinstance(found, Descriptor) and found.setter is not None:
            interpreter.call(found.setter, [value, new], {})
            return
        if name == "__dict__" and isinstance(plain(new), dict):
            value.names = plain(new)
            return
        setter = value.kind.find("__setattr__")
        if setter is not MISSING and isinstance(setter, (Native, CodeFunction)):
            interpreter.call(setter, [value, name, new], {})
        else:
            value.names[name] = new
    elif isinstance(value, (PyClass, CodeFunction)):
        value.names[name] = new
    elif hasattr(value, "set_attribute"):
        value.set_attribute(name, new)


def delete(value: Any, name: str) -> None:
    if isinstance(value, PyObject):
        value.names.pop(name, None)
