"""A bar for work that takes more than a second: on a terminal only, on standard error, gone when the work is done."""

from __future__ import annotations

import sys
from threading import Lock, Timer
from typing import Any

from ..errors import printable
from .output import echo

PATIENCE = 1.0


class Progress:
    """Shows how far the work is, once it has taken a second.

    `total` is the number of steps, None where it is not known; what is printed meanwhile goes through `line`.
    """

    def __init__(self, what: str, total: int | None = None):
        self.what = what
        self.total = total
        self.done = 0
        self.over = False
        self.bar: Any = None
        self.lock = Lock()
        self.timer = Timer(PATIENCE, self._appear)
        self.timer.daemon = True

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            self.timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()
        with self.lock:
            self.over = True
            if self.bar:
                self.bar.stop()

    def step(self, what: str | None = None, steps: int = 0) -> None:
        """Say what is worked on now, and how many steps have been done since."""
        with self.lock:
            self.what, self.done = what or self.what, self.done + steps
            if self.bar:
                self.bar.update(self.task, description=self.what, completed=self.done)

    def counted(self, done: int) -> None:
        """Say how many steps are done in all."""
        with self.lock:
            self.done = done
            if self.bar:
                self.bar.update(self.task, total=self.total, completed=done)

    def line(self, text: str) -> None:
        """Print a line on standard output, above the bar."""
        with self.lock:
            if self.bar:
                self.bar.stop()
            echo(printable(text))
            if self.bar:
                self.bar.start()

    def _appear(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False)]
        columns_of_count = [BarColumn(bar_width=20), MofNCompleteColumn()] if self.total and self.total > 1 else []
        with self.lock:
            if self.over:
                return
            console = Console(stderr=True)
            self.bar = Bar(
                *columns,
                *columns_of_count,
                TimeElapsedColumn(),
                console=console,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self.task = self.bar.add_task(self.what, total=self.total, completed=self.done)
            self.bar.start()
