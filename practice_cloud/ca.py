"""The local certificate authority that makes the real host names answer here."""

from __future__ import annotations

import ssl
import tempfile
from pathlib import Path

import trustme

from practice_cloud.files import write_private
from practice_cloud.hosts import certificate_name

_OWNER = "Practice cloud (local, not Microsoft)"


class Authority:
    """Made once in the state folder, so that clients go on trusting it; leaf certificates are made when needed."""

    def __init__(self, certificate: Path, key: Path) -> None:
        if not (certificate.exists() and key.exists()):
            made = trustme.CA(organization_name=_OWNER)
            write_private(key, made.private_key_pem.bytes())
            write_private(certificate, made.cert_pem.bytes())
        self._ca = trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
        self._contexts: dict[str, ssl.SSLContext] = {}

    def context(self, host: str) -> ssl.SSLContext:
        """TLS as the server ``host``, HTTP/1.1 only."""
        name = certificate_name(host)
        if name not in self._contexts:
            self._contexts[name] = self._make(name)
        return self._contexts[name]

    def _make(self, name: str) -> ssl.SSLContext:
        leaf = self._ca.issue_cert(name, organization_name=_OWNER)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        with tempfile.NamedTemporaryFile() as chain:  # the ssl module reads certificates from files only
            chain.write(leaf.private_key_and_cert_chain_pem.bytes())
            chain.flush()
            context.load_cert_chain(chain.name)
        return context
