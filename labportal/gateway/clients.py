"""The SDK clients of whoever asks, on the shared transport."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from azure.core.pipeline.policies import (
    ContentDecodePolicy,
    HttpLoggingPolicy,
    RequestIdPolicy,
    RetryPolicy,
    SansIOHTTPPolicy,
    UserAgentPolicy,
)
from azure.core.rest import HttpRequest, HttpResponse
from azure.keyvault.secrets import SecretClient
from azure.mgmt.authorization.v2022_04_01 import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.policyinsights import PolicyInsightsClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient

from labportal.gateway import CertificatePrincipal, Cloud, ServicePrincipal, Who
from labportal.gateway.cache import Keep
from labportal.gateway.credentials import SharedCredential
from labportal.gateway.guard import GuardPolicy
from labportal.gateway.transport import Limits, SharedTransport, transport_to

ARM = "https://management.azure.com"
ARM_SCOPE = f"{ARM}/.default"
USER_AGENT = "lab-portal"

# Every client makes these for itself unless it is given them, used or not, and they are two thirds of its memory.
_NO_RETRIES: RetryPolicy[HttpRequest, HttpResponse] = RetryPolicy.no_retries()
_NO_LOGGING = HttpLoggingPolicy()
_DECODING = ContentDecodePolicy()  # an SDK of the older kind reads what this one leaves for it


class Clients:
    """Safe between threads. Nothing is closed: what they hold on to belongs to the transport."""

    def __init__(self, who: Who, transport: SharedTransport) -> None:
        self.who = who
        self.transport = transport
        self.credential = SharedCredential(who, transport)
        self._build()

    def start_afresh(self) -> None:
        """Forgets every token, those that the clients' policies hold included: a service just refused one that
        looked valid. Calls under way end as they would have."""
        self.credential.forget()
        self._build()

    def _build(self) -> None:
        subscription = self.who.subscription_id
        self.key_vault = KeyVaultManagementClient(self.credential, subscription, **self._arm())
        self.compute = ComputeManagementClient(self.credential, subscription, **self._arm())
        self.resources = ResourceManagementClient(self.credential, subscription, **self._arm())
        self.subscriptions = SubscriptionClient(self.credential, **self._arm())
        self.authorization = AuthorizationManagementClient(self.credential, subscription, **self._arm(_DECODING))
        self.policy = PolicyInsightsClient(self.credential, subscription, **self._arm())

    def _arm(self, *more: SansIOHTTPPolicy[Any, Any]) -> dict[str, Any]:
        """A pipeline of our own instead of the SDKs' usual one, through their ``policies`` option.

        Left out on purpose: the policy that registers a resource provider in the student's subscription when
        a request fails for want of it, and then sleeps; retries, because the engine waits; redirects, because
        ARM has none for us; and logging. ``more`` is what a client cannot do without besides.
        """
        return {
            "base_url": ARM,
            "credential_scopes": [ARM_SCOPE],
            "transport": self.transport,
            "retry_policy": _NO_RETRIES,
            "http_logging_policy": _NO_LOGGING,
            "policies": [
                GuardPolicy(),
                RequestIdPolicy(),
                UserAgentPolicy(USER_AGENT),
                *more,
                ARMChallengeAuthenticationPolicy(self.credential, ARM_SCOPE),
            ],
        }

    def secrets_of(self, vault_uri: str) -> SecretClient:
        """A vault's own client. Its usual pipeline is kept, with retries and redirects off: the challenge
        policy in it is not public."""
        return SecretClient(
            vault_uri,
            self.credential,
            transport=self.transport,
            per_call_policies=[GuardPolicy()],
            retry_total=0,
            permit_redirects=False,
            user_agent=USER_AGENT,
        )


def what_signs_in(who: Who) -> str:
    """What is another when the credential is another."""
    match who:
        case ServicePrincipal(client_secret=secret):
            return secret
        case CertificatePrincipal(certificate=pem):
            return pem
        case _:
            return who.sign_in


_PEPPER = secrets.token_bytes(32)  # lives as long as the process: fingerprints mean nothing elsewhere
_kept: Keep[tuple[Cloud, Limits, str, str, str, bytes], Clients] = Keep(512)
STANDARD = Limits()


def clients_of(cloud: Cloud, who: Who, limits: Limits = STANDARD) -> Clients:
    """The same clients, with their tokens, for the same cloud and credential; a rotated secret makes new ones, and so
    does signing in again."""
    fingerprint = hmac.digest(_PEPPER, what_signs_in(who).encode(), "sha256")
    key = (cloud, limits, who.tenant_id, who.subscription_id, who.client_id, fingerprint)
    return _kept.get(key, lambda: Clients(who, transport_to(cloud, limits)))
