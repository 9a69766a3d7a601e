"""Pasted words of the vault: 403, for want of a right or for a reason that it does not tell."""

from __future__ import annotations

from steps.key_vault_managed_identity import common
from steps.key_vault_managed_identity.read_secret.own_response.own import Own, elsewhere, other_vault
from steps.key_vault_managed_identity.read_secret.vm_told import READ
from steps.kit.findings import not_yet
from steps.kit.verdict import Finding


def denied(own: Own) -> Finding:
    """Whose right is missing, which, and whether it is there by now."""
    names = own.names
    other = other_vault(own) or elsewhere(own) or _another_right(own)
    if other is not None:
        return other
    if own.read_by_now:
        return not_yet(
            "answer_denied_earlier",
            wanted=own.wanted,
            found=f"{names.vault} turned {names.vm} away when you asked. Since then it lets it in.",
            next_step=own.once_more,
            seen=own.seen,
        )
    if "deny" in own.said:
        return _deny_assignment(own)
    if own.only_time_helps:
        what = f"{names.vault} to let {names.vm} in. Then run the three commands once more"
        return common.waits_for(READ, what, own.seen, wanted=own.wanted)
    kind = "a role" if names.by_roles else "an access policy"
    return not_yet(
        "answer_denied",
        wanted=own.wanted,
        found=f"{names.vault} turned {names.vm} away (403): {kind} that lets it read {names.secret} is missing, or "
        "does not count yet.",
        next_step=f"The check above about the vault and {names.vm} says which. Put that right. {own.again}",
        seen=own.seen,
    )


def _another_right(own: Own) -> Finding | None:
    names, right = own.names, own.said.get("right", "")
    if not right:
        return None
    return not_yet(
        "answer_denied_another_right",
        wanted=own.wanted,
        found=f"Your last command asked for something else than reading: {names.vault} says that {names.vm} may not "
        f"{right} secrets. To read one takes the right get alone.",
        next_step=f"It has to be -Method GET, and the address {names.vault_uri}secrets/{names.secret}"
        f"?api-version=2016-10-01. {own.again}",
        seen=own.seen,
    )


def _deny_assignment(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_met_deny_assignment",
        wanted=own.wanted,
        found=f"A deny assignment ({own.said['deny']}) forbids {names.vm} to read {names.secret}. It counts above "
        "every role, and waiting does not change it.",
        next_step=f"Open {names.vault}, Access control (IAM), Deny assignments: it names who set it, a deployment "
        f"stack or a managed application mostly, where it has to be taken away. {own.again}",
        seen=own.seen,
    )


def forbidden(own: Own) -> Finding:
    names = own.names
    other = other_vault(own) or elsewhere(own)
    if other is not None:
        return other
    how = f"The checks above say what {names.vm} meets when the portal asks it. Put that right. {own.again}"
    if own.only_time_helps:
        what = f"{names.vault} to let {names.vm} in. Then run the three commands once more"
        return common.waits_for(READ, what, own.seen, wanted=own.wanted)
    return not_yet(
        "answer_forbidden",
        wanted=own.wanted,
        found=f"{names.vault} answered 403, Forbidden, and your paste gives no reason that the portal knows.",
        next_step=f"{names.vault} lets {names.vm} in now. {own.once_more}" if own.read_by_now else how,
        seen=own.seen,
    )
