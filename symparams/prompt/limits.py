"""What keeps a question from taking the session with it: time, interruptions, faults inside sympy."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from textwrap import shorten
from types import ModuleType
from typing import Any

from ..errors import LimitError, SymparamsError

PATIENCE = 10.0
AGAIN = 0.5


def arithmetic() -> ModuleType:
    """The module that needs sympy. An interruption waits for the import, which must not stop half way."""
    with _uninterrupted():
        from . import arithmetic
    return arithmetic


@contextmanager
def _uninterrupted() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[Any] = []
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


@contextmanager
def explained(name: str, usage: str) -> Iterator[None]:
    """Faults that sympy raises, as errors of ours."""
    try:
        yield
    except SymparamsError:
        raise
    except (RecursionError, MemoryError):
        raise LimitError(f"{name!r} takes more than there is room for") from None
    except NotImplementedError:
        raise SymparamsError(f"{name!r} has no answer that sympy can find", None, usage) from None
    except Exception as error:
        reason = shorten(str(error) or type(error).__name__, 120, placeholder=" …")
        raise SymparamsError(f"{name!r} does not take this: {reason}", None, usage) from None


class Patience:
    """Ends work that takes longer than `seconds`, with LimitError, by interruptions of the main thread.

    One may be lost where it meets code that Python cleans up with, so that others follow until the work has ended. A
    program that was started in the background ignores interruptions; it heeds them here.
    """

    def __init__(self, seconds: float = PATIENCE):
        self.seconds = seconds
        self.late = False
        self.ended = threading.Event()
        self.interrupting = threading.Lock()
        self.is_deaf = False

    def _interrupt(self) -> None:
        """Interrupt the main thread when the time is over, and again and again until the work has ended."""
        waiting = self.seconds
        while not self.ended.wait(waiting):
            with self.interrupting:
                if self.ended.is_set():
                    return
                self.late, waiting = True, AGAIN
                _thread.interrupt_main()

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self.is_deaf = signal.getsignal(signal.SIGINT) == signal.SIG_IGN
            if self.is_deaf:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            threading.Thread(target=self._interrupt, daemon=True).start()

    def __exit__(self, kind: type | None, error: BaseException | None, trace: Any) -> None:
        while not self.ended.is_set():
            with suppress(KeyboardInterrupt), self.interrupting:
                self.ended.set()
        if self.late and not isinstance(error, KeyboardInterrupt):
            self._wait()
        if self.is_deaf:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self.late:
            raise LimitError(f"this takes longer than {self.seconds:g} seconds") from None

    def _wait(self) -> None:
        """Take in the interruption where it is still on its way."""
        with suppress(KeyboardInterrupt):
            time.sleep(1)
