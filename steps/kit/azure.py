"""Azure as the labs see it: a protocol, and one exception. What it answers are plain records (``steps.kit.records``).

``labportal.gateway`` implements ``Azure`` with the real SDKs; nothing here knows
them. Every read answers ``Seen``: the value (None where Azure says there is no
such thing, which is an answer, not an error) and the request that showed it.
Everything else that goes wrong is an ``AzureProblem``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Protocol

from steps.kit.reader import AzureReader
from steps.kit.records import AccessPolicy, Done, Provider, RunCommandResult, Running, SecretInfo, Vault
from steps.kit.verdict import Source


class ProblemKind(StrEnum):
    """Why Azure did not do or tell what was asked. Ids are stable; wording lives in ``steps.kit.problems``."""

    THROTTLED = "throttled"  # 429
    AZURE_UNAVAILABLE = "azure_unavailable"  # 5xx
    TIMED_OUT = "timed_out"  # no answer within our limit
    UNREACHABLE = "unreachable"  # DNS, refused, reset, TLS
    CREDENTIAL_REJECTED = "credential_rejected"  # AADSTS7000215, 700016, 90002, 401
    CREDENTIAL_EXPIRED = "credential_expired"  # AADSTS7000222
    NOT_AUTHORIZED = "not_authorized"  # 403 to the portal's own caller
    NOT_REGISTERED = "not_registered"  # 409 MissingSubscriptionRegistration
    POLICY_DENIED = "policy_denied"  # 403 RequestDisallowedByPolicy
    PROTECTED = "protected"  # purge protection, a lock, a deny assignment, a disabled subscription
    NAME_TAKEN = "name_taken"  # 409 VaultAlreadyExists
    NAME_IN_DELETED_STATE = "name_in_deleted_state"  # 409 ConflictError, soft-deleted vault or secret
    INVALID_REQUEST = "invalid_request"  # 400
    NOT_FOUND = "not_found"  # 404 on a write: group, vault or VM is gone
    CONFLICT = "conflict"  # other 409, such as a Run Command already running
    OPERATION_FAILED = "operation_failed"  # a long-running operation ended in Failed
    BLOCKED = "blocked"  # raised by a step itself: what it builds on is not there; ``message`` says it all
    UNEXPECTED = "unexpected"  # anything not foreseen; kept with its evidence


TRANSIENT: frozenset[ProblemKind] = frozenset(
    {
        ProblemKind.THROTTLED,
        ProblemKind.AZURE_UNAVAILABLE,
        ProblemKind.TIMED_OUT,
        ProblemKind.UNREACHABLE,
        ProblemKind.CONFLICT,
    }
)
"""Problems that waiting may mend: the engine looks again by itself."""

DONE_PERHAPS: frozenset[ProblemKind] = frozenset(
    {
        ProblemKind.AZURE_UNAVAILABLE,
        ProblemKind.TIMED_OUT,
        ProblemKind.UNREACHABLE,
        ProblemKind.UNEXPECTED,
    }
)
"""Problems after which what was asked may be done all the same. After any other one it is not."""

NEEDS_SIGN_IN: frozenset[ProblemKind] = frozenset({ProblemKind.CREDENTIAL_REJECTED, ProblemKind.CREDENTIAL_EXPIRED})
"""Problems that end when the student signs in again: the attempt waits for that, and goes on after it."""


class AzureProblem(Exception):
    """Azure did not do or tell what was asked.

    ``code`` is Azure's own ("AuthorizationFailed", "AADSTS7000215"; "" if none);
    ``message`` is Azure's, scrubbed of tokens; ``retry_after`` is in seconds and
    only there if Azure named it.
    """

    def __init__(
        self, kind: ProblemKind, *, code: str, message: str, source: Source, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{kind}: {code} {message}")
        self.kind = kind
        self.code = code
        self.message = message
        self.source = source
        self.retry_after = retry_after
        self.token_was_kept = False  # refused was a token from before, which tells nothing of the credential
        self.refused = False  # what the step had said it was about to do: it is not done (``effect``)

    @property
    def transient(self) -> bool:
        return self.kind in TRANSIENT

    @property
    def needs_sign_in(self) -> bool:
        return self.kind in NEEDS_SIGN_IN

    @property
    def may_pass(self) -> bool:
        """Trying again some time later may go well."""
        return self.transient or self.needs_sign_in


@contextmanager
def effect() -> Iterator[None]:
    """Around the very call of which an intent has noted what it does. A problem in it is a ``refused`` one if that is
    certainly not done, and then the note is dropped."""
    try:
        yield
    except AzureProblem as problem:
        problem.refused = problem.kind not in DONE_PERHAPS
        raise


class Azure(AzureReader, Protocol):
    """What carrying out may do besides. Long ones answer Running or Done and never sleep."""

    def create_vault(
        self,
        resource_group: str,
        name: str,
        *,
        location: str,
        tenant_id: str,
        policies: tuple[AccessPolicy, ...],
        rbac: bool = False,
    ) -> Done[Vault] | Running:
        """SKU standard. ``rbac`` is always sent as ``enableRbacAuthorization``: false is access-policy mode."""
        ...

    def resume_create_vault(self, token: str) -> Done[Vault] | Running: ...

    def set_secret(self, vault_uri: str, name: str, value: str) -> Done[SecretInfo]: ...

    def add_access_policy(self, resource_group: str, vault: str, policy: AccessPolicy) -> Done[None]:
        """Adds permissions to whatever that object id already has (``accessPolicies/add``)."""
        ...

    def caller_object_id(self) -> str:
        """The object id of the credential the portal itself is using (from its own token)."""
        ...

    def run_powershell(self, resource_group: str, vm: str, script: str) -> Done[RunCommandResult] | Running:
        """Run Command with RunPowerShellScript. Reads only what ``script`` reads."""
        ...

    def resume_run_powershell(self, token: str) -> Done[RunCommandResult] | Running: ...

    def register_provider(self, namespace: str) -> Done[Provider]:
        """Asks for the registration; Azure may take a minute or two and say Registering meanwhile."""
        ...

    def start_vm(self, resource_group: str, name: str) -> Done[None] | Running: ...
    def resume_start_vm(self, token: str) -> Done[None] | Running: ...

    def deallocate_vm(self, resource_group: str, name: str) -> Done[None] | Running:
        """Stopped, so that it costs no computing time."""
        ...

    def resume_deallocate_vm(self, token: str) -> Done[None] | Running: ...

    def set_system_identity(self, resource_group: str, name: str, *, on: bool) -> Done[None] | Running:
        """User-assigned identities stay as they are."""
        ...

    def resume_set_system_identity(self, token: str) -> Done[None] | Running: ...

    def set_permission_model(self, resource_group: str, vault: str, *, rbac: bool) -> Done[Vault]: ...

    def open_network(self, resource_group: str, vault: str) -> Done[Vault]:
        """Lets every network reach the vault: public access on, the firewall's default Allow, its rules kept."""
        ...

    def restrict_network(
        self, resource_group: str, vault: str, *, public_access: bool, default_action: str
    ) -> Done[Vault]:
        """What ``open_network`` changed, back as it was."""
        ...

    def remove_access_policy(self, resource_group: str, vault: str, policy: AccessPolicy) -> Done[None]:
        """Takes these permissions from the object id; an entry left without any goes."""
        ...

    def delete_vault(self, resource_group: str, name: str) -> Done[None]:
        """Softly: Azure keeps the name until it is purged. A vault that is not there is no problem."""
        ...

    def recover_vault(self, vault_id: str, location: str) -> Done[Vault] | Running:
        """Brings a deleted vault back into the group it was in, as it was. Resumed by ``resume_create_vault``."""
        ...

    def purge_vault(self, name: str, location: str) -> Done[None] | Running:
        """For good. A name that is not among the deleted vaults is no problem."""
        ...

    def resume_purge_vault(self, token: str) -> Done[None] | Running: ...

    def enable_secret(self, vault_uri: str, name: str) -> Done[None]:
        """The current version."""
        ...

    def delete_secret(self, vault_uri: str, name: str) -> Done[None]:
        """Softly. Azure takes a moment until ``deleted_secret`` shows it. One that is not there is no problem."""
        ...

    def recover_secret(self, vault_uri: str, name: str) -> Done[None]:
        """Azure takes a moment until it is back."""
        ...

    def purge_secret(self, vault_uri: str, name: str) -> Done[None]:
        """For good. One that is not among the deleted is no problem."""
        ...

    def assign_role(
        self, scope: str, role_id: str, principal_id: str, condition: str = "", description: str = ""
    ) -> Done[None]:
        """Of a service principal. One that is there already is no problem, and stays as it is, condition and all."""
        ...

    def remove_role(self, assignment_id: str) -> Done[None]: ...
