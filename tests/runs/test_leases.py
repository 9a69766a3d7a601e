"""A slow worker keeps what it has, a dead or stopped one does not, and neither does anything twice."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import Any, cast

import pytest
from django.conf import LazySettings
from django.db.models.functions import Now

from labportal.labs.models import LabSession
from labportal.runs import claims, leases, services
from labportal.runs.leash import EFFECTS, leashed
from labportal.runs.models import Attempt
from steps.kit.azure import Azure
from steps.kit.course import Mode
from tests.runs.claiming import claimed

pytestmark = pytest.mark.usefixtures("wire")
LONG_AGO = 1000.0


def taken(session: LabSession) -> claims.Claim:
    claim = claimed(services.start(session, "task", Mode.CARRY_OUT, {}).attempt.pk)
    assert claim is not None
    return claim


def lease_runs_out() -> None:
    Attempt.objects.update(lease_until=Now() - timedelta(seconds=1))


def is_due() -> bool:
    return Attempt.objects.filter(claims.due()).exists()


def test_a_silent_sitting_keeps_its_lease(session: LabSession) -> None:
    claim, keeper = taken(session), leases.Keeper()
    with keeper.kept(claim):
        claim.renewed_at -= 20
        lease_runs_out()
        keeper.renew()
        assert not is_due()
        assert monotonic() - claim.renewed_at < 5


def test_a_fresh_sitting_costs_nothing(session: LabSession, django_assert_num_queries: Any) -> None:
    claim, keeper = taken(session), leases.Keeper()
    with keeper.kept(claim), django_assert_num_queries(0):
        keeper.renew()


def test_a_sitting_that_is_over_is_not_kept(session: LabSession) -> None:
    claim, keeper = taken(session), leases.Keeper()
    with keeper.kept(claim):
        pass
    claim.renewed_at -= 20
    lease_runs_out()
    keeper.renew()
    assert is_due()


def test_a_sitting_that_hangs_is_given_up(session: LabSession) -> None:
    claim, keeper = taken(session), leases.Keeper()
    claim.taken_at = claim.renewed_at = monotonic() - leases.LONGEST_SITTING
    with keeper.kept(claim):
        lease_runs_out()
        keeper.renew()
        assert is_due()


def test_only_the_heir_keeps_what_was_taken_up_again(session: LabSession) -> None:
    zombie, keeper = taken(session), leases.Keeper()
    lease_runs_out()
    heir = claimed(zombie.attempt.pk)
    assert heir is not None
    zombie.renewed_at = heir.renewed_at = before = monotonic() - 20
    with keeper.kept(heir), keeper.kept(zombie):
        lease_runs_out()
        keeper.renew()
    assert not is_due()
    assert zombie.renewed_at == before < heir.renewed_at


@pytest.mark.thorough
def test_the_keeper_works_by_itself(session: LabSession, settings: LazySettings) -> None:
    settings.LEASE_SECONDS = 0.4
    claim, keeper = taken(session), leases.Keeper()
    with keeper.kept(claim):
        end = monotonic() + 2
        while monotonic() < end:
            assert claimed(claim.attempt.pk) is None


class SomeAzure:
    """Remembers what was begun."""

    def __init__(self) -> None:
        self.begun: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_kwargs: self.begun.append(name)


def test_a_worker_that_slept_past_its_lease_begins_nothing_that_another_may_have_done(session: LabSession) -> None:
    zombie, azure = taken(session), SomeAzure()
    leash = cast("Any", leashed(cast("Azure", azure), zombie))
    lease_runs_out()
    claimed(zombie.attempt.pk)
    zombie.renewed_at -= LONG_AGO

    for effect in EFFECTS:
        with pytest.raises(claims.LostClaim):
            getattr(leash, effect)("...")
    leash.vault("rg", "kv")
    assert azure.begun == ["vault"]


def test_a_worker_that_slept_while_nobody_took_over_goes_on(session: LabSession) -> None:
    sleeper, azure = taken(session), SomeAzure()
    leash = cast("Any", leashed(cast("Azure", azure), sleeper))
    lease_runs_out()
    sleeper.renewed_at -= LONG_AGO
    leash.set_secret("...")
    assert azure.begun == ["set_secret"]
    assert not is_due()


def test_a_cancellation_during_the_sleep_is_heard_before_the_effect(session: LabSession) -> None:
    sleeper, azure = taken(session), SomeAzure()
    services.cancel(sleeper.attempt)
    sleeper.renewed_at -= LONG_AGO
    with pytest.raises(claims.CancelRequested):
        cast("Any", leashed(cast("Azure", azure), sleeper)).create_vault("...")
    assert azure.begun == []


def test_everything_that_begins_something_in_azure_is_on_the_leash() -> None:
    assert {"create_vault", "set_secret", "run_powershell", "purge_vault", "assign_role"} <= EFFECTS
    assert not EFFECTS & {"vault", "caller_object_id", "resume_create_vault", "resume_purge_vault"}
