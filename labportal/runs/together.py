"""Attempts of one message that only read ask the same thing once.

They were claimed at the same moment, before any of them looked, so what one of them sees is as fresh for the others.
Longer than that sitting nothing is kept: the next look is a look.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, cast

from steps.kit.azure import Azure
from steps.kit.reader import AzureReader

READS = frozenset(name for name in vars(AzureReader) if not name.startswith("_"))


class Company:
    """The attempts of one message: those of the same connection share what they read. Safe between threads.

    A read that fails fails for everybody who asked the same.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[Hashable, Future[Any]] = {}

    def sharing(self, azure: Azure, connection_id: int) -> Azure:
        return cast("Azure", _Sharing(azure, connection_id, self))

    def once(self, key: Hashable, ask: Callable[[], Any]) -> Any:
        with self._lock:
            mine = key not in self._asked
            answer = self._asked.setdefault(key, Future())
        if mine:
            try:
                answer.set_result(ask())
            except BaseException as error:  # noqa: BLE001 - raised in every thread that asked
                answer.set_exception(error)
        return answer.result()


class _Sharing:
    def __init__(self, azure: Azure, connection_id: int, company: Company) -> None:
        self._azure = azure
        self._connection_id = connection_id
        self._company = company

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._azure, name)
        if name not in READS:
            return method

        def once(*asked: Any, **named: Any) -> Any:
            key = (self._connection_id, name, *asked, *sorted(named.items()))
            return self._company.once(key, lambda: method(*asked, **named))

        return once
