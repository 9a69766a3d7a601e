"""The only room that talks to Azure: ``steps.kit.azure.Azure``, made with Azure's own SDKs.

How a call goes: a method of ``sdk.SdkAzure`` opens a ``calls.Call`` (what may be done, what was seen), the SDK
sends through the one ``transport`` of its cloud, ``guard`` refuses what is not on its lists, and ``problems``
turns whatever went wrong into an ``AzureProblem``. Nothing here waits, retries or sleeps: the engine does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from labportal.gateway.sent import Hear, unheard
from steps.kit.azure import Azure


@dataclass(frozen=True, slots=True)
class Cloud:
    """How to reach a cloud: an HTTP proxy's address and the CA file to trust. Both empty: Azure itself.

    Proxy variables of the environment are not read, so a shell set up for the practice cloud cannot bend
    what is meant for Azure; a site behind a proxy of its own names it here.
    """

    proxy: str = ""
    ca_bundle: str = ""


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """An application with a secret asks, about this subscription."""

    tenant_id: str
    subscription_id: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CertificatePrincipal:
    """An application with a certificate: ``certificate`` is PEM, with its private key."""

    tenant_id: str
    subscription_id: str
    client_id: str
    certificate: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """A person who has signed in to the application ``client_id`` (``sign_ins``).

    ``cache`` is what came of it; ``keep`` is given its new text each time a token was renewed, for the next process.
    ``sign_in`` tells one signing in from the next: with the same, what this process keeps goes on being used.
    """

    tenant_id: str
    subscription_id: str
    client_id: str
    sign_in: str
    cache: str = field(repr=False, compare=False)
    keep: Callable[[str], None] = field(repr=False, compare=False)


Who = ServicePrincipal | CertificatePrincipal | SignedInPerson


def open_azure(cloud: Cloud, who: Who, *, may_write: bool, heard: Hear = unheard) -> Azure:
    """Azure as whoever asks sees it; safe to use from many threads at once.

    Cheap: transport, clients and tokens are kept in the process and shared between calls. With ``may_write``
    False everything but reading is refused before it is sent (``guard.Refused``). ``heard`` is told of each request
    that has left. No request is made here.
    Raises ValueError for an id or a secret that is empty, or no tenant id in form.
    """
    # Imported here because the SDKs cost half a second and 50 MB, which a process that never calls can save.
    from labportal.gateway.sdk import SdkAzure, clients_of  # noqa: PLC0415

    return SdkAzure(clients_of(cloud, who), may_write=may_write, heard=heard)


def warm_up() -> None:
    """Has the SDKs ready, so that the first student of a worker does not wait for them: about a second.
    For a process that lives long: what it holds by then is taken to stay."""
    from labportal.gateway.warmth import read_one_of_each, set_aside  # noqa: PLC0415

    read_one_of_each()
    set_aside()
