"""What is gone is not waited for: a worker that dies while the secret is purged costs no more than itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.kit.verdict import Verdict
from tests.steps.fake_azure import NAMES, FakeAzure
from tests.steps.portals_hand import SECRET, VAULT, Hand
from tests.steps.walking import Killed, Tape


@pytest.mark.parametrize("late", [False, True])
def test_a_worker_killed_while_the_secret_is_purged_leaves_nothing_to_wait_for(
    pool: ThreadPoolExecutor, *, late: bool
) -> None:
    azure, tape = FakeAzure(), Tape()
    hand = Hand(azure, pool)
    hand.carry_out(VAULT, SECRET)
    if late:
        azure.hook = lambda call: azure.hidden.add(f"deleted:{NAMES.secret}") if call == "delete_secret" else None
    azure.after["purge_secret"] = [Killed()]
    with pytest.raises(Killed):
        hand.undo(SECRET, tape=tape)
    assert azure.deleted_secrets == {}

    walked = hand.undo(SECRET, progress=tape.stored)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons()["secret-purged"] == "secret_purged"
    assert sum(walked.waits) <= 5.0
    assert azure.calls["purge_secret"] == 1
