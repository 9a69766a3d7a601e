"""What pip's many lines mean when it fails, and what to do about it."""

from __future__ import annotations

import platform
import re
import sys
from pathlib import Path

_NETWORK = re.compile(
    r"NewConnectionError|Failed to establish a new connection|Temporary failure in name resolution|"
    r"Name or service not known|nodename nor servname|Network is unreachable|ConnectTimeoutError|ReadTimeoutError|"
    r"Read timed out|ProxyError|Connection refused|ConnectionResetError|Connection aborted"
)
_CERTIFICATE = re.compile(r"SSLCertVerificationError|CERTIFICATE_VERIFY_FAILED|SSLError")
_MISSING = re.compile(r"(?:No matching distribution found for|that satisfies the requirement) (\S+)")
_HASH = re.compile(r"THESE PACKAGES DO NOT MATCH THE HASHES")
_FULL = re.compile(r"No space left on device|Errno 28")


def lacks_ready_made(log: str) -> bool:
    """True when pip reached its index and found no wheel; without a network it says that nothing matches, too."""
    return bool(_MISSING.search(log)) and not _NETWORK.search(log) and not _CERTIFICATE.search(log)


def missing_package(log: str) -> str:
    found = _MISSING.search(log)
    return found.group(1) if found else ""


def explain(log: str, path: Path) -> str:
    """What to tell the reader. ``path`` is where the whole log stands."""
    tail = "\n".join(f"  | {line}" for line in log.splitlines()[-8:])
    return f"The Python packages could not be installed.\n{tail}\n{_advice(log)}\nThe whole log: {path}"


def _advice(log: str) -> str:
    python = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    if _CERTIFICATE.search(log):
        return "The package index's certificate is not trusted here. Point PIP_CERT at your organisation's CA file."
    if _NETWORK.search(log):
        return (
            "The package index cannot be reached. Check the network, or set HTTPS_PROXY or PIP_INDEX_URL as your"
            " network needs, and run the same command again: it goes on from here."
        )
    if _FULL.search(log):
        return "The disk is full. Free some space (about 700 MB are needed) and run the same command again."
    if _HASH.search(log):
        return (
            "A package that was downloaded is not the one the lock file names. If you changed requirements.in, run"
            " ./lab lock; otherwise ask whoever runs the package index."
        )
    if _MISSING.search(log):
        return (
            f"{missing_package(log)} does not exist for {python} on {platform.system()} {platform.machine()}."
            " Try another Python from 3.11 on, for example: python3.12 ./lab run\n"
            "Or the package index did not answer: check the network, and PIP_INDEX_URL if it is set."
        )
    return (
        f"Building a package for {python} on {platform.system()} {platform.machine()} may need a compiler"
        " (Debian/Ubuntu: sudo apt install build-essential python3-dev), or take a Python with ready-made builds."
    )
