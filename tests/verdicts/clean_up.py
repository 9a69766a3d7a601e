"""Rows about cleaning up: what is left, and what may not be touched."""

from __future__ import annotations

from steps.kit.course import Mode
from tests.verdicts.before import CarriedOut, Fault, Mended, Scenario, vault_changed
from tests.verdicts.case import Case

DONE = CarriedOut(("create-vault", "create-secret", "grant-access"))
LEFT = {"vaults": "lab_vaults_left", "access": "lab_access_left"}
REFUSED = {"error": {"code": "AuthorizationFailed", "message": "The client does not have authorization."}}


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
        "lab_names_protected",
        ("purge protection",),
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
        "vaults",
        "lab_vaults_gone",
        ("Nothing is left",),
        title="The lab was cleaned up",
        mode=Mode.CARRY_OUT,
        before=(DONE,),
    ),
)
