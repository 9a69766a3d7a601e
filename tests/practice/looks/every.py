"""The looks of all groups."""

from __future__ import annotations

from tests.practice.looks import (
    between,
    groups,
    machine,
    making,
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

TASKS = (subscription, machine, making, names, vault, secret, policies, roles, groups, reading, between)
ROOMS = (*TASKS, trouble, person)
LOOKS: dict[str, Look] = {name: look for room in ROOMS for name, look in room.LOOKS.items()}
