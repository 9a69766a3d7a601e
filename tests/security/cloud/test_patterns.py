"""What a script compares and searches for cannot hold up the process that all students share."""

from __future__ import annotations

import time

import pytest

from tests.practice.powershell.world import run


@pytest.mark.parametrize(
    "pattern",
    [
        r"(.*)\1x",
        r"(.+)\1\1b",
        r"(?<q>.*)\k<q>x",
        "(?x)(a+ # (`n)+b",
        "(?xi)(a+ # (`n)+b",
        "(?i-x:a+ # (`n)+b",
        "(?ax)(a+ # (`n)+b",
        "(?P<q>a*)(?P=q)x",
        "(a+(?#()+b",
        "(?(1)a|b)",
    ],
)
def test_a_pattern_whose_cost_is_hidden_is_refused_at_once(pattern: str) -> None:
    began = time.monotonic()
    stderr = run(f"('a' * 4000) -match \"{pattern}\"").stderr
    assert "does not support" in stderr
    assert time.monotonic() - began < 1


def test_a_reference_back_and_an_option_are_fine_where_they_are_cheap() -> None:
    assert run(r"'hello' -match '(?i)(L)\1'; 'say say' -match '(\w+) \1$'").stdout == "True\nTrue\n"


@pytest.mark.thorough
def test_dear_patterns_use_up_the_script_s_budget() -> None:
    began = time.monotonic()
    stderr = run("$s = 'a' * 7000; 1..60000 | ForEach-Object { $s -match 'a*b' }").stderr
    assert "took more than 400000 steps" in stderr
    assert time.monotonic() - began < 10


def test_dear_wildcards_use_up_the_script_s_budget() -> None:
    assert "wildcard pattern on a text of this length" in run("('a' * 20000) -like ('*a' * 20)").stderr


@pytest.mark.parametrize(
    "script",
    [
        "$s = 'a' * 1000000; $t = 'A' * 1000000; 1..100000 | ForEach-Object { $s -eq $t }",
        "(@('a') * 90000) -eq ('a' * 1000000)",
        "(@('a') * 90000) -contains ('a' * 1000000)",
        "('a' * 1000000) -in (@('a') * 90000)",
        "1..90000 -lt ('1' * 1000000)",
    ],
)
def test_comparing_long_texts_again_and_again_uses_up_the_script_s_budget(script: str) -> None:
    began = time.monotonic()
    assert "took more than 400000 steps" in run(script).stderr
    assert time.monotonic() - began < 5


def test_a_script_too_long_to_be_read_quickly_is_not_read() -> None:
    assert "A script may have 65536 characters" in run("1" + "+1" * 40_000).stderr
