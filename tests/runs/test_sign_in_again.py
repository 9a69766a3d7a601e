"""The client secret runs out in the middle of a walk: the attempt waits, and goes on once somebody has signed in."""

from __future__ import annotations

import pytest

from labportal.connections import services
from labportal.connections.models import Connection
from labportal.connections.practice import sign_in_again
from labportal.runs.models import Attempt
from tests.practice_process import Practice
from tests.runs.live import stream
from tests.runs.practising import check, practising

pytestmark = pytest.mark.usefixtures("sweeper", "worker")


def test_an_attempt_waits_for_signing_in_and_goes_on_after_it(web: str, practice: Practice) -> None:
    session = practising("ada")
    connection = session.connection
    practice.ask("POST", f"/students/{connection.subscription_id}/credential")  # the one the portal has counts no more
    with stream(web, session) as page:
        attempt = check(session, "preflight")
        page.until_state(attempt.pk, "waiting")
        assert not Attempt.objects.get(pk=attempt.pk).verdict
        while not Connection.objects.filter(pk=connection.pk, state=Connection.State.BROKEN).exists():
            page.next()  # the first refusal may be of a token only, so it is tried once more
        connection.refresh_from_db()
        assert connection.problem == services.REFUSED
        assert sign_in_again(connection)
        page.until_state(attempt.pk, "finished")
    attempt.refresh_from_db()
    assert attempt.verdict == "passed"
    connection.refresh_from_db()
    assert (connection.state, connection.problem) == (Connection.State.READY, "")
