"""Task 4: what comes between machine, vault and portal. All is done as it should be; an answer does not come, or not
the one that was sent."""

from __future__ import annotations

import re

from practice_cloud import machines
from practice_cloud.cloud import Cloud
from practice_cloud.scenarios import later, vms
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.reading import ready
from practice_cloud.scenarios.scene import Scene
from practice_cloud.scenarios.trouble import ARM, VAULTS
from practice_cloud.store import Doc

BOOK = Book("task 4: what comes between", task="read-secret")
_LASTS = Number(60, "the seconds until it is over")
_MENDED = Number(None, "after so many seconds it is mended")
_PAGE = "<html><head><title>Sign in to the network</title></head><body><h1>Welcome</h1></body></html>"


@BOOK.scenario("read-name-unresolved", "The VM cannot resolve the vault's name", seconds=_MENDED)
def unresolved(scene: Scene) -> None:
    """The VM's DNS servers know no public name: .NET's NameResolutionFailure. The metadata service is an address."""
    _barred(scene, "unresolved", "resolves no public names")


@BOOK.scenario("read-tls-refused", "VM and vault have no version of TLS in common", seconds=_MENDED)
def unsecured(scene: Scene) -> None:
    """The VM has TLS 1.2 switched off, and Azure has nothing older: .NET's SecureChannelFailure."""
    _barred(scene, "unsecured", "has TLS 1.2 switched off")


@BOOK.scenario("read-certificate-untrusted", "The VM does not trust who answers as the vault", seconds=_MENDED)
def untrusted(scene: Scene) -> None:
    """A proxy opens what the VM encrypts and shows a certificate of its own: .NET's TrustFailure."""
    _barred(scene, "untrusted", "does not trust the certificate that it is shown")


def _barred(scene: Scene, how: str, says: str) -> None:
    ready(scene)
    vms.vm(scene, wayOut=how)
    scene.suffer(f"{scene.student['vm']} {says}.")
    seconds = scene.maybe("seconds")
    if seconds is not None:
        free = f"The way out of {scene.student['vm']} is free."
        scene.later(seconds, "way out is free", free, vm=scene.vm_id)


@later.step("way out is free")
def free(cloud: Cloud, doc: Doc) -> None:
    vm = machines.find(cloud, doc["data"]["vm"])
    if vm is not None:
        machines.save(cloud, {**vm, "wayOut": ""})


@BOOK.scenario("read-page-instead", "A proxy's page is answered in the vault's place", seconds=_LASTS)
def page_instead(scene: Scene) -> None:
    """Whoever asks for a secret gets a page with status 200, as from a network that wants to be signed in to."""
    ready(scene)
    lasts = scene.number("seconds")
    scene.fault(host=VAULTS, path="^/secrets/", method="GET", status=200, body=_PAGE, for_seconds=lasts)
    scene.suffer("Who asks a vault for a secret gets a page.")


def _shown_by_arm(scene: Scene) -> str:
    return rf"(?i)/vaults/{re.escape(scene.vault_name)}/secrets/{re.escape(scene.secret_name)}$"


@BOOK.scenario("read-version-unnamed", "ARM shows the secret and does not name its version", seconds=_LASTS)
def version_unnamed(scene: Scene) -> None:
    """Everything is ready; the secret's secretUriWithVersion is left out. None was seen to in Azure so far."""
    vault = ready(scene)
    shown = {
        "id": f"{vault['id']}/secrets/{scene.secret_name}",
        "name": scene.secret_name,
        "type": "Microsoft.KeyVault/vaults/secrets",
        "location": vault["location"],
        "properties": {"attributes": {"enabled": True}},
    }
    lasts = scene.number("seconds")
    scene.fault(host=ARM, path=_shown_by_arm(scene), method="GET", status=200, body=shown, for_seconds=lasts)
    scene.suffer(f"ARM does not name the version of {scene.secret_name}.")


@BOOK.scenario("read-secret-flickers", "ARM shows the secret at every second look only", seconds=_LASTS)
def flickers(scene: Scene) -> None:
    """Everything is ready; every other answer about the secret is 404, as from a copy of ARM's that is not up to
    date."""
    ready(scene)
    error = {"code": "SecretNotFound", "message": f"The secret '{scene.secret_name}' was not found in the key vault."}
    told = {"status": 404, "body": {"error": error}, "every": 2, "for_seconds": scene.number("seconds")}
    scene.fault(host=ARM, path=_shown_by_arm(scene), method="GET", **told)
    scene.suffer(f"ARM shows {scene.secret_name} at every second look only.")
