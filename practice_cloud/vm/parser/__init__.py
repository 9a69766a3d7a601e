"""Text to nodes. ``parse`` is the only way in."""

from __future__ import annotations

from practice_cloud.vm import ast
from practice_cloud.vm.lexer import ParseFailure
from practice_cloud.vm.parser.statements import StatementParser


def parse(script: str) -> ast.ScriptBody:
    """The script as nodes; ``ParseFailure`` where it cannot be read, before any of it runs."""
    parser = StatementParser(script)
    try:
        return parser.script()
    except RecursionError:
        raise ParseFailure(
            "The script is nested too deeply for the practice VM.", "ScriptTooComplex", parser.span(parser.pos)
        ) from None


__all__ = ["ParseFailure", "parse"]
