"""Logs to standard error, one line an event, scrubbed. The processes' owner (``./lab``) keeps the files."""

from __future__ import annotations

import logging
import logging.config
from collections.abc import MutableMapping
from typing import Any

import structlog

from labportal.redaction import redact

# At DEBUG these repeat all that a page is made of, keys to streams among it, or what a statement is given.
_TALKATIVE = ("django.template", "django.db.backends", "markdown_it")
# The SDKs speak of every request, and Celery of every message; the engine says what became of an attempt.
_QUIET = (
    "celery.worker.strategy",
    "celery.app.trace",
    "azure",
    "msal",
    "urllib3",
    "kombu",
    "amqp",
    "celery.bootsteps",
    "httpx",
    "asyncio",
    *_TALKATIVE,
)


def _scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redact(value)
    return event


def _scrub_line(_logger: Any, _method: str, line: Any) -> str:
    """Again when it is one text: what was no text before, an object or an exception, has become one."""
    return redact(str(line))


def logging_config(level: str) -> None:
    """Both structlog and the standard library's loggers end in the same scrubbed line."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _scrub,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [
                        structlog.stdlib.ExtraAdder(),
                        structlog.stdlib.PositionalArgumentsFormatter(),
                        *shared,
                    ],
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        _scrub,
                        structlog.processors.LogfmtRenderer(
                            key_order=["timestamp", "level", "logger", "event"], drop_missing=True, bool_as_flag=False
                        ),
                        _scrub_line,
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {name: {"level": "WARNING"} for name in _QUIET},
        }
    )
