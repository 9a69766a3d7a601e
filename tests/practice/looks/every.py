"""The looks of all groups."""

from __future__ import annotations

from tests.practice.looks import (
    between,
    groups,
    machine,
    names,
    person,
    policies,
    reading,
    roles,
    secret,
    subscription,
    trouble,
    vault,
)
from tests.practice.looks.seen import Look

ROOMS = (subscription, machine, names, vault, secret, policies, roles, groups, reading, between, trouble, person)
LOOKS: dict[str, Look] = {name: look for room in ROOMS for name, look in room.LOOKS.items()}
