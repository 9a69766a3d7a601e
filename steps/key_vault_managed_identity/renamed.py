"""The vault's name was changed in the portal after a vault of another name had been seen at work: what was done stays
with that one, and the tasks that follow meet a name that nothing has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from steps.key_vault_managed_identity import looks, made
from steps.key_vault_managed_identity.common import same
from steps.key_vault_managed_identity.create_secret.missing_secret import secret_seen_in
from steps.key_vault_managed_identity.explaining import if_told
from steps.kit.findings import not_yet
from steps.kit.records import Vault
from steps.kit.task import Context, Facts
from steps.kit.verdict import Choice, Finding

Judge = Callable[[Context, Facts], Finding]

_MISSING = frozenset({"vault_missing", "vault_under_other_name"})


def aware(judge: Judge) -> Judge:
    """``judge``; where it misses the vault, and the one from before the change of names is still there, both ways to go
    on are told. What the portal has just tried to make is missing for another reason."""

    def judged(ctx: Context, facts: Facts) -> Finding:
        finding = judge(ctx, facts)
        if finding.reason not in _MISSING or made.MAKES_VAULT in ctx.facts:
            return finding
        return _with_the_one_before(ctx, facts, finding)

    return judged


def _with_the_one_before(ctx: Context, facts: Facts, missing: Finding) -> Finding:
    names, before = ctx.names, _seen_before(ctx)
    seen = if_told(facts, looks.vault_called(before)) if before else None
    if seen is None or not isinstance(seen.value, Vault):
        return missing
    secret = secret_seen_in(ctx, before)
    done = f"Tasks 1 and 2 saw {before}, and {secret} in it" if secret else f"Task 1 saw {before}"
    told = not_yet(
        "vault_renamed_since",
        wanted=missing.wanted,
        found=f"There is no key vault {names.vault} in {names.resource_group}. {done}: that was your vault until its "
        "name was changed under Your names, and it is still there. In Azure a vault keeps the name it was made with.",
        next_step=f"Go back to {before}: choose it below, and what is done there counts on. Or, if you want "
        f"{names.vault}, do Tasks 1 and 2 once more to make it, with the secret in it; {before} then stays until it is "
        "deleted, and cleaning up tells what becomes of it.",
        seen=(seen,),
        choices=(Choice("vault", before, f"Go back to {before}"), *_others(missing, before)),
    )
    return replace(told, sources=(*missing.sources, seen.source), notes=missing.notes)


def _seen_before(ctx: Context) -> str:
    """The name of the vault of the group that Task 1 saw last, other than the one agreed now; "" for none."""
    noted = (one.rpartition("/")[2] for one in reversed(ctx.noted.get(made.WAS_THERE, ())) if _in_group(ctx, one))
    return next((name for name in noted if not same(name, ctx.names.vault)), "")


def _in_group(ctx: Context, vault_id: str) -> bool:
    return same(vault_id, made.vault_id(ctx.names, vault_id.rpartition("/")[2]))


def _others(missing: Finding, before: str) -> tuple[Choice, ...]:
    return tuple(one for one in missing.choices if not (one.name == "vault" and same(one.value, before)))
