"""``./lab manage``: Django's manage.py, in the environment of the running portal."""

from __future__ import annotations

import os

from launcher import practice, venv
from launcher.bell import Bell
from launcher.places import Places
from launcher.redis_server import OwnRedis
from launcher.run import environment


def run(places: Places, arguments: list[str]) -> int:
    """Becomes manage.py."""
    places.make()
    with Bell() as bell:
        venv.ensure(places, bell)
    env = environment(places)
    env.setdefault("REDIS_URL", OwnRedis.in_folder(places.state / "redis", places.venv).url)
    cloud = practice.find(places.cloud)
    env |= cloud.environment if cloud else {}
    os.chdir(places.root)
    os.execve(places.python, [str(places.python), "manage.py", *arguments], env)  # noqa: S606 - that is the point
