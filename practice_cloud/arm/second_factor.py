"""Changes that people may make only after a second factor, which Azure demands of them whatever their own organization
does; applications and managed identities need none, and reading does not.

An account (``user`` document) may have ``factorForChanges``. Sources:
https://learn.microsoft.com/entra/identity/authentication/concept-mandatory-multifactor-authentication, and for the
words https://learn.microsoft.com/cli/azure/use-azure-cli-successfully-troubleshooting. That the claims come with the
403, and what they ask for, is assumed from az, which shows them with this refusal.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from practice_cloud.errors import AzureError
from practice_cloud.tokens import Claims

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

_WANTED = {"access_token": {"acrs": {"essential": True, "value": "p1"}}}
_TEXT = (
    "Resource was disallowed by policy. Policy identifiers. Users must use MFA for {what} operation. Users must"
    " authenticate with multi-factor authentication to {do} resources."
)


def require(cloud: Cloud, claims: Claims, method: str) -> None:
    """Raises AzureError 403 for a person whose token says nothing of a second factor."""
    if claims.idtyp != "user" or "mfa" in claims.amr:
        return
    if not (cloud.store.get("user", claims.oid) or {}).get("factorForChanges"):
        return
    what, do = ("Delete", "delete") if method == "DELETE" else ("Create/Update", "create or update")
    packed = base64.b64encode(json.dumps(_WANTED).encode()).decode()
    uri = f"https://login.windows.net/{claims.tid}"
    challenge = f'Bearer authorization_uri="{uri}", error="insufficient_claims", claims="{packed}"'
    text = _TEXT.format(what=what, do=do)
    raise AzureError(403, "RequestDisallowedByPolicy", text, headers={"WWW-Authenticate": challenge})
