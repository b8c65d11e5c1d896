"""What a session makes of code: a piece more, a value or a shape that it is read with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..errors import SymparamsError
from ..evaluate.axes import Value
from ..frameworks.python.code_names import defines_class
from ..frameworks.python.network_choice import NoNetworkThere, NotOpen
from .changes import changes, grown, shown_whole
from .state import Outcome, State, begun, known_names, worked_out
from .typed_code import TypedCode

_NO_NETWORK = "there is no network in this yet; it is kept for the code that follows"


def with_code(state: State, code: TypedCode) -> State:
    """The state with the network of code, and with the values of before where it is the same one.

    Raises SymparamsError.
    """
    new = replace(begun(code.source(), state.dialect), code=code)
    is_same = state.program and new.program and state.program.name == new.program.name
    return worked_out(replace(new, values=state.values, freed=state.freed)) if is_same else new


def typed(state: State, piece: str, said: str, terminal: bool) -> Outcome:
    """What a piece of code comes to. One that is in order is kept, also where its network cannot be read yet."""
    code = state.code.followed_by(piece, said)
    try:
        new = with_code(state, code)
    except NoNetworkThere:
        return Outcome(_NO_NETWORK if defines_class(said) else "", replace(state, code=state.code.kept_with(code)))
    except SymparamsError as error:
        if not code.runs():
            raise
        return Outcome(error.show(), replace(state, code=code), fault=True)
    return Outcome("\n".join(grown(state, new, terminal)), new)


def loaded(state: State, code: TypedCode, terminal: bool) -> Outcome:
    """The network of code that is read from a file, or with other shapes. Raises SymparamsError."""
    new = with_code(state, code)
    return Outcome(shown_whole(new, terminal), new)


def is_for_code(state: State, values: Mapping[str, Value]) -> bool:
    """Whether a value is for a name that the network does not have, and code may."""
    return bool(state.code.text) and not known_names(state).issuperset(values)


def put_in(state: State, values: Mapping[str, Value], line: str, terminal: bool) -> Outcome:
    """Values that the code is read with; one that it does not leave open is for what is typed next."""
    code = replace(state.code, values={**state.code.values, **values})
    try:
        new = with_code(state, code)
    except (NotOpen, NoNetworkThere):
        said = f"{', '.join(values)}: kept for the code that follows; the network has no such symbol"
        return Outcome(said, replace(state, code=state.code.kept_with(state.code.followed_by(line, line))))
    except SymparamsError as error:
        return Outcome(error.show(), replace(state, code=code), fault=True)
    return Outcome("\n".join(changes(state.net, new.net)) if state.net else shown_whole(new, terminal), new)
