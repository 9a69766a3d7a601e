"""Ports: which are free, and what to say when one is not."""

from __future__ import annotations

import errno
import socket

from launcher.say import Stop


def require(host: str, port: int, command: str) -> None:
    """Raises Stop, naming the port and another that is free, when nothing can listen there."""
    problem = _try(host, port)
    if problem is None:
        return
    if problem.errno == errno.EADDRINUSE:
        raise Stop(f"Port {port} is in use by another program. Choose another: {command} --port {free(host, port + 1)}")
    if problem.errno == errno.EACCES:
        raise Stop(f"Port {port} needs more rights than you have. Choose one above 1023: {command} --port 8000")
    raise Stop(f"Cannot listen on {host} port {port}: {problem.strerror or problem}. Choose another with --host.")


def is_free(host: str, port: int) -> bool:
    return _try(host, port) is None


def free(host: str, first: int = 0) -> int:
    """The first free port from ``first`` on; 0 lets the system choose."""
    for port in range(first, 65536) if first else ():
        if is_free(host, port):
            return port
    with bound(host, 0) as probe:
        chosen: int = probe.getsockname()[1]
        return chosen


def bound(host: str, port: int) -> socket.socket:
    """A socket that is nobody else's any more; 0 lets the system choose. Raises OSError.

    It listens, too: one that is only bound, Linux gives to others who ask for it as we do.
    """
    listener = _listener(host)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _try(host: str, port: int) -> OSError | None:
    try:
        bound(host, port).close()
    except OSError as error:
        return error
    return None


def _listener(host: str) -> socket.socket:
    family = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return listener
