"""Python's own functions and modules, as the code that is read has them; what they do not have is not known."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ...errors import SymparamsError
from ...evaluate import domain
from ...evaluate.domain import is_symbolic
from ...formula import text
from . import attributes
from .code_objects import (
    MISSING,
    BoundFunction,
    CodeFunction,
    CodeIterator,
    Descriptor,
    Native,
    PyClass,
    PyObject,
    Raised,
    Unknown,
    plain,
)
from .numbers_read import exact, operate, rounded, whole

_NEVER_DONE = ("eval", "exec", "compile", "globals", "locals", "breakpoint", "exit", "quit")
# How an object of a class derived from one of these is filled with what it is made of.
_FILLED: dict[str, Callable[[Any, Any], None]] = {"dict": dict.update, "list": list.extend, "set": set.update}
_EXCEPTIONS = [
    "BaseException",
    "Exception",
    "ValueError",
    "TypeError",
    "RuntimeError",
    "NotImplementedError",
    "AssertionError",
    "KeyError",
    "IndexError",
    "AttributeError",
    "ImportError",
    "ModuleNotFoundError",
    "ZeroDivisionError",
    "StopIteration",
    "OSError",
    "LookupError",
    "ArithmeticError",
    "OverflowError",
    "SystemExit",
    "KeyboardInterrupt",
]


def builtins(interpreter: Any) -> dict[str, Any]:
    """The names that every file has."""
    call = interpreter.call
    items = interpreter.items

    def length(value: Any) -> Any:
        if isinstance(value, PyClass) and "__members__" in value.names:
            return len(items(value))
        if isinstance(value, PyObject):
            method = value.kind.find("__len__")
            if method is not MISSING:
                return call(BoundFunction(method, value), [], {})
        value = plain(value)
        if isinstance(value, Unknown):
            return value
        rows = getattr(value, "sizes", None)
        if rows is not None:
            return rows[0]
        return len(value if hasattr(value, "__len__") else list(items(value)))

    def ranged(*ends: Any) -> Any:
        if any(isinstance(end, Unknown) for end in ends):
            return next(end for end in ends if isinstance(end, Unknown))
        symbol = next((end for end in ends if is_symbolic(end)), None)
        if symbol is not None:
            names = sorted(s.name for s in domain.symbols_of(symbol))
            raise SymparamsError(
                f"how often this loop runs depends on {', '.join(names)}", None, f"give it a number: --set {names[0]}=3"
            )
        return range(*ends)

    def extreme(choose: Callable[..., Any], symbolic: Callable[..., Any]) -> Callable[..., Any]:
        def work(*values: Any, key: Any = None, default: Any = None) -> Any:
            several = list(items(values[0])) if len(values) == 1 else list(values)
            if any(map(is_symbolic, several)):
                found = exact(several[0])
                for value in several[1:]:
                    found = symbolic(found, exact(value))
                return found
            if not several:
                return default
            return choose(several, key=(lambda v: call(key, [v], {})) if key else None)

        return work

    def summed(values: Any, start: Any = 0) -> Any:
        total = start
        for value in items(values):
            total = interpreter.operation(ast.Add, total, value)
        return total

    def is_instance(value: Any, kinds: Any) -> Any:
        if isinstance(value, Unknown):
            return value
        wanted = kinds if isinstance(kinds, tuple) else (kinds,)
        return any(_is_of(value, kind) for kind in wanted)

    def get_attribute(value: Any, name: str, *default: Any) -> Any:
        try:
            found = attributes.lookup(interpreter, value, name)
        except AttributeError:
            found = MISSING
        if found is MISSING:
            if default:
                return default[0]
            raise AttributeError(name)
        return found

    def has_attribute(value: Any, name: str) -> bool:
        try:
            return attributes.lookup(interpreter, value, name) is not MISSING
        except AttributeError:
            return False

    def kind_of(value: Any, *more: Any) -> Any:
        if isinstance(value, (PyObject, Native)) and value.kind is not None:
            return value.kind
        if isinstance(value, (CodeFunction, BoundFunction, PyClass)):
            return others["type" if isinstance(value, PyClass) else "function"]
        return (
            others["NoneType"]
            if value is None
            else types.get(type(value).__name__, types["int"] if is_symbolic(value) else Unknown("a type"))
        )

    def checked(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
        return lambda values: test([interpreter.truth(value, None) for value in items(values)])

    def listed(make: Callable[[Any], Any]) -> Callable[..., Any]:
        return lambda values=(): make(items(values))

    def mapping(values: Any = (), **named: Any) -> dict[Any, Any]:
        pairs = values.items() if isinstance(values, dict) else [tuple(items(pair)) for pair in items(values)]
        return {**dict(pairs), **named}

    def in_order(values: Any, key: Any = None, reverse: bool = False) -> list[Any]:
        return sorted(items(values), key=(lambda v: call(key, [v], {})) if key else None, reverse=reverse)

    def number_in(value: Any) -> Any:
        """The only value of a tensor; any other value as it is."""
        return value.attribute("item").work() if hasattr(value, "sizes") else value

    def to_int(value: Any = 0, *base: Any) -> Any:
        value = number_in(value)
        return value if isinstance(value, Unknown) else int(value, *base) if base else whole(value)

    def to_float(value: Any = 0.0) -> Any:
        value = number_in(value)
        return value if is_symbolic(value) or isinstance(value, Unknown) else float(value)

    def texted(value: Any = "", *more: Any) -> Any:
        if isinstance(value, PyObject):
            for name in ("__str__", "__repr__"):
                if value.kind.find(name) is not MISSING:
                    return call(BoundFunction(value.kind.find(name), value), [], {})
            if value.kind.derives_from(exceptions["BaseException"]):
                return str(value.names.get("args", ("",))[0])
        value = plain(value)
        if is_symbolic(value):
            return text.inline(value)
        return str(value) if isinstance(value, (str, int, float, type(None))) else Unknown("the text of a value")

    def following(values: Any, *default: Any) -> Any:
        method = values.kind.find("__next__") if isinstance(values, PyObject) else MISSING
        try:
            if method is not MISSING:
                return call(BoundFunction(method, values), [], {})
            several = values if isinstance(values, CodeIterator) else CodeIterator(items(values))
            return several.next()
        except Raised as error:
            if error.kind != "StopIteration" or not default:
                raise
            return default[0]

    types: dict[str, PyClass] = {}

    def typed(name: str, make: Callable[..., Any]) -> PyClass:
        types[name] = kind = PyClass(name, (), {})
        kind.names["__new__"] = Native(lambda kind_, *a, **k: make(*a, **k), name)
        if name in _FILLED:
            fill = _FILLED[name]
            kind.names["__init__"] = Native(lambda self, *a, **k: fill(self.held, make(*a, **k)), name)
        return kind

    for name, make in {
        "int": to_int,
        "float": to_float,
        "str": texted,
        "bool": lambda v=False: interpreter.truth(v, None),
        "list": listed(list),
        "tuple": listed(tuple),
        "set": listed(set),
        "frozenset": listed(frozenset),
        "dict": mapping,
    }.items():
        typed(name, make)
    others = {name: PyClass(name, (), {}) for name in ("NoneType", "function", "type")}
    root = PyClass("object", (), {})
    exceptions: dict[str, PyClass] = {}
    for name in _EXCEPTIONS:
        base = (
            ()
            if name == "BaseException"
            else (exceptions["BaseException"] if name == "Exception" else exceptions["Exception"],)
        )
        exceptions[name] = PyClass(name, base, {})
    exceptions["BaseException"].names["__init__"] = Native(lambda self, *a: self.names.update(args=a))
    functions: dict[str, Callable[..., Any]] = {
        "len": length,
        "range": ranged,
        "enumerate": lambda values, start=0: CodeIterator(enumerate(items(values), start)),
        "zip": lambda *lists, strict=False: CodeIterator(zip(*map(items, lists))),
        "min": extreme(min, domain.smallest),
        "max": extreme(max, domain.largest),
        "sum": summed,
        "abs": lambda value: domain.absolute(value) if is_symbolic(value) else abs(value),
        "round": rounded,
        "divmod": lambda a, b: (operate(ast.FloorDiv, a, b), operate(ast.Mod, a, b)),
        "pow": lambda a, b: operate(ast.Pow, a, b),
        "isinstance": is_instance,
        "issubclass": lambda kind, kinds: (
            isinstance(kind, PyClass)
            and any(kind.derives_from(k) for k in (kinds if isinstance(kinds, tuple) else (kinds,)))
        ),
        "getattr": get_attribute,
        "hasattr": has_attribute,
        "setattr": lambda value, name, new: attributes.put(interpreter, value, name, new),
        "type": kind_of,
        "slice": slice,
        "sorted": in_order,
        "reversed": lambda values: CodeIterator(reversed(list(items(values)))),
        "map": lambda work, *lists: CodeIterator(call(work, list(values), {}) for values in zip(*map(items, lists))),
        "filter": lambda work, values: CodeIterator(
            v for v in items(values) if interpreter.truth(call(work, [v], {}) if work else v, None)
        ),
        "any": checked(any),
        "all": checked(all),
        "iter": lambda values: values if isinstance(values, CodeIterator) else CodeIterator(items(values)),
        "next": following,
        "ord": ord,
        "chr": chr,
        "print": lambda *values, **named: None,
        "callable": lambda value: isinstance(value, (CodeFunction, Native, BoundFunction, PyClass)),
        "id": id,
        "repr": texted,
        "vars": lambda value: value.names if isinstance(value, PyObject) else Unknown("vars()"),
    }
    return {
        **{name: Native(work, name) for name, work in functions.items()},
        **types,
        **exceptions,
        "object": root,
        "super": Native(lambda *a: None, "super"),
        "property": Native(lambda work: Descriptor("property", work), "property"),
        "staticmethod": Native(lambda work: Descriptor("staticmethod", work), "staticmethod"),
        "classmethod": Native(lambda work: Descriptor("classmethod", work), "classmethod"),
        "open": Unknown("open"),
        "input": Unknown("input"),
        "NotImplemented": None,
        "__debug__": True,
        **{
            name: Unknown(name)
            for name in ("eval", "exec", "compile", "globals", "locals", "breakpoint", "exit", "quit")
        },
    }


def _is_of(value: Any, kind: Any) -> bool:
    if not isinstance(kind, PyClass):
        return False
    if isinstance(value, PyObject):
        return value.kind.derives_from(kind)
    names = {
        bool: ("bool", "int"),
        int: ("int",),
        float: ("float",),
        str: ("str",),
        list: ("list",),
        tuple: ("tuple",),
        dict: ("dict",),
        set: ("set",),
        type(None): ("NoneType",),
    }
    if is_symbolic(value):
        return kind.name in ("int", "Integral", "Number")
    if hasattr(value, "sizes"):
        return kind.name == "Tensor"
    own = next((found for t, found in names.items() if type(value) is t), ())
    return (
        kind.name in own
        or (kind.name in ("Iterable", "Sequence") and isinstance(value, (list, tuple)))
        or kind.name == "object"
    )
