from __future__ import annotations

from tests.practice.looks import vault
from tests.practice.looks.policies import right as policy_is_right
from tests.practice.looks.seen import Look, Seen, refusal


def ready(seen: Seen) -> None:
    policy_is_right(seen)
    assert seen.after_run_command()["status"] == "Succeeded"


def vm_stopped(seen: Seen) -> None:
    assert seen.power() == "deallocated"
    assert seen.oid() in seen.policies()
    assert refusal(seen.run_command()) == (409, "OperationNotAllowed")


def agent_not_ready(seen: Seen) -> None:
    assert seen.agent() == "Not Ready"
    assert seen.oid() in seen.policies()
    assert seen.after_run_command()["error"]["code"] == "VMAgentStatusCommunicationError"


def command_running(seen: Seen) -> None:
    policy_is_right(seen)
    assert refusal(seen.run_command()) == (409, "Conflict")
    seen.inside.pass_time(61)
    assert seen.after_run_command()["status"] == "Succeeded"


def firewall(seen: Seen) -> None:
    assert seen.app_reads().status_code == 200
    assert vault.vm_refused(seen) == "ForbiddenByFirewall"


def policy_removed(seen: Seen) -> None:
    assert seen.oid() not in seen.policies()
    assert refusal(seen.vm_reads()) == (403, "AccessDenied")


def switched(seen: Seen) -> None:
    assert seen.oid() in seen.policies()
    assert refusal(seen.vm_reads()) == (403, "ForbiddenByRbac")


def secret_disabled(seen: Seen) -> None:
    assert refusal(seen.vm_reads()) == (403, "SecretDisabled")


def secret_deleted(seen: Seen) -> None:
    assert refusal(seen.vm_reads()) == (404, "SecretNotFound")
    assert seen.person.data("GET", seen.vault, f"/deletedsecrets/{seen.secret}").status_code == 200


def versions(seen: Seen) -> list[str]:
    answer = seen.person.data("GET", seen.vault, f"/secrets/{seen.secret}/versions")
    return [one["id"].rpartition("/")[2] for one in answer.json()["value"]]


def older_version(seen: Seen) -> None:
    known = versions(seen)
    assert len(known) > 1
    current = seen.vm_reads().json()["id"].rpartition("/")[2]
    older = next(one for one in known if one != current)
    assert seen.person.data("GET", seen.vault, f"/secrets/{seen.secret}/{older}").status_code == 200


def version_changes(seen: Seen) -> None:
    before = seen.vm_reads().json()["id"]
    seen.inside.pass_time(29)
    assert seen.vm_reads().json()["id"] == before
    seen.inside.pass_time(2)
    assert seen.vm_reads().json()["id"] != before


def wrong_audience(seen: Seen) -> None:
    answer = seen.vm_reads()
    assert answer.status_code == 401
    assert answer.json()["error"]["message"].startswith("AKV10022")
    assert "www-authenticate" in answer.headers
    seen.inside.pass_time(61)
    assert seen.vm_reads().status_code == 200


def imds(status: int) -> Look:
    def look(seen: Seen) -> None:
        assert seen.person.imds().status_code == status
        seen.inside.pass_time(61)
        assert seen.vm_reads().status_code == 200

    return look


LOOKS: dict[str, Look] = {
    "read-ready": ready,
    "read-vm-stopped": vm_stopped,
    "read-agent-not-ready": agent_not_ready,
    "read-command-running": command_running,
    "read-firewall": firewall,
    "read-policy-removed": policy_removed,
    "read-vault-switched-to-roles": switched,
    "read-secret-disabled": secret_disabled,
    "read-secret-deleted": secret_deleted,
    "read-older-version": older_version,
    "read-version-changes-later": version_changes,
    "read-wrong-audience": wrong_audience,
    "imds-410": imds(410),
    "imds-429": imds(429),
    "imds-500": imds(500),
}
