from __future__ import annotations

from tests.practice.looks.seen import Look, Seen, refusal


def right(seen: Seen) -> None:
    shown = seen.vault_shown()
    assert (shown["location"], shown["provisioningState"], shown["publicNetworkAccess"]) == (
        "eastus",
        "Succeeded",
        "Enabled",
    )
    assert shown["enableRbacAuthorization"] is False
    assert set(seen.policies()) == {seen.app_oid()}
    assert seen.person.data("PUT", seen.vault, "/secrets/mine", json={"value": "v"}).status_code == 200


def missing(seen: Seen) -> None:
    assert seen.vault_answer().status_code == 404
    assert (seen.all_vaults(), seen.name_is()) == ({}, "free")


def other_group(seen: Seen) -> None:
    assert seen.vault_answer().status_code == 404
    assert seen.all_vaults() == {seen.vault: "rg-other"}


def other_region(seen: Seen) -> None:
    assert seen.vault_shown()["location"] == "westeurope"


def rbac_mode(seen: Seen) -> None:
    assert seen.vault_shown()["enableRbacAuthorization"] is True
    assert refusal(seen.app_reads()) == (403, "ForbiddenByRbac")


def others(count: int) -> Look:
    def look(seen: Seen) -> None:
        assert seen.vault_answer().status_code == 404
        assert list(seen.all_vaults().values()) == [seen.person.group] * count
        assert seen.name_is() == "free"

    return look


def two(seen: Seen) -> None:
    assert len(seen.all_vaults()) == 2
    assert seen.vault in seen.all_vaults()


def provisioning(seen: Seen) -> None:
    assert seen.vault_shown()["provisioningState"] == "RegisteringDns"
    seen.inside.pass_time(61)
    assert seen.vault_shown()["provisioningState"] == "Succeeded"


def failed(seen: Seen) -> None:
    seen.inside.pass_time(600)
    assert seen.vault_shown()["provisioningState"] == "Failed"
    assert seen.arm("DELETE", seen.vault_path()).status_code == 200


def shut(*, student: bool) -> Look:
    """Whether the student still gets in; the VM never does."""

    def look(seen: Seen) -> None:
        answer = seen.app_reads()
        assert (answer.status_code == 404) if student else (refusal(answer) == (403, "ForbiddenByFirewall"))
        assert vm_refused(seen) == "ForbiddenByFirewall"

    return look


def vm_refused(seen: Seen) -> str:
    """Why the vault refuses a request from inside the VM, where other addresses are."""
    token = seen.person.imds().json()["access_token"]
    url = f"https://{seen.vault}.vault.azure.net/secrets/{seen.secret}?api-version=7.4"
    script = [
        f"try {{ Invoke-RestMethod -Uri '{url}' -Headers @{{Authorization='Bearer {token}'}} }}",
        "catch { Write-Output $_.ErrorDetails.Message }",
    ]
    body = {"commandId": "RunPowerShellScript", "script": script}
    started = seen.arm("POST", f"{seen.person.vm_path}/runCommand", json=body)
    seen.inside.let(0.2)
    said = seen.outcome(started)["properties"]["output"]["value"][0]["message"]
    return "ForbiddenByFirewall" if "ForbiddenByFirewall" in said else str(said)


def ip_rule_other(seen: Seen) -> None:
    shut(student=False)(seen)
    assert [rule["value"] for rule in seen.vault_shown()["networkAcls"]["ipRules"]] == ["198.51.100.7/32"]


def public_access_off(seen: Seen) -> None:
    assert seen.vault_shown()["publicNetworkAccess"] == "Disabled"
    assert refusal(seen.app_reads()) == (403, "ForbiddenByConnection")
    assert refusal(seen.vm_reads()) == (403, "ForbiddenByConnection")


def purge_protected(seen: Seen) -> None:
    assert seen.vault_shown()["enablePurgeProtection"] is True


LOOKS: dict[str, Look] = {
    "vault-right": right,
    "vault-missing": missing,
    "vault-in-other-group": other_group,
    "vault-in-other-region": other_region,
    "vault-rbac-mode": rbac_mode,
    "vault-other-name": others(1),
    "vault-several": others(2),
    "vault-two": two,
    "vault-provisioning": provisioning,
    "vault-failed": failed,
    "vault-firewall": shut(student=False),
    "vault-ip-rule-other": ip_rule_other,
    "vault-ip-rule-only": shut(student=True),
    "vault-public-access-off": public_access_off,
    "vault-purge-protected": purge_protected,
}
