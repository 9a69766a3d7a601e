"""Sealing every credential anew under the first key, so that an old key can be taken away."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from labportal.connections.models import Connection
from labportal.connections.sealing import CannotOpen, sealed_anew, under_the_first_key
from labportal.writes import writing

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Resealed:
    """How many connections: ``done`` now, ``before`` already, ``lost`` where no key opens what is sealed."""

    done: int = 0
    before: int = 0
    lost: int = 0


def reseal() -> Resealed:
    """One connection after the other, so that nobody waits; a credential that is renewed meanwhile stays as it is.
    Harmless while the portal runs, and once more."""
    count = Resealed()
    for connection in Connection.objects.exclude(sealed_secret=b"").order_by("pk").iterator(chunk_size=200):
        _reseal(connection, count)
    return count


def _reseal(connection: Connection, count: Resealed) -> None:
    if under_the_first_key(connection.sealed_secret):
        count.before += 1
        return
    try:
        anew = sealed_anew(connection.sealed_secret, place=connection.place_of_secret)
    except CannotOpen as problem:
        log.warning("connection %s: its credential cannot be opened: %s", connection.pk, problem)
        count.lost += 1
        return
    same = Connection.objects.filter(pk=connection.pk, sealed_secret=connection.sealed_secret)
    with writing():
        count.done += same.update(sealed_secret=anew)
