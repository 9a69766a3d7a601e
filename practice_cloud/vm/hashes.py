"""The hash functions of .NET that the practice VM has."""

from __future__ import annotations

from practice_cloud.vm.values import Hasher

HMACS = {"HMACSHA256": "sha256", "HMACSHA1": "sha1", "HMACSHA512": "sha512"}
PLAIN_HASHES = {"SHA256": "sha256", "SHA256Managed": "sha256", "SHA1": "sha1", "SHA512": "sha512", "MD5": "md5"}


def hasher(name: str) -> Hasher:
    """A plain hash by the last part of its .NET name."""
    return Hasher(f"System.Security.Cryptography.{name}", PLAIN_HASHES[name])
