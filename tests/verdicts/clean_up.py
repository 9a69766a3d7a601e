"""Rows about cleaning up: what is left, and what may not be touched."""

from __future__ import annotations

from steps.kit.course import Mode
from tests.verdicts.before import (
    VAULT,
    CarriedOut,
    Fault,
    Looked,
    Mended,
    Renamed,
    Scenario,
    locked,
    vault_changed,
)
from tests.verdicts.case import Case
from tests.verdicts.preflight import ROLES

DONE = CarriedOut(("create-vault", "create-secret", "grant-access"))
LEFT = {"vaults": "lab_vaults_left", "access": "lab_access_left"}
REFUSED = {"error": {"code": "AuthorizationFailed", "message": "The client does not have authorization."}}

DELETING_REFUSED = Fault(r"^management\.azure\.com$", 403, REFUSED, path="/vaults/[^/]+$", method="DELETE")


def row(check: str, reason: str, *facts: tuple[str, ...], **more: object) -> Case:
    found, next_step = (*facts, (), ())[:2]
    scenario = str(more.pop("scenario", ""))
    return Case(scenario, "clean-up", check, reason, found, next_step, **more)  # type: ignore[arg-type]


CASES = (
    row(
        "vaults",
        "lab_vaults_left",
        ("{vault}",),
        ("Clean up",),
        title="The lab is done, and nothing was cleaned up yet",
        before=(DONE,),
        also=LEFT,
    ),
    row(
        "access",
        "lab_access_left",
        ("{vm}",),
        ("Clean up",),
        title="The VM still has its access",
        before=(DONE,),
        also=LEFT,
    ),
    row(
        "settings",
        "lab_settings_left",
        ("not taken back",),
        ("Clean up",),
        title="The portal started the VM, and has not stopped it again",
        before=(Scenario("vm-deallocated"), Mended("preflight", "start-vm")),
    ),
    row(
        "vaults",
        "lab_vaults_locked",
        ("{vault} is still there, with what is in it", "a lock on {vault}"),
        ("Settings, Locks, Delete", "--resource-name {vault}", "clean up once more"),
        title="A lock keeps the lab's vault from being deleted",
        mode=Mode.CARRY_OUT,
        before=(CarriedOut(("create-vault",)), locked(VAULT, "CanNotDelete")),
    ),
    row(
        "deleted-vaults",
        "lab_names_kept",
        ("Deleted, but not purged: {vault}", "An internal execution error occurred"),
        ("Azure's trouble, not yours", "let the portal try once more", "az keyvault purge --name {vault}"),
        title="Purging the lab's vault fails in Azure",
        mode=Mode.CARRY_OUT,
        before=(CarriedOut(("create-vault",)), Scenario("operation-fails")),
    ),
    row(
        "access",
        "lab_access_gone",
        ("Taken back just now", "Key Vault Secrets Officer of your connection at {vault}", "Secrets User of {vm}"),
        title="The lab was done by roles, and was cleaned up",
        mode=Mode.CARRY_OUT,
        names=ROLES,
        before=(DONE,),
    ),
    row(
        "deleted-vaults",
        "lab_names_kept",
        ("{vault}",),
        ("az keyvault purge --name {vault}",),
        title="Azure does not let the portal purge",
        mode=Mode.CARRY_OUT,
        before=(
            CarriedOut(("create-vault",)),
            Fault(r"^management\.azure\.com$", 403, REFUSED, path="/purge", method="POST"),
        ),
    ),
    row(
        "deleted-vaults",
        "lab_names_kept",
        ("Deleted, but not purged: {vault}", "The subscription is disabled"),
        ("choose Reactivate", "try once more"),
        title="The subscription was disabled before cleaning up",
        mode=Mode.CARRY_OUT,
        before=(CarriedOut(("create-vault",)), Scenario("subscription-disabled")),
    ),
    row(
        "vaults",
        "lab_vaults_left",
        ("Still there, with what is in it: {vault}", "does not let it do this"),
        ("the role that it lacks", "Or delete it yourself: `az keyvault delete --name {vault}`"),
        title="Azure does not let the portal delete the vault",
        mode=Mode.CARRY_OUT,
        before=(CarriedOut(("create-vault",)), DELETING_REFUSED),
    ),
    row(
        "deleted-vaults",
        "lab_names_protected",
        ("Nothing is left but the name", "purge protection", "until"),
        title="The lab's vault has purge protection",
        mode=Mode.CARRY_OUT,
        before=(CarriedOut(("create-vault",)), vault_changed(enablePurgeProtection=True)),
    ),
    row(
        "deleted-vaults",
        "deleted_vaults_hidden",
        ("may not see deleted vaults",),
        ("az keyvault purge --name {vault}",),
        title="The portal may not see deleted vaults",
        mode=Mode.CARRY_OUT,
        before=(DONE, Fault(r"^management\.azure\.com$", 403, REFUSED, path="/deletedVaults", method="GET")),
    ),
    row(
        "deleted-vaults",
        "lab_names_unseen",
        ("neither made, seen nor deleted a vault of yours",),
        title="The portal may not see deleted vaults, and nothing was made",
        scenario="caller-group-contributor",
        mode=Mode.CARRY_OUT,
    ),
    row(
        "left-alone",
        "left_alone_of_whom",
        ("cannot know whose it is: {vault}-2 in {resource_group}", "Then delete it: `az keyvault delete --name"),
        title="A vault under another name than the agreed one is still there",
        mode=Mode.CARRY_OUT,
        scenario="vault-other-name",
    ),
    row(
        "left-alone",
        "left_alone_of_whom",
        ("{vm} still has the role Key Vault Secrets User on the resource group", "az role assignment delete --ids /"),
        title="The student gave the VM a role on the whole group, and the lab was cleaned up",
        mode=Mode.CARRY_OUT,
        names=ROLES,
        scenario="role-inherited-from-group",
    ),
    row(
        "left-alone",
        "left_alone_of_whom",
        ("{vault} was in the group already when you chose it", "az keyvault delete --name {vault}"),
        title="The student chose a vault that the portal had found, perhaps a classmate's",
        mode=Mode.CARRY_OUT,
        scenario="secret-in-other-vault",
        before=(Looked("create-secret"), Renamed("vault", "{vault}-2")),
    ),
    row(
        "settings",
        "lab_settings_back",
        ("Gone with the vault, or put back before: Switch the vault to access policies",),
        title="The portal switched the vault's model, and the vault went with the lab",
        mode=Mode.CARRY_OUT,
        scenario="vault-rbac-mode",
        before=(Mended("create-vault", "use-access-policies"),),
    ),
    row(
        "vaults",
        "lab_vaults_gone",
        ("Nothing is left",),
        title="The lab was cleaned up",
        mode=Mode.CARRY_OUT,
        before=(DONE,),
    ),
)
