"""The results of a class of 10,000 students with 200,000 attempts: pages, exports, and the interface for programs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

import httpx
from django.urls import reverse

from bench.figures import Figure, percentile
from bench.school import School
from bench.stack import Stack
from labportal.accounts.models import User
from labportal.results import tokens

TIMES = 20
BOUND = 200
"""Milliseconds for 95 of 100 answers, from the issue of the board."""
BOUND_IS = "a page of 10,000 students and 200,000 attempts"
FLAT = 40
"""MB that the web process may take more while it makes a file: one for a tenth of the class takes as much."""


@dataclass
class Watched:
    """A process meanwhile: how much memory it had at first, and at most. In MB."""

    first: float
    most: float = 0
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def grown(self) -> float:
        return max(0.0, self.most - self.first)


def figures(stack: Stack, school: School) -> list[Figure]:
    here = {"class_id": school.lab_class.pk}
    pages = {
        "results, pictures": reverse("results:results", kwargs=here),
        "results, what failed most": reverse("results:failed", kwargs=here),
        "results, points": reverse("results:points", kwargs=here) + "?page=100",
    }
    made: list[Figure] = []
    with httpx.Client(base_url=stack.web, cookies=school.cookies, timeout=120, trust_env=False) as client:
        for name, address in pages.items():
            made += _page(client, name, address)
        for ending in ("csv", "xlsx"):
            made += _export(stack, client, ending, reverse(f"results:{ending}", kwargs=here))
    return made + _interface(stack, school)


def _page(client: httpx.Client, name: str, address: str, headers: Mapping[str, str] | None = None) -> list[Figure]:
    times = _ask(client, address, headers)
    return [
        Figure(f"{name}: p50", percentile(times, 0.5), "ms"),
        Figure(f"{name}: p95", percentile(times, 0.95), "ms", BOUND, BOUND_IS),
    ]


def _ask(client: httpx.Client, address: str, headers: Mapping[str, str] | None) -> list[float]:
    """Milliseconds of each answer. The first is not counted: it warms what is kept."""
    times: list[float] = []
    for _ in range(TIMES + 1):
        began = perf_counter()
        client.get(address, headers=dict(headers or {})).raise_for_status()
        times.append((perf_counter() - began) * 1000)
    return times[1:]


def _export(stack: Stack, client: httpx.Client, ending: str, address: str) -> list[Figure]:
    """One to warm up; then one while somebody else looks at a page again and again."""
    client.get(address).raise_for_status()
    with _watching(stack) as web, _somebody_else(stack) as waits:
        began = perf_counter()
        size = _read(client, address)
        took = perf_counter() - began
    name = f"export as {ending.upper()}"
    return [
        Figure(f"{name}: whole", took, "s"),
        Figure(f"{name}: size", size / 1e6, "MB"),
        Figure(
            f"{name}: memory of the web processes meanwhile", web.grown, "MB", FLAT, "flat, however large the class"
        ),
        Figure(f"{name}: another page meanwhile, p95", percentile(waits, 0.95), "ms"),
    ]


def _read(client: httpx.Client, address: str) -> int:
    """Bytes, none of which is kept."""
    size = 0
    with client.stream("GET", address) as answer:
        answer.raise_for_status()
        for piece in answer.iter_bytes():
            size += len(piece)
    return size


@contextmanager
def _watching(stack: Stack) -> Iterator[Watched]:
    watched = Watched(stack.web_memory())

    def watch() -> None:
        while not watched.done.wait(0.02):
            watched.most = max(watched.most, stack.web_memory())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield watched
    finally:
        watched.done.set()
        thread.join()


@contextmanager
def _somebody_else(stack: Stack) -> Iterator[list[float]]:
    """Milliseconds of each of their looks at the sign-in page."""
    waits: list[float] = []
    over = threading.Event()

    def look() -> None:
        with httpx.Client(base_url=stack.web, timeout=60, trust_env=False) as client:
            while not over.wait(0.05):
                began = perf_counter()
                client.get(reverse("accounts:sign_in")).raise_for_status()
                waits.append((perf_counter() - began) * 1000)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def _interface(stack: Stack, school: School) -> list[Figure]:
    teacher = User.objects.get(memberships__lab_class=school.lab_class, memberships__role="instructor")
    asked = {
        "the interface, the class": reverse("results:api:class"),
        "the interface, 100 students": reverse("results:api:students"),
        "the interface, 200 results": reverse("results:api:results") + "?limit=200",
        "the interface, causes": reverse("results:api:causes"),
    }
    made: list[Figure] = []
    with httpx.Client(base_url=stack.web, timeout=60, trust_env=False) as client:
        for name, address in asked.items():
            _, token = tokens.make(school.lab_class, teacher, name, 7)
            made += _page(client, name, address, {"Authorization": f"Bearer {token}"})
    return made
