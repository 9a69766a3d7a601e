"""``manage.py follow``: the follower's own process, which conducts the rounds as well. Ends on SIGTERM or SIGINT."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from labportal.rounds import conductor as rounds
from labportal.standings.follower import Follower, rebuild
from labportal.turning import turn_until_told

log = logging.getLogger(__name__)
INTERVAL = 0.3


class Command(BaseCommand):
    help = "Keeps where students stand up to date with what they do, and checks whom a round is about."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="make every standing anew, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            self.stdout.write(f"{rebuild()} standings made anew")
            return
        follower = Follower()

        def turn() -> None:
            follower.turn()
            rounds.turn()

        turn_until_told("follower", turn, INTERVAL)
