"""What the control plane may set, kept in the store: how long operations take, and the added latency."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from practice_cloud.store import Store


@dataclass(frozen=True, slots=True)
class _Setting:
    """Numbers, all zero or more, kept as one document."""

    @classmethod
    def load(cls, store: Store) -> Self:
        return cls().changed(store.get("setting", cls.__name__.lower()) or {})

    def save(self, store: Store) -> None:
        store.put("setting", type(self).__name__.lower(), asdict(self))

    def changed(self, values: dict[str, Any]) -> Self:
        """A copy with these values. Raises ValueError naming what is unknown or no number of zero or more."""
        known = {field.name for field in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"{name} is unknown; known are {', '.join(sorted(known))}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
                raise ValueError(f"{name} must be a number of zero or more")
        return replace(self, **{name: float(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Timings(_Setting):
    """Seconds that long operations take. Azure's own are longer; these suit a lesson.

    ``vault_delete`` and ``secret_delete`` are how long a thing is in neither list: deleted, recovered or purged
    already, and not yet so for whoever asks.
    """

    vault_create: float = 2.0
    vault_purge: float = 3.0
    run_command: float = 3.0
    vm_power: float = 2.0
    policy_propagation: float = 0.0
    rbac_propagation: float = 0.0
    provider_registration: float = 2.0
    vault_delete: float = 0.0
    secret_delete: float = 0.0
    network_change: float = 1.0


@dataclass(frozen=True, slots=True)
class Latency(_Setting):
    """Milliseconds added to every request; ``jitter_ms`` is the most that chance adds on top."""

    ms: float = 0.0
    jitter_ms: float = 0.0
