"""Asks the VM to read once its access is gone, and once more when it is back.

Azure promises no time for either to count, so the VM is asked again with growing pauses. Its token stays valid all the
while: Azure keeps one for about a day, and it says who the machine is, not what it may do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from steps.key_vault_managed_identity.patience import ROLE_WAITS
from steps.key_vault_managed_identity.read_secret import ask_vm
from steps.key_vault_managed_identity.read_secret.vault_denials import BY_POLICIES, BY_ROLES
from steps.kit.task import ActionDone, ActionPending, Context

ASK_ID, AGAIN_ID = "challenge-ask", "challenge-read-again"
_BY_POLICY = (5.0, 10.0, 20.0, 30.0, 60.0, 60.0)
"""Seconds before the VM is asked once more. The documents give a policy no time."""

Told = Mapping[str, str]


def reads(told: Told) -> bool:
    return told.get("stage") == "done"


def refused(told: Told) -> bool:
    """Turned away by the vault for want of a right."""
    return told.get("stage") == "secret" and told["answer_code"].casefold() in BY_POLICIES | BY_ROLES


def busy(told: Told) -> bool:
    """The vault gave no answer worth the name: none, or that it had too much to do."""
    status = int(told["answer_status"]) if told.get("stage") == "secret" else 403
    return status in {0, 429} or status >= 500


def ask(ctx: Context, token: str | None) -> ActionDone | ActionPending:
    """Until the vault refuses. Facts: those of ``ask_vm``."""
    names = ctx.names
    said = f"{names.vault} still gives {names.vm} the secret: what was taken away counts in a while."
    return _until(ctx, token, lambda told: not reads(told) and not busy(told), said)


def ask_again(ctx: Context, token: str | None) -> ActionDone | ActionPending:
    """Until the vault no longer refuses. Facts: those of ``ask_vm``."""
    names = ctx.names
    said = f"{names.vault} still turns {names.vm} away: what was put back counts in a while."
    return _until(ctx, token, lambda told: not refused(told) and not busy(told), said)


def _until(ctx: Context, token: str | None, over: Callable[[Told], bool], said: str) -> ActionDone | ActionPending:
    """The token is the number of the turn, a ``|``, and that of the asking under way, "" before it has begun."""
    count, _, under_way = (token or "0|").partition("|")
    answer = ask_vm.ask(ctx, under_way or None)
    if isinstance(answer, ActionPending):
        return replace(answer, token=f"{count}|{answer.token}")
    turn, waits = int(count), ROLE_WAITS if ctx.names.by_roles else _BY_POLICY
    if busy(answer.facts):  # for that, ten minutes without its access would be too long for the machine
        waits, said = waits[: len(_BY_POLICY)], _in_trouble(ctx, answer.facts)
    if over(answer.facts) or turn >= len(waits):
        return replace(answer, did=False)
    return ActionPending(f"{turn + 1}|", waits[turn], said, answer.sources)


def _in_trouble(ctx: Context, told: Told) -> str:
    return f"{ctx.names.vault} {what_it_said(told)}, so {ctx.names.vm} asks once more in a while."


def what_it_said(told: Told) -> str:
    """Of one that is ``busy``; what comes after the vault's name."""
    status = int(told["answer_status"])
    return f"answered {status} {told['answer_code']}".rstrip() if status else "gave no answer"
