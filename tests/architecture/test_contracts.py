"""The contracts of lint-imports name every room: one that is new cannot be forgotten by them."""

from __future__ import annotations

import tomllib

import pytest

from tests.environment import ROOT

CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
ROOMS = {f"labportal.{path.parent.name}" for path in (ROOT / "labportal").glob("*/__init__.py")}
GATEWAY = "labportal.gateway"
NOT_PAGES_ALONE = {"labportal.connections", "labportal.ledger", "labportal.rehearsal", "labportal.runs"}
"""Also, or only, of workers and of a command: their pages are named one by one."""
PAGES = "No page leads to the gateway, not even through others: the worker calls Azure"


@pytest.mark.parametrize(
    ("name", "key", "rooms"),
    [
        ("Only the gateway imports the Azure SDKs", "source_modules", ROOMS - {GATEWAY}),
        ("The gateway knows no Django", "forbidden_modules", ROOMS - {GATEWAY}),
        (PAGES, "source_modules", ROOMS - NOT_PAGES_ALONE - {GATEWAY}),
    ],
)
def test_a_contract_names_every_room(name: str, key: str, rooms: set[str]) -> None:
    assert rooms - set(CONTRACTS[name][key]) == set()


def test_the_pages_of_the_rooms_that_workers_share_are_named_one_by_one() -> None:
    named = set(CONTRACTS[PAGES]["source_modules"])
    pages = {f"labportal.runs.{one}" for one in ("views", "replies", "urls", "forms", "services", "stream", "sweeper")}
    pages |= {f"labportal.ledger.{one}" for one in ("views", "urls", "reading", "export")}
    assert pages <= named
    assert {"labportal.gateway", "labportal.connections.azure", "labportal.connections.services"} == set(
        CONTRACTS[PAGES]["forbidden_modules"]
    )
