"""When a web process counts as ready: several serve one address, so that somebody answers there is not enough."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from launcher import portal, ports


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def another_process(listener: socket.socket) -> Iterator[None]:
    """That answers on the same socket."""
    server = HTTPServer(("127.0.0.1", 0), Answers, bind_and_activate=False)
    server.socket.close()
    server.socket = listener.dup()
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_web_process_is_ready_once_it_has_started_itself(tmp_path: Path) -> None:
    log = tmp_path / "web-2.log"
    log.touch()
    with ports.bound("127.0.0.1", 0) as listener, another_process(listener):
        service = portal.web_service(tmp_path, {}, log, listener, "web-2")
        assert not service.ready()
        log.write_text("INFO:     Application startup complete.\n")
        assert service.ready()
