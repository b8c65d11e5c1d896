"""Python's own functions and modules, as the code that is read has them; what they do not have is not known."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

from ...errors import SymparamsError
from ...evaluate import domain
from ...evaluate.domain import is_symbolic
from ...formula import text
from . import attributes
from .numbers_read import MAX_ITEMS, exact, is_number, operate, rounded, whole
from .objects import MISSING, Bound, Descriptor, Function, Native, PyClass, PyObject, Raised, Unknown

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
]


def builtins(interpreter: Any) -> dict[str, Any]:
    """The names that every file has."""
    call = interpreter.call
    items = interpreter.items

    def length(value: Any) -> Any:
        if isinstance(value, PyObject):
            method = value.kind.find("__len__")
            if method is not MISSING:
                return call(Bound(method, value), [], {})
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
                    found = symbolic((found, exact(value))) if _takes_one(symbolic) else symbolic(found, exact(value))
                return found
            if not several:
                return default
            return choose(several, key=(lambda v: call(key, [v], {})) if key else None)

        return work

    def summed(values: Any, start: Any = 0) -> Any:
        import ast

        total = start
        for value in items(values):
            total = interpreter.operation(ast.Add, total, value)
        return total

    def is_instance(value: Any, kinds: Any) -> Any:
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
        if isinstance(value, PyObject):
            return value.kind
        return types.get(type(value).__name__, types["int"] if is_symbolic(value) else Unknown("a type"))

    def checked(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
        return lambda values: test([interpreter.truth(value, None) for value in items(values)])

    def listed(make: Callable[[Any], Any]) -> Callable[..., Any]:
        return lambda values=(): make(items(values))

    def mapping(values: Any = (), **named: Any) -> dict[Any, Any]:
        pairs = values.items() if isinstance(values, dict) else [tuple(items(pair)) for pair in items(values)]
        return {**dict(pairs), **named}

    def in_order(values: Any, key: Any = None, reverse: bool = False) -> list[Any]:
        return sorted(items(values), key=(lambda v: call(key, [v], {})) if key else None, reverse=reverse)

    def to_int(value: Any = 0, *base: Any) -> Any:
        return value if isinstance(value, Unknown) else int(value, *base) if base else whole(value)

    def to_float(value: Any = 0.0) -> Any:
        return value if is_symbolic(value) or isinstance(value, Unknown) else float(value)

    def texted(value: Any = "") -> str:
        return text.inline(value) if is_symbolic(value) else str(value)

    types: dict[str, PyClass] = {}

    def typed(name: str, make: Callable[..., Any]) -> PyClass:
        types[name] = kind = PyClass(name, (), {})
        kind.names["__new__"] = Native(lambda kind_, *a, **k: make(*a, **k), name)
        return kind

    for name, make in {
        "int": to_int, "float": to_float, "str": texted, "bool": lambda v=False: interpreter.truth(v, None),
        "list": listed(list), "tuple": listed(tuple), "set": listed(set), "frozenset": listed(frozenset),
        "dict": mapping,
    }.items():  # fmt: skip
        typed(name, make)
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
    plain: dict[str, Callable[..., Any]] = {
        "len": length,
        "range": ranged,
        "enumerate": lambda values, start=0: list(enumerate(items(values), start)),
        "zip": lambda *lists, strict=False: list(zip(*map(items, lists))),
        "min": extreme(min, domain.smallest),
        "max": extreme(max, domain.largest),
        "sum": summed,
        "abs": lambda value: domain.absolute(value) if is_symbolic(value) else abs(value),
        "round": rounded,
        "divmod": lambda a, b: (operate_floor(a, b), operate_rest(a, b)),
        "pow": lambda a, b: operate(__import__("ast").Pow, a, b),
        "isinstance": is_instance,
        "issubclass": lambda kind, kinds: (
            isinstance(kind, PyClass)
            and any(kind.derives_from(k) for k in (kinds if isinstance(kinds, tuple) else (kinds,)))
        ),
        "getattr": get_attribute,
        "hasattr": has_attribute,
        "setattr": lambda value, name, new: attributes.put(interpreter, value, name, new),
        "type": kind_of,
        "sorted": in_order,
        "reversed": lambda values: list(reversed(list(items(values)))),
        "map": lambda work, *lists: [call(work, list(values), {}) for values in zip(*map(items, lists))],
        "filter": lambda work, values: [
            v for v in items(values) if interpreter.truth(call(work, [v], {}) if work else v, None)
        ],
        "any": checked(any),
        "all": checked(all),
        "iter": lambda values: list(items(values)),
        "next": lambda values, *default: next(iter(items(values)), *default),
        "print": lambda *values, **named: None,
        "callable": lambda value: isinstance(value, (Function, Native, Bound, PyClass)),
        "id": id,
        "repr": texted,
        "vars": lambda value: value.names if isinstance(value, PyObject) else Unknown("vars()"),
    }
    return {
        **{name: Native(work, name) for name, work in plain.items()},
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
        **dict.fromkeys(
            ("eval", "exec", "compile", "globals", "locals", "breakpoint", "exit", "quit"), Unknown("this")
        ),
    }


def _takes_one(work: Any) -> bool:
    return False


def operate_floor(a: Any, b: Any) -> Any:
    import ast

    return operate(ast.FloorDiv, a, b)


def operate_rest(a: Any, b: Any) -> Any:
    import ast

    return operate(ast.Mod, a, b)


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


# Modules of Python


def modules(interpreter: Any) -> dict[str, Callable[[str], Any]]:
    """What each of Python's modules that code uses offers, by name."""
    call, items = interpreter.call, interpreter.items

    def symbolic_or(work: Callable[..., Any], symbolic: Callable[..., Any] | None = None) -> Native:
        def either(*values: Any) -> Any:
            if any(map(is_symbolic, values)):
                if symbolic is None:
                    raise SymparamsError(f"math.{work.__name__} of symbols is not read")
                return symbolic(*map(exact, values))
            return work(*values)

        return Native(either, work.__name__)

    def dataclass(kind: Any = None, **options: Any) -> Any:
        if kind is None:
            return Native(lambda inner: dataclass(inner))
        fields = []
        for one in reversed(kind.order):
            fields += [f for f in one.names.get("__annotations__", []) if f not in fields]

        def init(self: Any, *values: Any, **named: Any) -> None:
            given = {**dict(zip(fields, values)), **named}
            for field in fields:
                if field in given:
                    self.names[field] = given[field]
                else:
                    default = kind.find(field)
                    if default is MISSING:
                        raise TypeError(f"{kind.name}() needs its argument {field!r}")
                    factory = default.names.get("default_factory") if isinstance(default, PyObject) else None
                    value = (
                        default.names.get("default")
                        if isinstance(default, PyObject) and default.kind is field_kind
                        else default
                    )
                    self.names[field] = call(factory, [], {}) if factory else value
            after = kind.find("__post_init__")
            if after is not MISSING:
                call(Bound(after, self), [], {})

        kind.names.setdefault("__init__", Native(init))
        return kind

    field_kind = PyClass("field", (), {})

    def field(**options: Any) -> PyObject:
        made = PyObject(field_kind)
        made.names.update(options)
        return made

    def partial(function: Any, *before: Any, **named: Any) -> Native:
        made = Native(lambda *a, **k: call(function, [*before, *a], {**named, **k}), "partial")
        made.keywords, made.function = named, function  # type: ignore[attr-defined]
        return made

    def named_tuple(name: str, fields: Any, **more: Any) -> PyClass:
        words = (
            fields.replace(",", " ").split()
            if isinstance(fields, str)
            else [f if isinstance(f, str) else f[0] for f in items(fields)]
        )
        kind = PyClass(name, (), {"__annotations__": words})
        kind.names["__iter__"] = Native(lambda self: [self.names[word] for word in words])
        return dataclass(kind)

    def prepare_enum(kind: PyClass) -> None:
        members = {}
        for name, value in list(kind.names.items()):
            if not name.startswith("_") and not isinstance(value, (Function, Native, Descriptor)):
                member = PyObject(kind)
                member.names.update(name=name, value=value)
                kind.names[name] = members[name] = member
        kind.names["__members__"] = members

    enum = PyClass("Enum", (), {"__prepare_class__": Native(prepare_enum)})
    identity = Native(lambda value=None, *a, **k: value)
    decorating = Native(lambda *a, **k: identity)

    def reduce(work: Any, values: Any, *start: Any) -> Any:
        several = [*start, *items(values)]
        found = several[0]
        for value in several[1:]:
            found = call(work, [found, value], {})
        return found

    def wraps(function: Any, *ignored: Any, **named: Any) -> Native:
        def named_alike(wrapper: Any) -> Any:
            if isinstance(wrapper, Function):
                wrapper.name = getattr(function, "name", wrapper.name)
            return wrapper

        return Native(named_alike)

    def deep_copy(value: Any, memo: Any = None) -> Any:
        return copied(value, {})

    tables: dict[str, dict[str, Any]] = {
        "math": {
            "ceil": symbolic_or(math.ceil, domain.ceiling), "floor": symbolic_or(math.floor, domain.floor),
            "sqrt": symbolic_or(math.sqrt, domain.square_root), "log2": symbolic_or(math.log2, lambda v: domain.logarithm(v)),
            "log": symbolic_or(math.log), "exp": symbolic_or(math.exp), "prod": Native(lambda v: product_of(items(v))),
            "pi": math.pi, "inf": math.inf, "gcd": symbolic_or(math.gcd), "pow": symbolic_or(math.pow), "cos": symbolic_or(math.cos), "sin": symbolic_or(math.sin),
        },
        "functools": {"partial": Native(partial), "reduce": Native(reduce), "wraps": Native(wraps), "lru_cache": decorating, "cache": identity},
        "collections": {"OrderedDict": interpreter.builtins["dict"], "namedtuple": Native(named_tuple), "defaultdict": interpreter.builtins["dict"]},
        "dataclasses": {"dataclass": Native(dataclass), "field": Native(field)},
        "enum": {"Enum": enum, "IntEnum": enum, "auto": Native(lambda: 0)},
        "copy": {"deepcopy": Native(deep_copy), "copy": Native(deep_copy)},
        "itertools": {
            "chain": Native(lambda *lists: [v for values in lists for v in items(values)]),
            "repeat": Native(lambda value, times: [value] * min(times, MAX_ITEMS)),
            "product": Native(lambda *lists: list(itertools.product(*map(items, lists)))),
            "accumulate": Native(lambda values: list(itertools.accumulate(items(values)))),
        },
        "abc": {"ABC": PyClass("ABC", (), {}), "abstractmethod": identity},
        "typing": {"NamedTuple": PyClass("NamedTuple", (), {"__prepare_class__": Native(lambda kind: dataclass(kind) and kind.names.setdefault("__iter__", Native(lambda self: [self.names[f] for f in kind.names["__annotations__"]])))}), "cast": Native(lambda kind, value: value), "TYPE_CHECKING": False, "Iterable": PyClass("Iterable", (), {}), "Sequence": PyClass("Sequence", (), {})},
        "argparse": {"ArgumentParser": Native(lambda *a, **k: argument_parser()), "Namespace": Native(lambda **k: _object_of(k))},
        "types": {"SimpleNamespace": Native(lambda **k: _object_of(k))},
    }  # fmt: skip
    tables["collections.abc"] = tables["typing"]
    return {name: (lambda word, table=table: table.get(word, MISSING)) for name, table in tables.items()}


