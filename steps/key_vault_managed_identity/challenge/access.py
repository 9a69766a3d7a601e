"""What lets the VM in, in a form that can be stored, taken away and put back, and said."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, dataclass, replace
from typing import Any

from steps.key_vault_managed_identity import az, common, role_actions
from steps.kit.records import AccessPolicy, Seen, Vault
from steps.kit.task import Context, Names

KINDS = ("secrets", "keys", "certificates")


@dataclass(frozen=True, slots=True)
class Role:
    scope: str
    role_id: str
    name: str
    description: str = ""
    condition: str = ""  # in Azure's words: without it, what is put back would be more than what was taken


@dataclass(frozen=True, slots=True)
class Access:
    """What lets ``principal`` into ``vault``: the permissions of its access policy, or roles; the other is empty."""

    vault: str
    principal: str
    tenant_id: str
    secrets: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.secrets or self.keys or self.certificates or self.roles)

    @property
    def policy(self) -> AccessPolicy:
        return AccessPolicy(self.principal, self.tenant_id, self.secrets, self.keys, self.certificates)

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def load(text: str) -> Access:
        said = json.loads(text)
        kinds: dict[str, Any] = {kind: tuple(said.pop(kind)) for kind in KINDS}
        roles = tuple(Role(**one) for one in said.pop("roles"))
        return Access(**said, **kinds, roles=roles)


def entry_of(vault: Vault, principal: str, tenant_id: str) -> Access:
    mine = common.policies_of(vault, principal)
    given: dict[str, Any] = {
        kind: tuple(dict.fromkeys(one for policy in mine for one in getattr(policy, kind))) for kind in KINDS
    }
    return Access(vault.name, principal, mine[0].tenant_id if mine else tenant_id, **given)


def still_there(ctx: Context, access: Access) -> Seen[Access]:
    """The part of ``access`` that Azure has now. Raises BLOCKED where the vault itself is gone."""
    names = ctx.names
    if access.roles:
        seen = ctx.azure.role_assignments(role_actions.secret_scope(names), access.principal)
        has = {key_of(one.scope, one.role_id) for one in seen.value if common.same(one.principal_id, access.principal)}
        roles = tuple(one for one in access.roles if key_of(one.scope, one.role_id) in has)
        return Seen(replace(access, roles=roles), seen.source)
    vault = _vault(ctx, access)
    now = entry_of(vault.value, access.principal, access.tenant_id)
    kept: dict[str, Any] = {
        kind: tuple(one for one in getattr(access, kind) if one in getattr(now, kind)) for kind in KINDS
    }
    return Seen(replace(access, **kept), vault.source)


VAULT_GONE = "VaultGone"


def _vault(ctx: Context, access: Access) -> Seen[Vault]:
    names, seen = ctx.names, ctx.azure.vault(ctx.names.resource_group, ctx.names.vault)
    if seen.value is not None:
        return common.there(seen)
    raise common.blocked(
        VAULT_GONE,
        f"{names.vault} is gone from {names.resource_group}, and what {names.vm} had in it went with it: there is "
        f"nothing into which {in_words(access)} could be put back.",
        seen.source,
    )


def key_of(scope: str, role_id: str) -> tuple[str, str]:
    return scope.casefold().rstrip("/"), role_id.casefold()


def missing(access: Access, there: Access) -> Access:
    kinds: dict[str, Any] = {
        kind: tuple(one for one in getattr(access, kind) if one not in getattr(there, kind)) for kind in KINDS
    }
    return replace(access, **kinds, roles=tuple(one for one in access.roles if one not in there.roles))


def in_words(access: Access) -> str:
    """ "the access policy (get, list on secrets)" or "the role Key Vault Secrets User"."""
    if access.roles:
        return " and ".join(f"the role {one.name}" for one in access.roles)
    parts = [f"{', '.join(given)} on {kind}" for kind in KINDS if (given := getattr(access, kind))]
    return f"the access policy ({'; '.join(parts)})"


def by_hand(names: Names, access: Access) -> str:
    """A sentence with the commands that put ``access`` back."""
    if access.roles:
        commands = [
            f'az role assignment create --role "{one.name}" {az.machine(access.principal)} --scope {one.scope}'
            f"{f' --condition {shlex.quote(one.condition)} --condition-version 2.0' if one.condition else ''}"
            for one in access.roles
        ]
    else:
        options = [
            f"--{kind.removesuffix('s')}-permissions {' '.join(given)}"
            for kind in KINDS
            if (given := getattr(access, kind))
        ]
        commands = [
            f"az keyvault set-policy --name {names.vault} --resource-group {names.resource_group} "
            f"--object-id {access.principal} {' '.join(options)}"
        ]
    return f"To put it back yourself: {' and '.join(f'`{one}`' for one in commands)}."
