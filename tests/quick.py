"""``--quick``, the tests of ``./lab check``: what needs no other process, a few rows of each long table, and a few
examples of what hypothesis makes up. ``./lab test`` runs all of it.

A quick test stays quick: one whose call takes more processor time than ``BOUND`` fails, and says what to do.
Processor time, because a machine that is busy with something else lets no test fail.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence

import hypothesis
import pytest

LEFT_OUT = ("wire", "browser", "thorough")
ROWS = 3
"""Of each table (a test with parameters): the first row, the last and one between, unless it says ``every_row``."""
EXAMPLES = 10
BOUND = 2.0
"""Seconds. A quick test takes 20 ms on the average, and none takes half a second on two slow cores."""


class Quick:
    """The plugin that ``--quick`` switches on."""

    def __init__(self) -> None:
        hypothesis.settings.register_profile("quick", max_examples=EXAMPLES)
        hypothesis.settings.load_profile("quick")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Last, when every mark is known."""
        left = [item for item in items if not any(item.get_closest_marker(mark) for mark in LEFT_OUT)]
        chosen = set(map(id, telling(left)))
        config.hook.pytest_deselected(items=[item for item in items if id(item) not in chosen])
        items[:] = [item for item in items if id(item) in chosen]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        began = time.process_time()
        yield
        took = time.process_time() - began
        if took > BOUND:
            pytest.fail(f"It took {took:.1f} s of processor time, more than {BOUND} s. {ADVICE}", pytrace=False)


ADVICE = "Let it do with less, or mark it thorough and keep a cheap one beside it."


def telling(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The items without the rows that another of their table stands for."""
    tables: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        tables[item.nodeid.partition("[")[0]].append(item)
    return [item for table in tables.values() for item in _some(table)]


def _some(rows: list[pytest.Item]) -> list[pytest.Item]:
    if len(rows) <= ROWS or rows[0].get_closest_marker("every_row"):
        return rows
    return [rows[round(at * (len(rows) - 1) / (ROWS - 1))] for at in range(ROWS)]
