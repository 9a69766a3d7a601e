"""Why a request of a machine's never got to whom it was for, where that is known: what ``send`` may raise besides
``httpx.ConnectError``."""

from __future__ import annotations

import httpx


class NotResolved(httpx.ConnectError):
    """The machine's DNS servers do not know the name."""


class NotConnected(httpx.ConnectError):
    """The name has an address, and nothing answers there."""


class NoSecureChannel(httpx.ConnectError):
    """The two sides have no version of TLS in common."""


class NotTrusted(httpx.ConnectError):
    """The machine does not trust the certificate that it was shown."""
