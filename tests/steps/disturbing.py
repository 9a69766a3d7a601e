"""A course gone through with the worker killed or Azure in trouble, compared with the same course undisturbed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

import pytest

from steps.kit.azure import AzureProblem
from steps.kit.course import Mode
from steps.kit.task import Action, Task
from tests.steps.fake_azure import FakeAzure, problem
from tests.steps.portals_hand import Hand
from tests.steps.walking import Killed, Tape, Walk, walk

FOR_EVER = 200


@dataclass(frozen=True)
class Course:
    """``prepare`` makes an Azure, and the portal's hand in it, in which the course has something to do."""

    task: Task
    mode: Mode
    prepare: Callable[[Executor], Hand]
    remedy: Action | None = None

    def begin(self, pool: Executor, *, slow: bool = False) -> Hand:
        hand = self.prepare(pool)
        hand.azure.slow = slow
        hand.azure.calls.clear()
        return hand

    def go(self, hand: Hand, tape: Tape | None = None) -> Walk:
        """From what ``tape`` holds."""
        tape = tape or Tape()

        def finish(sitting: int) -> None:
            """Azure comes to an end with what it has begun, whether anybody asks or not."""
            hand.azure.finish_vault()
            for end in list(hand.azure.operations.values()):
                end()

        ctx, stored = hand.context(), tape.stored
        return walk(
            self.task, self.mode, ctx, hand.pool, tape=tape, progress=stored, between=finish, remedy=self.remedy
        )

    def killed(self, hand: Hand, last: int) -> Walk:
        """The worker dies before event ``last``, and the next one goes on from what is stored."""

        def die(number: int, kind: str) -> None:
            if number == last:
                raise Killed

        tape = Tape(before_event=die)
        with pytest.raises(Killed):
            self.go(hand, tape)
        return self.go(hand, Tape(stored=tape.stored))

    def killed_after(self, hand: Hand, call: str) -> Walk:
        """The worker dies between an effect and its answer."""
        hand.azure.after[call] = [Killed()]
        tape = Tape()
        with pytest.raises(Killed):
            self.go(hand, tape)
        return self.go(hand, Tape(stored=tape.stored))


def troubles(kind: Any, *, times: int = FOR_EVER) -> list[AzureProblem]:
    return [problem(kind) for _ in range(times)]


def state_of(azure: FakeAzure) -> dict[str, Any]:
    """Everything that matters afterwards; ids that are drawn anew each time are left out."""
    vm = replace(azure.vm, principal_id=str(bool(azure.vm.principal_id))) if azure.vm else None
    return {
        "vaults": {
            (one.resource_group, one.name, one.location, one.provisioning_state, one.rbac, one.open_to_all_networks)
            for one in azure.kept_vaults
        },
        "policies": {
            (vault.name, one.object_id, frozenset(one.secrets), frozenset(one.keys))
            for vault in azure.kept_vaults
            for one in vault.access_policies
        },
        "deleted": set(azure.gone_vaults),
        "secrets": {key: (one.enabled, one.version) for key, one in azure.kept_secrets.items()},
        "deleted secrets": set(azure.deleted_secrets),
        "roles": sorted((one.scope, one.role_id, one.principal_id) for one in azure.assignments),
        "providers": {name: state.replace("Registering", "Registered") for name, state in azure.providers.items()},
        "vm": vm,
        "other vms": azure.other_vms,
    }


def effects_of(hand: Hand) -> Iterator[str]:
    """The calls made that changed something."""
    writes = ("create_", "set_", "add_", "remove_", "delete_", "purge_", "recover_", "assign_", "enable_", "register_")
    others = ("start_vm", "deallocate_vm", "open_network", "restrict_network")
    return (call for call in list(hand.azure.calls) if call.startswith(writes) or call in others)
