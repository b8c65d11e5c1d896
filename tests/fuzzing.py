"""What every fuzz test does with a program: all that can be asked of it, within five seconds, or its error."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from checks import COUNTS
from examples_of_layers import EXAMPLES
from test_calls import PRINTED
from test_repeats import BODIES, DEFINITIONS
from test_round_trip import TEXTS

import symparams as sp
from symparams import SymparamsError
from symparams.tables.one_figure import expression
from symparams.tables.record import network_record

MOST_SECONDS = 5
MOST_BYTES = 1 << 30

WORDS = """
input conv linear relu maxpool flatten bn attention residual concat add mul repeat freeze reuse from for in if else
let assume def fn layer net use latex dialect torch keras on weight state require output macs also not and or true
false same valid min max floor sqrt len prod C H n k p x
nn.Conv2d nn.ReLU nn.TransformerEncoder layers.Dense Bidirectional TimeDistributed Sequential Input Flatten None True
input_shape activation name axis padding
"""
SIGNS = r"""
( ) [ ] { } , : -> = == != <= >= < > + - * / // % ** ^ .. . ; # " ' 0 1 2 3 64 0.25 1e9
999999999999999999999999999999 é ⌊
"""
TOKENS = [*WORDS.split(), *SIGNS.split(), "\n", "\n"]
GOOD = [
    *(text for texts in EXAMPLES.values() for text in texts),
    *TEXTS,
    *PRINTED,
    *(f"{DEFINITIONS}{start}\nrepeat(n) {{ {body} }}" for start, body in BODIES.values()),
]


class TooSlow(BaseException):
    """Not an Exception, so that nothing on the way takes it for a fault of the program."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """An error where what is inside keeps the processor busy for longer."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def work_out(text: str) -> None:
    """Everything that can be asked of a program, each within the limit, or the error that it ends in."""
    try:
        with time_limit(MOST_SECONDS):
            net = sp.parse(text)
        with time_limit(MOST_SECONDS):
            for name in COUNTS:
                net.quantity(name)
            json.dumps(network_record(net, 1))
        for notation in ("text", "python", "latex"):
            with time_limit(MOST_SECONDS):
                for name in ("params", "macs", "output"):
                    assert isinstance(expression(net, name, notation), str)
        with time_limit(MOST_SECONDS):
            assert sp.parse(str(net)).program == net.program
    except SymparamsError as error:
        assert error.message
        assert error.show()
        json.dumps(error.as_dict())
        if error.position:
            line, column = error.position
            assert line >= 1
            assert column >= 1
    except TooSlow:
        raise AssertionError(f"this takes more than {MOST_SECONDS} s: {text[:500]!r}") from None


def record_of(text: str) -> str:
    """What a program comes to, or the error that it ends in, as text."""
    try:
        return json.dumps(network_record(sp.parse(text), None))
    except SymparamsError as error:
        return error.show()
