from __future__ import annotations

from tests.practice.looks.seen import Look, Seen, refusal


def missing(seen: Seen) -> None:
    assert refusal(seen.arm("GET", seen.person.vm_path)) == (404, "ResourceNotFound")
    assert seen.vms() == {}


def other_group(seen: Seen) -> None:
    assert seen.arm("GET", seen.person.vm_path).status_code == 404
    assert seen.vms() == {seen.person.vm: "rg-other"}


def other_name(seen: Seen) -> None:
    assert seen.vms() == {f"{seen.person.vm}-2": seen.person.group}


def two(seen: Seen) -> None:
    assert set(seen.vms()) == {seen.person.vm, f"{seen.person.vm}-2"}
    assert seen.power() == "running"


def several(seen: Seen) -> None:
    assert set(seen.vms()) == {f"{seen.person.vm}-2", f"{seen.person.vm}-3"}


def stopped(state: str) -> Look:
    def look(seen: Seen) -> None:
        assert seen.power() == state
        assert refusal(seen.run_command()) == (409, "OperationNotAllowed")

    return look


def starting(seen: Seen) -> None:
    assert seen.power() == "starting"
    seen.inside.pass_time(61)
    assert seen.power() == "running"


def silent(seen: Seen) -> None:
    assert seen.agent() == "Not Ready"
    assert seen.after_run_command()["error"]["code"] == "VMAgentStatusCommunicationError"
    seen.inside.pass_time(600)
    assert seen.agent() == "Not Ready"


def identity_off(seen: Seen) -> None:
    assert "identity" not in seen.vm()
    assert (seen.person.imds().status_code, seen.person.imds().json()["error_description"]) == (
        400,
        "Identity not found",
    )


def user_identity_only(seen: Seen) -> None:
    shown = seen.vm()["identity"]
    assert shown["type"] == "UserAssigned"
    ((_, user),) = shown["userAssignedIdentities"].items()
    assert seen.vm_is() == user["principalId"]


def linux(seen: Seen) -> None:
    assert seen.vm()["properties"]["storageProfile"]["osDisk"]["osType"] == "Linux"
    assert seen.run_command().status_code == 400


LOOKS: dict[str, Look] = {
    "vm-missing": missing,
    "vm-in-other-group": other_group,
    "vm-other-name": other_name,
    "vm-two": two,
    "vm-several-none-agreed": several,
    "vm-deallocated": stopped("deallocated"),
    "vm-powered-off": stopped("stopped"),
    "vm-starting": starting,
    "vm-agent-silent": silent,
    "vm-identity-off": identity_off,
    "vm-user-identity-only": user_identity_only,
    "vm-linux": linux,
}
