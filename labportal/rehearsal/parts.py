"""Who does what in a rehearsal: the common mistakes often, the rare ones once, and some who make none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, cycle, islice, repeat

from labportal.rehearsal.stage import Part, Player

VAULT, SECRET, ACCESS, READ = "create-vault", "create-secret", "grant-access", "read-secret"
NAMES = (
    *("Ada", "Bela", "Chidi", "Dana", "Emre", "Farah", "Gita", "Hugo", "Ines", "Jun", "Kofi", "Lena", "Mira", "Nils"),
    *("Olga", "Priya", "Quentin", "Rosa", "Sami", "Tove", "Umut", "Vera", "Wim", "Xenia", "Yusuf", "Zoë"),
)


def _stopped(task_id: str, scenario: str, times: int) -> Part:
    def part(player: Player) -> None:
        player.finds(scenario)
        player.checks_before(task_id)
        player.checks(task_id, times)

    return part


def _in_trouble(task_id: str, scenario: str) -> Part:
    """Azure, or the credential, gives out just before that task."""

    def part(player: Player) -> None:
        player.finds("vault-right")
        player.checks_before(task_id)
        player.finds(scenario)
        player.checks(task_id)

    return part


def _alone(player: Player) -> None:
    player.finds("read-ready")
    player.checks_before(READ)
    player.reads_the_secret()


def _at_the_second_try(player: Player) -> None:
    player.checks("preflight")
    player.checks(VAULT)
    player.takes_hints(VAULT, 2)
    player.finds("read-ready")
    player.checks_before(READ)
    player.reads_the_secret()


def _by_the_portal(player: Player) -> None:
    player.checks("preflight")
    for task_id in (VAULT, SECRET, ACCESS, READ):
        player.has_it_done(task_id)


def _mended(player: Player) -> None:
    player.finds("policy-without-get")
    player.checks_before(ACCESS)
    player.checks(ACCESS)
    player.has_it_mended(ACCESS, "complete-policy")
    player.checks(READ)


def _just_begun(player: Player) -> None:
    player.checks("preflight")


PARTS: tuple[tuple[Part | None, int], ...] = (
    (_stopped(VAULT, "vault-rbac-mode", 3), 5),
    (_stopped(ACCESS, "policy-for-application-id", 4), 3),
    (_alone, 3),
    (_stopped(VAULT, "vault-rbac-mode", 1), 2),
    (_at_the_second_try, 2),
    (_by_the_portal, 2),
    (_stopped(SECRET, "secret-disabled", 2), 2),
    (_mended, 1),
    (_just_begun, 1),
    (None, 1),
    (_stopped("preflight", "vm-deallocated", 1), 1),
    (_in_trouble(VAULT, "throttled-without-retry-after"), 1),
    (_stopped(ACCESS, "policy-for-caller", 3), 1),
    (_in_trouble(SECRET, "client-secret-revoked"), 1),
)
"""The part, None for who has not begun, and how many in a class of 26 play it."""


def cast(number: int) -> Iterator[tuple[str, Part | None]]:
    """So many students with what they do, mixed as in a class; beyond 26 it begins anew with numbered names."""
    parts = list(chain.from_iterable(repeat(part, times) for part, times in PARTS))
    # Seven apart: neighbours by name do different things, and a small class has something of each.
    mixed = [parts[(7 * place) % len(parts)] for place in range(len(parts))]
    rounds = range(1, number // len(NAMES) + 2)
    names = (name if turn == 1 else f"{name} {turn}" for turn in rounds for name in NAMES)
    return zip(islice(names, number), islice(cycle(mixed), number), strict=True)
