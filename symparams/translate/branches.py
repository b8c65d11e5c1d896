"""Paths that part at one place and meet at another, as branches in braces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..language import ir, syntax
from ..language.unparse import unparse
from .rebuilding import Body, label_of, names_read, with_bodies, without_label

_SUM = "add"
_RESIDUAL = "residual"
_IDENTITY = ir.LayerCall(None, "id", (), (), None, None)


class Path(NamedTuple):
    """A path to a merge: what it goes on from, and its stages."""

    start: str
    stages: Body


class Meeting(NamedTuple):
    """The stages of each path to a merge, the flow's first, and the names by which it reads them."""

    operands: Sequence[Body]
    read: Sequence[str]


def in_branches(body: Body) -> Body:
    """The stages with merges of paths from one place as branches, and without names that nothing reads then.

    What is put beside what flows in, or multiplied with it, reads its name: an empty branch would be a layer.
    """
    body = tuple(with_bodies(node, in_branches) for node in body)
    done = 0
    while done < len(body):
        at, node = done, body[done]
        if isinstance(node, ir.Merge) and node.others and not node.branches:
            merged = _merged(body, at)
            if merged is not None:
                done, branches = merged
                body = (*body[:done], branches, *body[at + 1 :])
        done += 1
    return _without_entry(body)


def _without_entry(body: Body) -> Body:
    """The stages without a name at the start for what flows in, where nothing reads it."""
    first = body[0] if body else _IDENTITY
    is_name = label_of(first) is not None and without_label(first) == _IDENTITY
    return body[1:] if is_name and label_of(first) not in set(names_read(body[1:])) else body


def _merged(body: Body, at: int) -> tuple[int, ir.Merge] | None:
    """The merge that ends there with the paths to it as its branches, and where the first of them begins."""
    merge = body[at]
    assert isinstance(merge, ir.Merge)
    others = [str(output.name) for output in merge.others if isinstance(output, syntax.Name)]
    if len({*others}) < len(merge.others):
        return None
    reads = Counter(names_read(body))
    for begin in range(at, 0, -1):
        fork = label_of(body[begin - 1])
        met = _meeting(body[begin:at], fork, others) if fork else None
        if met is not None and _has_no_empty_path(merge, met) and _are_read_alone(met, reads):
            return begin, _as_branches(merge, met.operands)
    return None


def _meeting(region: Body, fork: str, others: Sequence[str]) -> Meeting | None:
    """What stands between a fork and a merge, where that is the paths from the one to the other."""
    paths = [Path(fork, ())]
    for node in region:
        if isinstance(node, ir.From):
            paths.append(Path(unparse(node.output), ()))
        else:
            paths[-1] = Path(paths[-1].start, (*paths[-1].stages, node))
    *before, flow = paths
    ends = {label_of(path.stages[-1]): path.stages for path in before if path.stages}
    by_name = list(others) if flow.stages or flow.start == fork else [flow.start, *others]
    operands = [flow.stages] if len(by_name) == len(others) else []
    for name in by_name:
        if name != fork and name not in ends:
            return None
        operands.append(() if name == fork else ends.pop(name))
    is_whole = not ends and all(path.start == fork for path in paths if path.stages)
    return Meeting(operands, by_name) if is_whole else None


def _has_no_empty_path(merge: ir.Merge, met: Meeting) -> bool:
    return () not in met.operands or (merge.operator == _SUM and len(met.operands) == 2 and any(met.operands))


def _are_read_alone(met: Meeting, reads: Counter[str]) -> bool:
    """Whether nothing of the paths is read but by their merge and, on each, by what stands on it."""
    for stages in met.operands:
        own = Counter([*names_read(stages), *met.read])
        if any(reads[label] > own[label] for node in stages if (label := label_of(node))):
            return False
    return True


def _as_branches(merge: ir.Merge, operands: Sequence[Body]) -> ir.Merge:
    if merge.operator == _SUM and len(operands) == 2:
        paths = sorted(operands, key=len, reverse=True) if () in operands else operands
        return merge.replaced(operator=_RESIDUAL, branches=tuple(filter(None, paths)), others=())
    return merge.replaced(branches=tuple(operands), others=())
