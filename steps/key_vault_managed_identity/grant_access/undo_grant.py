"""Undoing Task 3: what the VM's identity was given is taken back, and nothing that it had besides."""

from __future__ import annotations

from dataclasses import dataclass

from steps.key_vault_managed_identity import common, given, locks
from steps.kit.findings import not_yet, passed
from steps.kit.records import AccessPolicy, RoleAssignment, Seen, Vault
from steps.kit.task import Action, ActionDone, ActionIntent, Check, Context, Facts, Look, Names, Walk
from steps.kit.verdict import Finding, Source


@dataclass(frozen=True, slots=True)
class Grant:
    """Given to ``principal``: rights on secrets by policy, or a role; the other is empty."""

    principal: str
    rights: tuple[str, ...]
    role: str


def granted(ctx: Walk) -> tuple[Grant, ...]:
    """What the portal noted down when it gave it: that, and nothing the VM had before or got from others."""
    return tuple(
        Grant(one["principal"], tuple(filter(None, one.get("added", "").split(","))), one.get("role", ""))
        for one in given.grants(ctx)
        if common.same(one["vault"], ctx.names.vault)
    )


def _left(vault: Vault, grant: Grant) -> tuple[str, ...]:
    """The rights of ``grant`` that the policy still holds. An entry bound to an application is nobody's of ours."""
    entries = [one for one in vault.access_policies if common.same(one.object_id, grant.principal)]
    has = {right for one in entries if not one.application_id for right in one.secrets}
    return tuple(right for right in grant.rights if right in has)


@dataclass(frozen=True, slots=True)
class Remains:
    vault: Vault | None
    policies: tuple[tuple[Grant, tuple[str, ...]], ...]
    roles: tuple[RoleAssignment, ...]

    def __bool__(self) -> bool:
        return bool(self.policies or self.roles)


def _remains(ctx: Context) -> Seen[Remains]:
    names = ctx.names
    seen = ctx.azure.vault(names.resource_group, names.vault)
    if seen.value is None:
        return Seen(Remains(None, (), ()), seen.source)
    grants = granted(ctx)
    policies = tuple((one, left) for one in grants if (left := _left(seen.value, one)))
    if not any(one.role for one in grants):
        return Seen(Remains(seen.value, policies, ()), seen.source)
    roles = given.of_machine(ctx, names.vault, given.roles(ctx).value)
    return Seen(Remains(seen.value, policies, roles), seen.source)


REMAINS: Look[Remains] = Look("grant-remains", "What is left of the access that the task gave", _remains)


def take_back(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    names = ctx.names
    seen = _remains(ctx)
    if not seen.value:
        said = f"{names.vault} gives {names.vm} nothing of what the task gave{' any more' if token else ''}."
        return ActionDone(said, token is not None, (seen.source,))
    if token is None:
        return ActionIntent(common.INTENT)
    sources: list[Source] = []
    for grant, rights in seen.value.policies:
        policy = AccessPolicy(grant.principal, names.tenant_id, secrets=rights)
        sources.append(ctx.azure.remove_access_policy(names.resource_group, names.vault, policy).source)
    for role in seen.value.roles:
        sources.append(ctx.azure.remove_role(role.id).source)
    return ActionDone(f"What {names.vault} gave {names.vm} was taken back: {_list(seen.value)}.", True, tuple(sources))


def _list(remains: Remains) -> str:
    rights = dict.fromkeys(right for _, rights in remains.policies for right in rights)
    said = [f"the permissions {', '.join(rights)} on secrets"] if rights else []
    return " and ".join(said + [f"the role {role.role_name}" for role in remains.roles])


def judge(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"Nothing that the task gave {names.vm} in {names.vault} is left."
    seen = facts.of(REMAINS)
    if seen.value.vault is None:
        found = f"There is no {names.vault} any more, and its access went with it."
        return passed("access_gone_with_vault", wanted=wanted, found=found, seen=(seen,))
    if not seen.value:
        return passed("access_taken_back", wanted=wanted, found=_nothing(ctx, seen.value.vault), seen=(seen,))
    what = f"{names.vm} still has {_list(seen.value)} there"
    why = locks.why(names, facts, UNDO_GRANT[0], what=what, by_hand=_by_hand(names, seen.value))
    return not_yet(
        "access_still_there", wanted=wanted, found=why.found, next_step=why.next_step, seen=(seen, *why.seen)
    )


def _nothing(ctx: Context, vault: Vault) -> str:
    """What the VM has besides is not the portal's to take, and worth a word: it may read all the same."""
    ours = dict.fromkeys(grant.principal for grant in granted(ctx))
    besides = sorted({right for one in ours for policy in common.policies_of(vault, one) for right in policy.secrets})
    if not besides:
        return "Nothing is."
    return f"Nothing is. What {ctx.names.vm} has there besides ({', '.join(besides)} on secrets) stays."


def _by_hand(names: Names, remains: Remains) -> str:
    if remains.roles:
        return (
            f"Or open {names.vault}, Access control (IAM), Role assignments, mark {names.vm}, "
            "and choose Remove. That takes a right to give and take roles, such as User Access Administrator."
        )
    principal = remains.policies[0][0].principal
    return (
        f"Or open {names.vault}, Access policies, and delete the entry of {names.vm}; "
        f"or: `az keyvault delete-policy --name {names.vault} --object-id {principal}`."
    )


def _plan(names: Names) -> str:
    what = "its role there" if names.by_roles else "those permissions on secrets that the portal added to its policy"
    return (
        f"Take from the identity of {names.vm} in {names.vault} what the portal gave it: {what}. What it had before, "
        "or got from others, stays; so does the access of everybody else."
    )


UNDO_GRANT = (
    Action(
        "undo-grant-access",
        "Take the access back",
        _plan,
        take_back,
        expected_seconds=3.0,
        settles=frozenset({"access_still_there"}),
    ),
)
UNDONE_GRANT = (Check("access-gone", "What the portal gave is gone", (REMAINS,), judge),)
REOPENED_BY_GRANT = ("read-secret",)


def to_undo(walk: Walk) -> bool:
    return bool(granted(walk))
