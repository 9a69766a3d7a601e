"""The pages of a class of 10,000 students with 200,000 attempts, over HTTP, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter

import httpx
from django.urls import reverse

from bench.figures import Figure, percentile
from bench.school import School
from bench.stack import Stack

TIMES = 40
BOUND = 200
"""Milliseconds for 95 of 100 answers, from the issue of the board."""
BOUND_IS = "a page of 10,000 students and 200,000 attempts"


def figures(stack: Stack, school: School) -> list[Figure]:
    here = {"class_id": school.lab_class.pk}
    board = reverse("board:board", kwargs=here)
    pages = {
        "the board, first page": board,
        "the board, searched": f"{board}?q=0071",
        "the board, who needs help": f"{board}?need=stuck",
        "causes": reverse("board:causes", kwargs=here),
        "the wall": reverse("board:wall", kwargs=here),
    }
    made: list[Figure] = [Figure("a follower makes 10,000 standings anew", school.seconds_to_rebuild, "s")]
    for name, address in pages.items():
        times, size = _ask(stack.web, address, school.cookies)
        made.append(Figure(f"{name}: p50", percentile(times, 0.5), "ms"))
        made.append(Figure(f"{name}: p95", percentile(times, 0.95), "ms", BOUND, BOUND_IS))
        made.append(Figure(f"{name}: over the wire", size / 1000, "kB"))
    return made


def _ask(web: str, address: str, cookies: Mapping[str, str]) -> tuple[list[float], int]:
    """Milliseconds of each answer, and bytes of the last one. The first is not counted: it warms what is kept."""
    times: list[float] = []
    with httpx.Client(base_url=web, cookies=dict(cookies), timeout=60, trust_env=False) as client:
        for _ in range(TIMES + 1):
            began = perf_counter()
            answer = client.get(address)
            answer.raise_for_status()
            times.append((perf_counter() - began) * 1000)
    return times[1:], len(answer.content)
