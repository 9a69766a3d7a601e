"""docs/architecture.md describes the practice cloud from outside as it is."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from starlette.routing import Route

from practice_cloud import control
from practice_cloud.cloud import Cloud
from practice_cloud.control.received import FILTERS
from practice_cloud.faults import Fault
from practice_cloud.imds import build as build_imds
from practice_cloud.record import KEPT, Received
from practice_cloud.scenarios import apply, lift
from practice_cloud.scenarios.page import page
from practice_cloud.settings import Latency, Timings
from practice_cloud.students import student_for
from tests.architecture.written import braces, code, names, read, rows, section

PAGE = section("docs/architecture.md", "The practice cloud from outside")
ROWS = rows(PAGE)


def paragraph(word: str) -> str:
    """The paragraph that says what a **word** consists of."""
    return PAGE.split(f"**{word}**:")[1].split("\n\n")[0]


def shape_of(path: str) -> set[str]:
    (cell,) = [row[1] for row in ROWS if f"GET {path}" in code(row[0])]
    return braces(cell)


def fields_of(record: type) -> set[str]:
    return {one.name for one in fields(record)}


def test_the_requests_that_are_documented_are_those_that_are_served(tmp_path: Path) -> None:
    routes = [route for route in control.build(Cloud.open(tmp_path)).routes if isinstance(route, Route)]
    served = {f"{method} {route.path}" for route in routes for method in (route.methods or ()) if method != "HEAD"}
    assert {request for row in ROWS for request in code(row[0])} == served


def test_what_a_student_consists_of(tmp_path: Path) -> None:
    assert names(paragraph("student")) == set(student_for(Cloud.open(tmp_path), None))


def test_what_a_fault_consists_of() -> None:
    assert names(paragraph("fault").split(".")[0]) == fields_of(Fault)


def test_what_is_told_of_a_request() -> None:
    assert names(paragraph("request").split("(")[0]) == fields_of(Received)
    (cell,) = [row[2] for row in ROWS if "GET /requests" in code(row[0])]
    assert f"{KEPT:,}" in cell
    assert all(f"{name}=" in cell for name in ("since", *FILTERS))


def test_what_may_be_set() -> None:
    assert shape_of("/latency") == fields_of(Latency)
    assert shape_of("/timings") == fields_of(Timings)


def test_the_sign_in_page_for_device_codes_is_on_the_metadata_port(tmp_path: Path) -> None:
    assert "/devicelogin" in section("docs/architecture.md", "The practice cloud inside")
    assert "/devicelogin" in {getattr(route, "path", "") for route in build_imds(Cloud.open(tmp_path)).routes}


def test_the_scenarios_that_are_documented_are_those_there_are() -> None:
    """``.venv/bin/python -m practice_cloud.scenarios > docs/scenarios.md`` makes the page again."""
    assert read("docs/scenarios.md") == page()


def test_what_a_scenario_is_told_as(tmp_path: Path) -> None:
    cloud = Cloud.open(tmp_path)
    student = cloud.store.get("student", student_for(cloud, None)["subscription_id"])
    assert student is not None
    shapes = {tuple(code(row[0])): braces(row[1]) for row in ROWS}
    applied = apply(cloud, student, "vault-missing", {})
    assert shapes[("POST /students/{subscription_id}/scenarios",)] == set(applied)
    assert shapes[("DELETE /students/{subscription_id}/scenarios",)] == set(lift(cloud, student))
