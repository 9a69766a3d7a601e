"""Trouble on demand: what the control plane asks to go wrong, kept in the store."""

from __future__ import annotations

import re
import time
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from practice_cloud.clock import Clock
from practice_cloud.store import Store


@dataclass(frozen=True, slots=True)
class Fault:
    """For requests that match: wait ``delay_ms``, then answer ``status`` or drop the connection.

    The first ``skip`` matching requests pass unharmed. Of the next ``times`` (None: all) the first does not, and
    after it every ``every``-th.
    ``reset`` "before" drops the connection before anything happens, "after" when it has happened.
    Without ``status`` and ``reset`` the request is only delayed. ``body`` is JSON, or text. By the cloud's clock
    it begins ``after_seconds`` after it was set, and lasts ``for_seconds`` (None: until it is lifted).
    """

    id: str
    host: str = ""
    method: str = ""
    path: str = ""
    subscription_id: str = ""
    skip: int = 0
    times: int | None = None
    every: int = 1
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    delay_ms: float = 0.0
    reset: Literal["before", "after"] | None = None
    after_seconds: float = 0.0
    for_seconds: float | None = None
    set_at: float = 0.0
    seen: int = 0
    """How many requests have matched so far."""

    def matches(self, *, host: str, method: str, path: str, subscription_id: str) -> bool:
        return (
            self.method.upper() in ("", method)
            and self.subscription_id.lower() in ("", subscription_id)
            and re.search(self.host, host) is not None
            and re.search(self.path, path) is not None
        )

    def takes(self) -> bool:
        """Whether it strikes the last one of those that it has seen."""
        struck = self.seen - self.skip - 1
        return struck >= 0 and struck % self.every == 0

    def rests(self, now: float) -> bool:
        """Whether it leaves requests alone: used up, not begun yet, or over."""
        used_up = self.times is not None and self.seen >= self.skip + self.times
        begins = self.set_at + self.after_seconds
        over = self.for_seconds is not None and now >= begins + self.for_seconds
        return used_up or now < begins or over


_KINDS: dict[str, tuple[type, ...]] = {
    "host": (str,),
    "method": (str,),
    "path": (str,),
    "subscription_id": (str,),
    "skip": (int,),
    "times": (int,),
    "every": (int,),
    "status": (int,),
    "headers": (dict,),
    "body": (dict, list, str),
    "delay_ms": (int, float),
    "reset": (str,),
    "after_seconds": (int, float),
    "for_seconds": (int, float),
}


def read_fault(fault_id: str, asked: dict[str, Any]) -> Fault:
    """A fault from what the control plane was sent. Raises ValueError saying what is wrong with it."""
    for name, value in asked.items():
        if name not in _KINDS:
            raise ValueError(f"{name} is unknown; known are {', '.join(_KINDS)}")
        if value is not None and (isinstance(value, bool) or not isinstance(value, _KINDS[name])):
            raise ValueError(f"{name} cannot be {value!r}")
        if isinstance(value, int | float) and value < 0:
            raise ValueError(f"{name} must not be negative")
    if asked.get("every") == 0:
        raise ValueError("every must be 1 or more: 2 strikes every second request")
    for name in ("host", "path"):
        try:
            re.compile(asked.get(name) or "")
        except re.error as error:
            raise ValueError(f"{name} is no regular expression: {error}") from error
    _check_outcome(asked)
    return Fault(id=fault_id, **{name: value for name, value in asked.items() if value is not None})


def _check_outcome(asked: dict[str, Any]) -> None:
    if asked.get("reset") not in (None, "before", "after"):
        raise ValueError('reset must be "before" or "after"')
    if asked.get("status") is not None and not 200 <= asked["status"] <= 599:
        raise ValueError("status must be from 200 to 599")
    if asked.get("status") is not None and asked.get("reset") is not None:
        raise ValueError("status and reset exclude each other: a dropped connection has no status")
    for name, value in (asked.get("headers") or {}).items():
        if not isinstance(value, str) or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or "\n" in value + "\r":
            raise ValueError(f"headers: {name!r} is no header")
    if not any(asked.get(name) for name in ("status", "reset", "delay_ms")):
        raise ValueError("say what shall go wrong: status, reset or delay_ms")


class Faults:
    """In the order they were set; the first that matches and is not spent takes a request."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.load()

    def load(self) -> None:
        """Read them again, as after a reset."""
        known = {one.name for one in fields(Fault)}
        docs = self._store.list("fault")
        self._faults = {doc["id"]: Fault(**{k: v for k, v in doc.items() if k in known}) for doc in docs}

    def add(self, asked: dict[str, Any]) -> Fault:
        """Raises ValueError."""
        last = max((int(fault_id) for fault_id in self._faults), default=0)
        fault = read_fault(str(max(last + 1, time.time_ns())), asked)  # in order, and no id ever comes back
        fault = replace(fault, set_at=self._clock.now().timestamp())
        self._keep(fault)
        return fault

    def all(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults.values()]

    def remove(self, fault_id: str) -> bool:
        self._faults.pop(fault_id, None)
        return self._store.delete("fault", fault_id)

    def clear(self) -> None:
        for fault_id in list(self._faults):
            self.remove(fault_id)

    def lift(self, subscription_id: str) -> int:
        """Remove those that one student suffers from; how many there were."""
        theirs = [fault.id for fault in self._faults.values() if fault.subscription_id.lower() == subscription_id]
        for fault_id in theirs:
            self.remove(fault_id)
        return len(theirs)

    def strike(self, *, host: str, method: str, path: str, subscription_id: str) -> Fault | None:
        """The fault that takes this request; counts it."""
        now = self._clock.now().timestamp()
        for fault in list(self._faults.values()):
            if fault.rests(now) or not fault.matches(
                host=host, method=method, path=path, subscription_id=subscription_id
            ):
                continue
            counted = Fault(**{**asdict(fault), "seen": fault.seen + 1})
            self._keep(counted)
            if counted.takes():
                return counted
        return None

    def _keep(self, fault: Fault) -> None:
        self._store.put("fault", fault.id, asdict(fault))
        self._faults[fault.id] = fault
