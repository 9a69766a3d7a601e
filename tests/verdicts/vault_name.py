"""Rows about the preflight: whether the vault's name can be had."""

from __future__ import annotations

from tests.verdicts.before import Looked, Renamed, Scenario
from tests.verdicts.preflight import WAITS, row

CASES = (
    row("vault-name-free", "vault-name", "vault_name_free"),
    row(
        "vault-name-taken",
        "vault-name",
        "vault_name_taken",
        ("{vault} is in use", "unique in the whole of Azure"),
        ("another name under Your names",),
    ),
    row(
        "vault-in-other-subscription",
        "vault-name",
        "vault_name_taken",
        ("yours in another subscription",),
        ("in another subscription by mistake", "{resource_group}"),
    ),
    row(
        "vault-name-held-by-stranger",
        "vault-name",
        "vault_name_taken",
        ("may be a stranger's",),
        ("another name",),
    ),
    row(
        "vault-deleted",
        "vault-name",
        "vault_name_deleted",
        ("{vault} ({resource_group}, {location}) was deleted on", "keeps its name until"),
        ("az keyvault recover --name {vault}", "az keyvault purge --name {vault}"),
        remedy="recover-vault",
    ),
    row(
        "vault-deleted-elsewhere",
        "vault-name",
        "vault_deleted_elsewhere",
        ("(rg-other, westeurope) was deleted on", "{resource_group}, {location}"),
        ("az keyvault purge --name {vault} --location westeurope",),
        remedy="purge-vault",
    ),
    row(
        "vault-deleted-protected",
        "vault-name",
        "vault_deleted_protected",
        ("purge protection", "nobody can purge it"),
        ("az keyvault recover --name {vault}", "another name"),
        remedy="recover-vault",
    ),
    row(
        "vault-deleted-protected",
        "vault-name",
        "vault_deleted_out_of_reach",
        ("not in {resource_group}, {location}",),
        ("another name under Your names",),
        names={"location": "westeurope"},
        title="A deleted vault with purge protection was in another region",
    ),
    row(
        "vault-being-deleted",
        "vault-name",
        "vault_name_taken",
        ("just being deleted",),
        ("check again in a minute",),
        title="A vault that the portal never saw is being deleted",
    ),
    row(
        "vault-right",
        "vault-name",
        "vault_name_not_free_yet",
        ("{vault} was yours", "deleted or purged"),
        (WAITS,),
        title="The vault of this walk is being deleted",
        before=(Looked("create-vault"), Scenario("vault-being-deleted")),
    ),
    row(
        "vault-being-purged",
        "vault-name",
        "vault_name_deleted",
        ("keeps its name",),
        ("purged it a moment ago", "check again"),
    ),
    row(
        "vault-missing",
        "vault-name",
        "vault_name_not_allowed",
        ("kv--anna",),
        ("Your names",),
        title="The vault's name breaks Azure's rules",
        before=(Renamed("vault", "kv--anna"),),
    ),
)
