from __future__ import annotations

from tests.practice.looks.policies import right as policy_is_right
from tests.practice.looks.seen import Look, Seen, refusal


def asked_on_the_vm(seen: Seen) -> str:
    """How far the VM's own request for the secret comes: .NET's status of it, "answered" where there is none."""
    url = f"https://{seen.vault}.vault.azure.net/secrets/{seen.secret}?api-version=7.4"
    return seen.vm_prints(
        f'try {{ Invoke-RestMethod "{url}" | Out-Null; "answered" }} catch {{ "$($_.Exception.Status)" }}'
    )


def token_on_the_vm(seen: Seen) -> str:
    url = (
        "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net"
    )
    return seen.vm_prints(f"(Invoke-RestMethod '{url}' -Headers @{{Metadata='true'}}).token_type")


def barred(status: str) -> Look:
    """The token comes, the secret does not, and everybody else reads it."""

    def look(seen: Seen) -> None:
        policy_is_right(seen)
        assert asked_on_the_vm(seen) == status
        assert token_on_the_vm(seen) == "Bearer"
        assert seen.vm_reads().status_code == 200

    return look


def page(seen: Seen) -> None:
    assert asked_on_the_vm(seen) == "answered"
    assert "Sign in to the network" in seen.vm_reads().text
    seen.inside.pass_time(61)
    assert "value" in seen.vm_reads().json()


def _properties(seen: Seen) -> dict[str, object]:
    return dict(seen.arm("GET", f"{seen.vault_path()}/secrets/{seen.secret}").json()["properties"])


def unnamed(seen: Seen) -> None:
    assert seen.vm_reads().status_code == 200
    assert "secretUriWithVersion" not in _properties(seen)
    seen.inside.pass_time(61)
    assert "secretUriWithVersion" in _properties(seen)


def flickers(seen: Seen) -> None:
    looks = [seen.arm("GET", f"{seen.vault_path()}/secrets/{seen.secret}") for _ in range(4)]
    assert [one.status_code for one in looks] == [404, 200, 404, 200]
    assert refusal(looks[0]) == (404, "SecretNotFound")
    assert seen.vm_reads().status_code == 200
    seen.inside.pass_time(61)
    assert "secretUriWithVersion" in _properties(seen)


LOOKS: dict[str, Look] = {
    "read-name-unresolved": barred("NameResolutionFailure"),
    "read-tls-refused": barred("SecureChannelFailure"),
    "read-certificate-untrusted": barred("TrustFailure"),
    "read-page-instead": page,
    "read-version-unnamed": unnamed,
    "read-secret-flickers": flickers,
}
