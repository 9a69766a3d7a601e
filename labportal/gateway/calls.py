"""One call of the gateway: what it may do, and the exchanges with Azure it led to.

The SDKs have no place to carry such things from a method of ours down to the transport, and requests for
tokens take another way than the rest. A context variable reaches all of them, because everything one call
leads to happens in the thread that made it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ssl import SSLCertVerificationError
from time import monotonic
from urllib.parse import parse_qs, quote, urlsplit

from azure.core.exceptions import (
    AzureError,
    ServiceRequestTimeoutError,
    ServiceResponseTimeoutError,
    StreamClosedError,
)
from azure.core.pipeline.transport import HttpResponse as OlderHttpResponse
from azure.core.rest import HttpResponse
from urllib3.exceptions import NewConnectionError, SSLError

from labportal.gateway.sent import Hear, NoAnswer, Sent, unheard
from steps.kit.verdict import Source

NOWHERE = Source(method="", path="", status=None, request_id="")
"""The source of a problem that arose before any request."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A request that the guard has let pass. ``began`` is of this process's monotonic clock."""

    method: str
    url: str
    writes: bool
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=monotonic)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, and Azure's answer or why none came."""

    source: Source
    answer: HttpResponse | OlderHttpResponse | None
    failure: AzureError | None = None

    @property
    def retry_after(self) -> float | None:
        """Seconds that Azure asks to wait, from either form of ``Retry-After``; None when it does not say."""
        text = self.answer.headers.get("Retry-After", "") if self.answer is not None else ""
        if not text:
            return None
        try:
            return max(0.0, float(text))
        except ValueError:
            return _seconds_until(text)

    @property
    def at(self) -> datetime | None:
        """When Azure says that it answered."""
        return _moment(self.answer.headers.get("Date", "")) if self.answer is not None else None

    def body(self) -> str:
        """The answer's text; "" when there is none, or when the connection broke while it came.

        SDKs of the older kind ask for answers that have been read when they are handed over, and cannot be again.
        """
        if self.answer is None:
            return ""
        try:
            if isinstance(self.answer, HttpResponse):
                self.answer.read()
        except StreamClosedError:
            return ""
        return self.answer.text()


@dataclass(slots=True)
class Call:
    """``secrets`` are values that no message may repeat. ``subscription`` is the only one that may be asked for or
    changed, "" for any. ``exchanges`` may hold what another call asked for both; ``heard`` is told of its own only."""

    may_write: bool
    subscription: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    exchanges: list[Exchange] = field(default_factory=list)
    heard: Hear = unheard

    def saw(self, leaving: Leaving, answer: HttpResponse | OlderHttpResponse) -> None:
        self._add(leaving, Exchange(_source(leaving, answer), answer))

    def missed(self, leaving: Leaving, failure: AzureError) -> None:
        self._add(leaving, Exchange(_source(leaving, None), None, failure))

    def _add(self, leaving: Leaving, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        self.heard(_sent(leaving, exchange))

    @property
    def last(self) -> Exchange | None:
        return self.exchanges[-1] if self.exchanges else None

    @property
    def signed_in(self) -> bool:
        """Whether a token was asked for, by it or for it: else one was used that had been kept."""
        return any(one.source.method == "POST" and one.source.path.endswith("/token") for one in self.exchanges)

    @property
    def source(self) -> Source:
        """Where the last answer came from."""
        return self.last.source if self.last is not None else NOWHERE

    @property
    def at(self) -> datetime | None:
        """When that was, by the clock of whoever answered."""
        return self.last.at if self.last is not None else None


_current: ContextVar[Call] = ContextVar("gateway_call")


@contextmanager
def making(call: Call) -> Iterator[Call]:
    """Everything sent by this thread inside belongs to ``call``."""
    mark = _current.set(call)
    try:
        yield call
    finally:
        _current.reset(mark)


def current_call() -> Call:
    """Raises LookupError outside ``making``: nothing is sent on nobody's behalf."""
    return _current.get()


def _source(leaving: Leaving, answer: HttpResponse | OlderHttpResponse | None) -> Source:
    """Queries can hold signatures and cursors, so of them only ``api-version`` is kept."""
    parts = urlsplit(leaving.url)
    version = parse_qs(parts.query).get("api-version", [""])[0]
    return Source(
        method=leaving.method,
        path=f"{parts.path}?api-version={quote(version)}" if version else parts.path,
        status=answer.status_code if answer is not None else None,
        request_id=answer.headers.get("x-ms-request-id", "") if answer is not None else "",
    )


def _sent(leaving: Leaving, exchange: Exchange) -> Sent:
    source = exchange.source
    return Sent(
        at=leaving.at,
        method=source.method,
        host=urlsplit(leaving.url).hostname or "",
        path=source.path,
        status=source.status,
        request_id=source.request_id,
        writes=leaving.writes,
        milliseconds=round((monotonic() - leaving.began) * 1000),
        no_answer=None if exchange.failure is None else _why(exchange.failure),
    )


def _why(failure: AzureError) -> NoAnswer:
    """azure-core speaks of a request error also where a connection broke under a request that was sent, and urllib3
    then blames the proxy: what lies below tells the two apart. In doubt it may have been sent."""
    if isinstance(failure, ServiceRequestTimeoutError | ServiceResponseTimeoutError):
        return NoAnswer.TIMED_OUT
    below = next(iter(getattr(failure.inner_exception, "args", ())), failure.inner_exception)
    reason = getattr(below, "reason", below)  # of urllib3's MaxRetryError
    reason = getattr(reason, "original_error", reason)  # of its ProxyError
    distrusted = isinstance(reason, SSLError) and isinstance(reason.args[0], SSLCertVerificationError)
    never_sent = distrusted or isinstance(reason, NewConnectionError)
    return NoAnswer.UNREACHABLE if never_sent else NoAnswer.BROKEN_OFF


def _seconds_until(http_date: str) -> float | None:
    moment = _moment(http_date)
    return None if moment is None else max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _moment(http_date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(http_date)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
