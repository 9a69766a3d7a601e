# ruff: noqa: S105 - the words for what was pasted are no passwords
"""What a student pasted, in a closed vocabulary: the only part of it that is ever kept.

A paste may hold the secret's value and a token, and what somebody did wrong is told by what stands around them. So
nothing is taken out of it by removing what must not stay: it is compared with what Azure and PowerShell are known to
print, and what it was is kept as a word of ours, with ids and names of strict forms beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from steps.key_vault_managed_identity.naming import SECRET_NAME, VAULT_NAME


class Kind(StrEnum):
    """What was pasted, where it is no identifier of a secret."""

    # the metadata service
    NO_METADATA_HEADER = "no-metadata-header"
    RESOURCE_MISSING = "resource-missing"
    RESOURCE_UNKNOWN = "resource-unknown"
    IMDS_VERSION = "imds-version"
    NO_IDENTITY = "no-identity"
    MANY_IDENTITIES = "many-identities"
    IMDS_BUSY = "imds-busy"
    IMDS_REFUSED = "imds-refused"
    IMDS_UNREACHABLE = "imds-unreachable"
    TOKEN = "token"
    # the vault
    NO_TOKEN = "no-token"
    OTHER_AUDIENCE = "other-audience"
    OTHER_ISSUER = "other-issuer"
    TOKEN_REFUSED = "token-refused"
    DENIED_BY_POLICY = "denied-by-policy"
    DENIED_BY_RBAC = "denied-by-rbac"
    FIREWALL = "firewall"
    SECRET_DISABLED = "secret-disabled"
    FORBIDDEN = "forbidden"
    SECRET_NOT_FOUND = "secret-not-found"
    NOTHING_THERE = "nothing-there"
    BAD_REQUEST = "bad-request"
    WRONG_METHOD = "wrong-method"
    VAULT_REFUSED = "vault-refused"
    VAULT_BUSY = "vault-busy"
    VAULT_UNRESOLVED = "vault-unresolved"
    VAULT_UNREACHABLE = "vault-unreachable"
    TLS = "tls"
    PROXY = "proxy"
    # PowerShell
    SYNTAX = "syntax"
    NOT_POWERSHELL = "not-powershell"
    UNKNOWN_COMMAND = "unknown-command"
    WRONG_PARAMETER = "wrong-parameter"
    WRONG_ADDRESS = "wrong-address"
    WRONG_SCHEME = "wrong-scheme"
    EMPTY_VARIABLE = "empty-variable"
    HEADER_BROKEN = "header-broken"
    SCRIPTS_OFF = "scripts-off"
    WEB_REQUEST = "web-request"
    COMMAND_ONLY = "command-only"
    # what runs PowerShell on the machine: Azure's Run Command, and the Azure CLI that asks for it
    RUN_COMMAND_BUSY = "run-command-busy"
    VM_NOT_RUNNING = "vm-not-running"
    AGENT_NOT_READY = "agent-not-ready"
    RUN_COMMAND_FAILED = "run-command-failed"
    NOT_WINDOWS = "not-windows"
    SHELL_SCRIPT = "shell-script"
    NOTHING_PRINTED = "nothing-printed"
    VM_NOT_FOUND = "vm-not-found"
    MAY_NOT_RUN = "may-not-run"
    AZ_SIGNED_OUT = "az-signed-out"
    AZ_MISTYPED = "az-mistyped"
    AZ_MISSING = "az-missing"
    # an answer, but not the one that is wanted
    ID_CUT_OFF = "id-cut-off"
    ID_LEFT_OUT = "id-left-out"
    LIST = "list"
    DELETED_SECRET = "deleted-secret"
    OTHER_OBJECT = "other-object"
    OTHER_TOOL = "other-tool"
    OTHER_CLOUD = "other-cloud"
    WEB_PAGE = "web-page"


_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_FORMS: dict[str, re.Pattern[str]] = {
    "oid": _GUID,
    "appid": _GUID,
    "tid": _GUID,
    "vault": VAULT_NAME,
    "secret": SECRET_NAME,
    "address": re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z"),
    "aud": re.compile(r"(?:vault|slash|one-vault|other-cloud|management|graph|storage|sql|other)\Z"),
    "slip": re.compile(r"(?:quote|brace|parenthesis|ampersand|placeholder|at|other)\Z"),
    "tool": re.compile(r"(?:az|powershell|portal)\Z"),
    "of": re.compile(r"(?:secrets|versions|key|certificate|trust|either|start|spaces)\Z"),
    "to": re.compile(r"(?:imds|vault)\Z"),
    "header": re.compile(r"(?:no-bearer|single-quotes|whole-reply)\Z"),
    "right": re.compile(r"(?:list|set|delete|backup|restore|recover|purge)\Z"),
    "deny": re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\Z"),
    "cloud": re.compile(r"(?:government|china)\Z"),
    "length": re.compile(r"\d{1,3}\Z"),
}
"""The facts that may stand beside a kind, and the one form each must have."""


@dataclass(frozen=True, slots=True)
class Pasted:
    kind: Kind
    facts: dict[str, str] = field(default_factory=dict)

    def dump(self) -> str:
        """Only facts of their form get in; ``parse`` reads it back."""
        kept = [f"{name}={fact}" for name, fact in self.facts.items() if _FORMS[name].match(fact)]
        return " ".join([self.kind.value, *kept])

    @staticmethod
    def parse(kept: str) -> Pasted | None:
        """What ``dump`` wrote, or None if it did not write this."""
        kind, *pairs = kept.split(" ")
        facts = dict(pair.partition("=")[::2] for pair in pairs)
        if kind not in set(Kind) or any(
            not (form := _FORMS.get(name)) or not form.match(facts[name]) for name in facts
        ):
            return None
        return Pasted(Kind(kind), facts)
