"""The Celery application. Tasks hold no logic; see labportal/runs/tasks.py."""

from __future__ import annotations

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labportal.settings")

app = Celery("labportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _step_back_and_get_ready(**_: Any) -> None:
    """Pages go before work: on a small machine a burst of checks must not make anybody's click wait.

    And what the first student would wait for is loaded now.
    """
    from labportal.gateway import warm_up  # noqa: PLC0415  only a worker pays for the SDKs

    os.nice(5)
    warm_up()
    # The SDKs leave half a million objects that never go: without this the collector walks them again and again.
    gc.collect()
    gc.freeze()
