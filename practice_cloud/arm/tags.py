"""Tags: at most 50 of them. Source: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources"""

from __future__ import annotations

from practice_cloud.errors import AzureError
from practice_cloud.store import Doc


def tags(body: Doc) -> dict[str, str]:
    """The tags a request names, {} where it names none. Raises AzureError 400."""
    found = body.get("tags") or {}
    if not isinstance(found, dict):
        raise AzureError(400, "InvalidTags", "The tags must be an object of names and values.")
    if len(found) > 50:
        raise AzureError(400, "InvalidTags", f"A resource can have at most 50 tags; {len(found)} were given.")
    for name, value in found.items():
        if not 1 <= len(name) <= 512 or not isinstance(value, str) or len(value) > 256:
            raise AzureError(400, "InvalidTags", "A tag has a name of 1 to 512 characters and a value of at most 256.")
    return found
