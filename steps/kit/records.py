"""What Azure answers, as plain records: what it has, and how an operation stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, TypeVar

from steps.kit.verdict import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """A value and the request it was seen in. ``at``: when Azure says that it answered, None where it did not say."""

    value: T
    source: Source
    at: datetime | None = field(default=None, compare=False)

    @property
    def now(self) -> datetime:
        """By the clock that dates are judged by: Azure's. Ours may be off."""
        return self.at or datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Subscription:
    id: str
    display_name: str
    state: str  # "Enabled", "Disabled", ...


@dataclass(frozen=True, slots=True)
class Provider:
    namespace: str
    registration_state: str  # "Registered", "NotRegistered", "Registering"


@dataclass(frozen=True, slots=True)
class ResourceGroup:
    id: str
    name: str
    location: str
    provisioning_state: str = "Succeeded"  # "Deleting" while it and all that is in it goes


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    object_id: str
    tenant_id: str
    secrets: tuple[str, ...] = ()  # lower-case permissions; "all" may stand among them
    keys: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    application_id: str = ""  # "authorized application": then it is for people who come through that one


@dataclass(frozen=True, slots=True)
class Vault:
    """``rbac`` is None where Azure answers null, which means access policies."""

    id: str
    name: str
    resource_group: str
    location: str
    tenant_id: str
    uri: str  # always with the trailing slash
    provisioning_state: str  # "RegisteringDns", "Succeeded"
    rbac: bool | None
    access_policies: tuple[AccessPolicy, ...]
    tags: dict[str, str] = field(default_factory=dict)
    public_access: bool = True  # False: reached through private endpoints only
    default_action: str = "Allow"  # of the firewall, for addresses no rule names: "Allow" or "Deny"
    purge_protection: bool = False
    created_at: datetime | None = None  # None where Azure does not say
    let_in: tuple[str, ...] = ()  # whom the firewall lets in by rule: addresses, ids of subnets and private endpoints

    @property
    def open_to_all_networks(self) -> bool:
        return self.public_access and self.default_action.casefold() == "allow"


@dataclass(frozen=True, slots=True)
class DeletedVault:
    name: str
    location: str
    deletion_date: datetime | None
    scheduled_purge_date: datetime | None
    vault_id: str = ""  # the id it had, with the group it was in
    purge_protection: bool = False

    @property
    def resource_group(self) -> str:
        segments = self.vault_id.split("/")
        return segments[4] if len(segments) > 4 else ""


@dataclass(frozen=True, slots=True)
class NameAvailability:
    available: bool
    reason: str  # "", "AccountNameInvalid", "AlreadyExists"
    message: str


@dataclass(frozen=True, slots=True)
class SecretInfo:
    """A secret as ARM shows it: never its value."""

    name: str
    vault_name: str
    enabled: bool
    not_before: datetime | None
    expires: datetime | None
    version: str  # "" where the API does not tell it


@dataclass(frozen=True, slots=True)
class DeletedSecret:
    name: str
    vault_name: str
    scheduled_purge_date: datetime | None


@dataclass(frozen=True, slots=True)
class UserIdentity:
    """A user-assigned identity that a VM has been given."""

    id: str
    principal_id: str
    client_id: str


@dataclass(frozen=True, slots=True)
class VirtualMachine:
    """``power_state``: "running", "deallocated", ... ("" when unknown). ``principal_id`` is the
    object id of the system-assigned identity, "" when that is off."""

    id: str
    name: str
    location: str
    principal_id: str
    identity_type: str  # "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned", ""
    power_state: str
    agent_status: str  # "Ready", "Not Ready", ""
    os_type: str  # "Windows", "Linux"
    user_identities: tuple[UserIdentity, ...] = ()
    vm_id: str = ""  # the GUID that Azure gives the machine itself: of no use to a vault, and easily taken for another
    provisioning_state: str = "Succeeded"  # how the last operation on it stands: "Failed", "Deleting", ...
    nic: str = ""  # the id of its primary network interface

    @property
    def resource_group(self) -> str:
        segments = self.id.split("/")
        return segments[4] if len(segments) > 4 else ""


@dataclass(frozen=True, slots=True)
class MachineNetwork:
    """Where a machine's requests come from. ``by_endpoint``: those to vaults come from the subnet itself. ``detour``:
    a gateway or a routing table decides, and nobody sees from here how."""

    subnet: str
    addresses: tuple[str, ...]  # public ones of its own
    by_endpoint: bool = False
    detour: bool = False


@dataclass(frozen=True, slots=True)
class Permission:
    """What a role lets somebody do; each is a list of actions that may hold ``*``."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """``scope`` is where it was given: the resource asked about, or something above it. ``condition`` is Azure's own
    text of when it counts; "" where it always does."""

    id: str
    principal_id: str
    scope: str
    role_id: str  # the last segment of the role definition's id: a GUID
    role_name: str
    permissions: tuple[Permission, ...] = ()
    principal_type: str = ""  # "User", "Group", "ServicePrincipal"; "" where Azure does not say
    condition: str = ""
    description: str = ""  # in the words of whoever gave it


@dataclass(frozen=True, slots=True)
class Lock:
    """``scope`` is what it is on: it holds for that and for all that is in it."""

    id: str
    name: str
    scope: str
    read_only: bool  # nothing may be changed; otherwise only deleting is refused
    notes: str = ""  # why, in the words of whoever set it


@dataclass(frozen=True, slots=True)
class PolicyDenial:
    """An Azure Policy assignment that would refuse what is planned."""

    assignment: str  # its display name, else that of its definition, else the last segment of its id
    reason: str


@dataclass(frozen=True, slots=True)
class RunCommandResult:
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A long-running operation has ended well."""

    value: T
    source: Source


@dataclass(frozen=True, slots=True)
class Running:
    """A long-running operation goes on; come back with ``token`` after ``retry_after`` seconds."""

    token: str
    retry_after: float
    source: Source
