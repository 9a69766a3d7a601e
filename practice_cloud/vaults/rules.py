"""What a vault may be called, and what a secret may be called and hold.

Sources: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates (names, tags),
https://learn.microsoft.com/azure/key-vault/secrets/about-secrets (25 kB, attributes, content type).
"""

from __future__ import annotations

import re
from typing import Any

from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

MOST_BYTES = 25600
MOST_TAGS = 15
_NAME = re.compile(r"[0-9a-zA-Z-]{1,127}")
_VAULT_NAME = re.compile(r"(?=.{3,24}$)[a-zA-Z](?:-?[a-zA-Z0-9])*")
VAULT_NAME_RULE = (
    "A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter"
    " or digit, and not contain consecutive hyphens."
)


def bad_parameter(message: str) -> AzureError:
    return AzureError(400, "BadParameter", message)


def vault_name_allowed(text: str) -> bool:
    return _VAULT_NAME.fullmatch(text) is not None


def secret_name_allowed(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def name(text: str) -> str:
    if not secret_name_allowed(text):
        raise bad_parameter(f"The request URI contains an invalid name: {text}")
    return text


def value(sent: Any) -> str:
    """Raises AzureError 400, which never repeats the value."""
    if not isinstance(sent, str):
        raise bad_parameter("Property value is required and must be a string.")
    if len(sent.encode()) > MOST_BYTES:
        raise bad_parameter(f"The value of a secret can have at most {MOST_BYTES} bytes.")
    return sent


def attributes(sent: Any) -> Doc:
    """``enabled``, ``nbf`` and ``exp`` (seconds since 1970) as sent; null takes a date away."""
    if sent is None:
        return {}
    if not isinstance(sent, dict):
        raise bad_parameter("Property attributes must be an object.")
    kept: Doc = {}
    if sent.get("enabled") is not None:
        if not isinstance(sent["enabled"], bool):
            raise bad_parameter("Property attributes.enabled must be true or false.")
        kept["enabled"] = sent["enabled"]
    for date in ("nbf", "exp"):
        if date in sent:
            kept[date] = _seconds(date, sent[date])
    return kept


def _seconds(date: str, sent: Any) -> int | None:
    if sent is None:
        return None
    if isinstance(sent, bool) or not isinstance(sent, int) or sent < 0:
        raise bad_parameter(f"Property attributes.{date} must be a number of seconds since 1970.")
    return sent


def consistent(version: Doc) -> Doc:
    """The version, if its dates can both be true."""
    begins, ends = version.get("nbf"), version.get("exp")
    if begins is not None and ends is not None and begins >= ends:
        raise bad_parameter("Property attributes.exp must be later than attributes.nbf.")
    return version


def content_type(sent: Any) -> str | None:
    if sent is not None and (not isinstance(sent, str) or len(sent) > 255):
        raise bad_parameter("Property contentType must be a string of at most 255 characters.")
    return sent


def tags(sent: Any) -> Doc | None:
    if sent is None:
        return None
    if not isinstance(sent, dict) or len(sent) > MOST_TAGS:
        raise bad_parameter(f"Property tags must be an object of at most {MOST_TAGS} tags.")
    for key, text in sent.items():
        if len(key) > 256 or not isinstance(text, str) or len(text) > 256:
            raise bad_parameter("A tag has a name and a value of at most 256 characters.")
    return sent
