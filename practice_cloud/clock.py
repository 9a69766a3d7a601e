"""The cloud's own time: the machine's, moved by an offset that survives restarts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from practice_cloud.store import Store


class Clock:
    def __init__(self, store: Store) -> None:
        self._store = store
        self.load()

    def load(self) -> None:
        """Read the offset again, as after a reset."""
        self._offset = float((self._store.get("setting", "clock") or {}).get("offset_seconds", 0.0))

    @property
    def offset_seconds(self) -> float:
        return self._offset

    @offset_seconds.setter
    def offset_seconds(self, seconds: float) -> None:
        self._store.put("setting", "clock", {"offset_seconds": seconds})
        self._offset = seconds

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._offset)
