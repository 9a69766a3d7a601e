"""Task 2: a secret in the vault. Its value is made here, sent, and forgotten."""

from __future__ import annotations

import secrets
from dataclasses import replace

from steps.key_vault_managed_identity import common, looks, made, renamed
from steps.key_vault_managed_identity.create_secret import key_beside, letting_in, usable
from steps.key_vault_managed_identity.create_secret.in_the_way import HERE
from steps.key_vault_managed_identity.create_secret.missing_secret import SETTLES, secret_missing, seen_there
from steps.key_vault_managed_identity.create_secret.undo_secret import REOPENED_BY_SECRET, UNDO_SECRET, UNDONE_SECRET
from steps.key_vault_managed_identity.guides.create_secret import guide
from steps.key_vault_managed_identity.told_once import after
from steps.kit.findings import passed
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Facts, Names, Task
from steps.kit.verdict import Finding


def create(ctx: Context, token: str | None) -> ActionDone | ActionPending | ActionIntent:
    """Tokens and facts: those of ``letting_in``; of what the portal made ``secret`` and ``vault`` besides."""
    names = ctx.names
    vault = common.vault_to_build_on(ctx)
    there = ctx.azure.secret(names.resource_group, names.vault, names.secret)
    if there.value is not None:
        if token is None:
            return ActionDone(f"{names.secret} was already there; nothing was changed.", False, (there.source,))
        return _noted(names, ActionDone(_made(names), True, (there.source,), letting_in.let_in(token)))
    if token is None:
        return letting_in.intent(ctx, vault.value, "set")
    answer = letting_in.at_vault(
        ctx,
        vault.value,
        token,
        right="set",
        do=lambda: ctx.azure.set_secret(vault.value.uri, names.secret, secrets.token_urlsafe(24)),
        summary=_made(names),
    )
    return answer if isinstance(answer, ActionPending) else _noted(names, answer)


def _noted(names: Names, done: ActionDone) -> ActionDone:
    """With what whoever undoes this must know: names can be changed, and then they are another secret's."""
    return replace(done, facts={**done.facts, "secret": names.secret, "vault": names.vault})


def _made(names: Names) -> str:
    return f"{names.secret} was created in {names.vault}, with a random value that only the vault knows."


def judge_there(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"A secret {names.secret} in {names.vault}."
    vault = facts.of(looks.VAULT)
    if vault.value is None:
        return common.vault_missing(names, (vault,), wanted=wanted)
    seen = facts.of(looks.SECRET)
    if seen.value is not None:
        found = (
            f"{names.secret} is there. Azure shows that to whoever manages the vault; the value stays in it, unseen."
        )
        return passed("secret_there", wanted=wanted, found=found, seen=(seen,), notes=seen_there(names))
    return key_beside.told(names, facts, secret_missing(ctx, facts, common.there(vault), seen, wanted=wanted))


def judge_usable(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"{names.secret} is enabled, and today lies within its dates."
    vault, seen = facts.of(looks.VAULT), facts.of(looks.SECRET)
    if vault.value is None:
        return common.waits_for(HERE, f"the vault {names.vault}", (vault,), wanted=wanted)
    if seen.value is None:
        return common.waits_for(HERE, f"the secret {names.secret}", (seen,), wanted=wanted)
    return usable.judge(ctx, common.there(vault), common.there(seen), seen.now, wanted=wanted)


def _plan(names: Names) -> str:
    return (
        f"Put a secret {names.secret} with a random value into {names.vault}. If the identity your connection uses "
        f"may not set secrets there, it gets {_entry(names)} for that first."
    )


def _entry(names: Names) -> str:
    return "the role Key Vault Secrets Officer on the vault" if names.by_roles else "an access policy"


_usable_once = after(judge_usable, "Whether it can be read", (HERE, looks.VAULT), (HERE, looks.SECRET))

HINTS = (
    lambda names: "A vault is a box with a list of who may open it. Being its owner puts nobody on that list.",
    lambda names: (
        f"Look at what {names.vault} holds under Objects, Secrets. The name has to be {names.secret}, to the "
        "letter; the value may be anything."
    ),
    lambda names: (
        f"Generate/Import, upload option Manual, name {names.secret}, any value, no dates, Enabled Yes, "
        f"Create. Are you told that you may not? Then put yourself on the list: Access {_list(names)}."
    ),
)


def _list(names: Names) -> str:
    if names.by_roles:
        return "control (IAM), Add role assignment, Key Vault Secrets Officer"
    return "policies, Create, Secret Management"


TASK = Task(
    id="create-secret",
    number=2,
    title="Create a secret",
    summary="Put into the vault what the virtual machine is to read later.",
    guide=guide,
    actions=(Action(made.MAKES_SECRET, "Create the secret", _plan, create, expected_seconds=5.0, settles=SETTLES),),
    checks=(
        Check(HERE, "The secret is in your vault", (looks.VAULT, looks.SECRET), renamed.aware(judge_there)),
        Check("secret-usable", "The secret can be read", (looks.VAULT, looks.SECRET), _usable_once),
    ),
    hints=HINTS,
    undo=UNDO_SECRET,
    undone=UNDONE_SECRET,
    undo_reopens=REOPENED_BY_SECRET,
    to_undo=made.secret_by_portal,
)
