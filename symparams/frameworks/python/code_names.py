"""The names of code by its syntax tree: what it binds, and whether a line is about them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache

from .code_texts import ASSIGNS, DEFINITIONS, tree_of


def defines_class(text: str) -> bool:
    """Whether a text that is Python defines a class."""
    tree = tree_of(text)
    return tree is not None and any(isinstance(statement, ast.ClassDef) for statement in tree.body)


def names_bound(text: str) -> list[str]:
    """The classes, functions and variables at the top level of a text; none where it is no Python."""
    tree = tree_of(text)
    found: list[str] = []
    for statement in tree.body if tree else ():
        if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
            found.append(statement.name)
        elif isinstance(statement, ASSIGNS):
            found += sorted(names_stored(ast.walk(statement)))
    return list(dict.fromkeys(found))


def follows(
    code: str, line: str, is_taken: Callable[[str], bool] = lambda name: False, symbols: Collection[str] = ()
) -> bool:
    """Whether a line is to be read with the code before it, which it uses or goes on with.

    Names that are taken are not those of the code, nor is a value for a symbol.
    """
    if line[:1].isspace() and line.strip() and tree_of(f"{code}\n{line}") is not None:
        return True
    tree = tree_of(line)
    if tree is None or not tree.body or tree_of(code) is None:
        return False
    first, known = tree.body[0], _names_known(code)
    if isinstance(first, ast.Expr):
        head = head_of(first.value)
        return head in known and not is_taken(head)
    if not isinstance(first, ast.Assign):
        return True
    nodes = list(ast.walk(first))
    if names_stored(nodes) <= set(symbols):
        return False
    is_simple = all(isinstance(target, ast.Name) for target in first.targets)
    used = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return not is_simple or not used.isdisjoint(known) or any(isinstance(node, ast.Call) for node in nodes)


def head_of(value: ast.expr) -> str:
    """The name that an expression begins with: `model` in `model.add(layer)`."""
    while isinstance(value, (ast.Call, ast.Attribute, ast.Subscript)):
        value = value.func if isinstance(value, ast.Call) else value.value
    return value.id if isinstance(value, ast.Name) else ""


def names_stored(nodes: Iterable[ast.AST]) -> set[str]:
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


@lru_cache(maxsize=4)
def _names_known(code: str) -> set[str]:
    """The names that code binds or imports outside of its functions and classes."""
    tree = tree_of(code)
    nodes = list(_outside(tree)) if tree else []
    imported = {(n.asname or n.name).partition(".")[0] for n in nodes if isinstance(n, ast.alias)}
    return names_stored(nodes) | imported | {n.name for n in nodes if isinstance(n, DEFINITIONS)}


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, DEFINITIONS):
        for child in ast.iter_child_nodes(node):
            yield from _outside(child)


def is_loose(statement: ast.stmt) -> bool:
    """Whether a statement outside of a class sets something on `self`."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(t, ast.Attribute) and isinstance(t.value, ast.Name) and t.value.id == "self" for t in targets)
