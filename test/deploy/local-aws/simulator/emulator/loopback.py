"""The socket that the local AWS listens on."""

from __future__ import annotations

import socket


class CannotListen(Exception):
    """The port can't be had."""


def listen(port: int) -> socket.socket:
    """A socket that listens on 127.0.0.1. Port 0 takes a free one, and nobody else can take it in between."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as problem:
        listener.close()
        raise CannotListen(f"Port {port} of 127.0.0.1 can't be used: {problem.strerror}. Set LOCAL_AWS_PORT=0 for a free one.") from problem
    listener.listen(128)
    return listener
