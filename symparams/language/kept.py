"""What is worked out once for all starts, in files that only this user can write: what they hold is believed."""

from __future__ import annotations

import os
import pickle
import stat
import sys
import tempfile
from hashlib import sha256
from typing import Any

from ..version import __version__

_DIGEST = sha256().digest_size


def place(name: str) -> str | None:
    """The path of a file that only this user can write; None where there is no folder for one."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(base, "symparams")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        usable = _is_own(os.stat(folder)) and os.access(folder, os.W_OK)
    except OSError:
        return None
    return os.path.join(folder, name) if usable else None


def stamp(*texts: str) -> bytes:
    """What tells that a file was made by this version, of these texts, by the modules as they are now."""
    package = os.path.dirname(os.path.abspath(__file__))
    changed = [entry.stat().st_mtime_ns for entry in os.scandir(package) if entry.name.endswith(".py")]
    made_by = repr((__version__, sys.version_info, sorted(changed), [len(text) for text in texts]))
    return sha256("".join((made_by, *texts)).encode()).digest()


def load(name: str, made_of: bytes) -> Any:
    """What was kept under this name with this stamp; None where there is nothing, or what cannot be read."""
    path = place(name)
    try:
        with open(path or os.devnull, "rb") as file:
            status = os.fstat(file.fileno())
            if not (stat.S_ISREG(status.st_mode) and _is_own(status) and file.read(_DIGEST) == made_of):
                return None
            return pickle.load(file)
    except Exception:
        return None


def store(name: str, made_of: bytes, content: bytes) -> None:
    """Keep a pickle, in one step, so that no other start reads half of it."""
    path = place(name)
    if path is None:
        return
    try:
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(made_of + content)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError:
        return


def _is_own(status: os.stat_result) -> bool:
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
