"""The catalogue as a page of documentation: what ``python -m practice_cloud.scenarios`` prints."""

from __future__ import annotations

from practice_cloud.scenarios import BOOKS, Scenario
from practice_cloud.scenarios.book import Number

HEAD = """# Scenarios

Every way to be subtly wrong, and Azure in trouble, by name. A scenario puts the practice Azure of one student into a
state and leaves everybody else's alone; what it needs and is not there, it makes. Applied twice, it is what it was.

    ./lab cloud scenario vault-rbac-mode --student SUBSCRIPTION     # the names agreed on: --vault, --secret
    ./lab cloud scenario throttled-with-retry-after --student SUBSCRIPTION --set seconds=30
    ./lab cloud scenario vm-deallocated --student SUBSCRIPTION --after 60
    ./lab cloud lift --student SUBSCRIPTION                         # an end to what the student suffers from
    ./lab cloud scenarios                                           # this list

The control plane does the same: `GET /scenarios`, `POST` and `DELETE /students/{subscription_id}/scenarios`
([architecture](architecture.md#the-practice-cloud-from-outside)). Seconds are counted by the cloud's clock, which
`PUT /clock` moves. One scenario after another adds up, as `read-ready` and then `vault-throttled`.

To add one, write a function with its title in `practice_cloud/scenarios/`, and a look from outside in
`tests/practice/looks/`. This page is made by `python -m practice_cloud.scenarios`; a test holds it against the code.
"""


def page() -> str:
    """Markdown: a table for each group."""
    return HEAD + "".join(_group(book.scenarios) for book in BOOKS)


def _group(scenarios: list[Scenario]) -> str:
    title = scenarios[0].group[0].upper() + scenarios[0].group[1:]
    rows = "".join(f"| `{one.id}` | {one.title} | {one.does}{_parameters(one)} |\n" for one in scenarios)
    about = "Task: any." if scenarios[0].task == "any" else f"Task: `{scenarios[0].task}`."
    return f"\n## {title}\n\n{about}\n\n| name | title | what it does |\n|---|---|---|\n{rows}"


def _parameters(scenario: Scenario) -> str:
    told = [f"`{name}` ({_default(kind)}): {kind.says}" for name, kind in scenario.parameters.items()]
    return f" Parameters: {'; '.join(told)}." if told else ""


def _default(kind: Number) -> str:
    return "none" if kind.default is None else f"{kind.default:g}"
