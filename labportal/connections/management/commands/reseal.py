"""``manage.py reseal``: after a new sealing key has been put in front. Exit code 1 when one could not be opened."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labportal.connections.resealing import reseal


class Command(BaseCommand):
    help = "Seals every credential anew under the first of LAB_SEALING_KEYS, so that the others can be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        count = reseal()
        self.stdout.write(f"{count.done} sealed anew under the first key; {count.before} were already.")
        if count.lost:
            raise CommandError(
                f"{count.lost} could not be opened with any of LAB_SEALING_KEYS: the log names them. Put the key that "
                "is missing back, at the end, and run this again; whose key is lost has to sign in again."
            )
