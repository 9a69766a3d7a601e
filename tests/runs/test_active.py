"""What is under way is found by its index: else the sweeper reads every attempt there ever was, twice a second."""

from __future__ import annotations

import pytest
from django.db import connection

from labportal.runs.active import active
from labportal.runs.claims import due
from labportal.runs.models import ACTIVE, Attempt
from tests.portal.walks import attempt, person, ready_session

pytestmark = pytest.mark.django_db


def test_it_is_what_has_not_ended() -> None:
    for state in Attempt.State:
        attempt(ready_session(person(state)), state=state)
    found = Attempt.objects.filter(active()).order_by("pk")
    assert [one.state for one in found] == list(ACTIVE)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL goes by how many rows there are")
def test_no_turn_of_the_sweeper_or_of_a_round_reads_the_whole_table() -> None:
    for wanted in (due(), active()):
        assert "USING INDEX runs_due" in Attempt.objects.filter(wanted).explain()
