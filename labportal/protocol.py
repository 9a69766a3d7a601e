"""HTTP as uvicorn has it, with a bound to what is no body: its parser sets none to addresses, headers and trailers."""

from __future__ import annotations

import logging

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

log = logging.getLogger(__name__)
LONGEST_HEAD = 64 * 1024


class BoundedHead(HttpToolsProtocol):
    """What ``labportal.web`` has uvicorn speak. A connection that sends a longer head is cut off."""

    _head = 0

    def data_received(self, data: bytes) -> None:
        self._head += len(data)
        super().data_received(data)
        if self._head > LONGEST_HEAD:
            log.warning("cut off: the head of a request was longer than %s bytes", LONGEST_HEAD)
            self.transport.abort()

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        self._head -= len(body)
        super().on_body(body)
