"""Waiting for what another process does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from launcher.identity import Identity, is_running


def until(true: Callable[[], object], what: str, within: float = 20.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"waited {within:g} s for {what}"
        time.sleep(0.01)


def all_gone(processes: Iterable[Identity]) -> bool:
    return not any(is_running(process) for process in processes)
