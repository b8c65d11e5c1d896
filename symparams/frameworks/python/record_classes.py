"""Classes that the code has made for it: of data, of names, of choices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .code_objects import (
    MISSING,
    BoundFunction,
    CodeFunction,
    Descriptor,
    Native,
    PyClass,
    PyObject,
    plain,
)

# Classes whose choices stand for their numbers, or texts, wherever they are used.
_LIKE_VALUES = ("int", "float", "str", "IntEnum", "IntFlag", "StrEnum")


def record_classes(interpreter: Any) -> dict[str, dict[str, Any]]:
    """What dataclasses, enum, and the rest of their kind offer."""
    call, items = interpreter.call, interpreter.items
    field_kind = PyClass("field", (), {})

    def fields_of(kind: PyClass) -> list[str]:
        found: list[str] = []
        for one in reversed(kind.order):
            found += [name for name in one.names.get("__annotations__", []) if name not in found]
        return found

    def default_of(kind: PyClass, name: str) -> Any:
        default = kind.find(name)
        if not isinstance(default, PyObject) or default.kind is not field_kind:
            return default
        factory = default.names.get("default_factory")
        return call(factory, [], {}) if factory else default.names.get("default", MISSING)

    def is_given(kind: PyClass, name: str) -> bool:
        default = kind.find(name)
        return not isinstance(default, PyObject) or default.names.get("init", True) is not False

    def dataclass(kind: Any = None, **options: Any) -> Any:
        if kind is None:
            return Native(lambda inner: dataclass(inner))
        fields = fields_of(kind)
        given_in_order = [name for name in fields if is_given(kind, name)]

        def init(self: Any, *values: Any, **named: Any) -> None:
            if len(values) > len(given_in_order) or set(named) - set(given_in_order):
                wrong = next(iter(set(named) - set(given_in_order)), None)
                raise TypeError(f"{kind.name}() has no argument {wrong!r}" if wrong else f"{kind.name}() gets too many")
            given = {**dict(zip(given_in_order, values)), **named}
            for name in fields:
                value = given[name] if name in given else default_of(kind, name)
                if value is MISSING and name in given_in_order:
                    raise TypeError(f"{kind.name}() needs its argument {name!r}")
                if value is not MISSING:
                    self.names[name] = value
            after = kind.find("__post_init__")
            if after is not MISSING:
                call(BoundFunction(after, self), [], {})

        kind.names.setdefault("__init__", Native(init))
        kind.names["__fields__"] = fields
        return kind

    def field(**options: Any) -> PyObject:
        made = PyObject(field_kind)
        made.names.update(options)
        return made

    def names_in(record: Any) -> list[str]:
        kind = record if isinstance(record, PyClass) else record.kind
        return kind.find("__fields__") or []

    def as_dict(record: Any) -> Any:
        if isinstance(record, PyObject) and record.kind.find("__fields__") is not MISSING:
            return {name: as_dict(record.names[name]) for name in names_in(record)}
        return record

    def replaced(record: PyObject, **changes: Any) -> Any:
        return call(record.kind, [], {**{n: record.names[n] for n in names_in(record)}, **changes})

    def fields_listed(record: Any) -> list[Any]:
        return [object_of({"name": name}) for name in names_in(record)]

    def as_tuple(kind: PyClass) -> None:
        dataclass(kind)
        words = kind.names["__fields__"]
        methods: dict[str, Callable[..., Any]] = {
            "__iter__": lambda self: [self.names[word] for word in words],
            "__len__": lambda self: len(words),
            "__getitem__": lambda self, key: tuple(self.names[word] for word in words)[key],
            "_replace": replaced,
            "_asdict": as_dict,
        }
        kind.names.update(
            {n: Native(work, n) for n, work in methods.items() if n not in kind.names}, _fields=tuple(words)
        )

    def named_tuple(name: str, fields: Any, **more: Any) -> PyClass:
        listed = fields.replace(",", " ").split() if isinstance(fields, str) else list(items(fields))
        kind = PyClass(name, (), {"__annotations__": [f if isinstance(f, str) else f[0] for f in listed]})
        defaults = list(items(more.get("defaults") or ()))
        kind.names.update(zip(reversed(kind.names["__annotations__"]), reversed(defaults)))
        as_tuple(kind)
        return kind

    automatic = PyClass("auto", (), {})

    def choices(kind: PyClass) -> None:
        members: dict[str, PyObject] = {}
        like_values = any(one.name in _LIKE_VALUES for one in kind.order)
        last = 0
        for name, value in list(kind.names.items()):
            if name.startswith("_") or isinstance(value, (CodeFunction, Native, Descriptor)):
                continue
            if isinstance(value, PyObject) and value.kind is automatic:
                value = last + 1 if not any(one.name in ("str", "StrEnum") for one in kind.order) else name.lower()
            last = value if isinstance(value, int) else last + 1
            member = PyObject(kind, value if like_values else None)
            member.names.update(name=name, value=value)
            kind.names[name] = members[name] = next((m for m in members.values() if m.names["value"] == value), member)

        def by_value(kind: PyClass, value: Any) -> PyObject:
            found = next((m for m in members.values() if m.names["value"] == plain(value) or m is value), None)
            if found is None:
                raise ValueError(f"{value!r} is not a valid {kind.name}")
            return found

        kind.names.update(__members__=members, __new__=Native(by_value))

    enum = PyClass("Enum", (), {"__prepare_class__": Native(choices)})
    kinds = {name: PyClass(name, (enum,), {}) for name in ("IntEnum", "IntFlag", "StrEnum", "Flag")}
    return {
        "dataclasses": {
            "dataclass": Native(dataclass),
            "field": Native(field),
            "asdict": Native(as_dict),
            "replace": Native(replaced),
            "fields": Native(fields_listed),
        },
        "enum": {
            "Enum": enum,
            **kinds,
            "auto": Native(lambda: PyObject(automatic)),
            "unique": Native(lambda kind: kind),
        },
        "collections": {"namedtuple": Native(named_tuple)},
        "typing": {"NamedTuple": PyClass("NamedTuple", (), {"__prepare_class__": Native(as_tuple)})},
    }


def object_of(names: dict[str, Any]) -> PyObject:
    made = PyObject(PyClass("Namespace", (), {}))
    made.names.update(names)
    return made