def product_of(values: Any) -> Any:
    return domain.product(tuple(map(exact, values)))


def _object_of(names: dict[str, Any]) -> PyObject:
    made = PyObject(PyClass("Namespace", (), {}))
    made.names.update(names)
    return made


def argument_parser() -> PyObject:
    """What gives the defaults of a command line."""
    found: dict[str, Any] = {}
    made = PyObject(PyClass("ArgumentParser", (Unknown("argparse"),), {}))

    def add(*names: str, default: Any = None, dest: str | None = None, action: str = "", **more: Any) -> None:
        word = next((n for n in names if n.startswith("--")), names[0])
        value = default if default is not None else False if action == "store_true" else default
        found[dest or word.lstrip("-").replace("-", "_")] = value

    made.names.update(
        add_argument=Native(add),
        parse_args=Native(lambda *a, **k: _object_of(found)),
        parse_known_args=Native(lambda *a, **k: (_object_of(found), [])),
        add_argument_group=Native(lambda *a, **k: made),
    )
    return made


def copied(value: Any, known: dict[int, Any]) -> Any:
    """A deep copy."""
    if id(value) in known:
        return known[id(value)]
    if isinstance(value, PyObject):
        made = known[id(value)] = PyObject(value.kind)
        made.names.update({name: copied(inner, known) for name, inner in value.names.items()})
        return made
    if type(value) in (list, tuple):
        return type(value)(copied(inner, known) for inner in value)
    if type(value) is dict:
        return {key: copied(inner, known) for key, inner in value.items()}
    own = getattr(value, "copied", None)
    return own(known) if own else value


__all__ = ["Raised", "builtins", "copied", "is_number", "modules"]
