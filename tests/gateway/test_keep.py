"""The keep of clients: bounded, and one value per key."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from labportal.gateway.cache import Keep


def test_a_value_is_made_once_and_the_least_used_leaves() -> None:
    keep: Keep[str, object] = Keep(2)
    first, second = keep.get("a", object), keep.get("b", object)
    assert keep.get("a", object) is first
    keep.get("c", object)
    assert len(keep) == 2
    assert keep.get("a", object) is first
    assert keep.get("b", object) is not second


def test_threads_that_ask_at_once_get_the_same_value() -> None:
    keep: Keep[str, object] = Keep(4)
    gate = threading.Barrier(8)

    def ask(_: int) -> object:
        gate.wait()
        return keep.get("a", object)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(map(id, pool.map(ask, range(8))))) == 1
