"""What ``./lab`` starts gets no more than it needs, and what it writes is for its owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher import keys, practice
from launcher.redis_server import OwnRedis

SECRETS = {name: f"secret-{name}" for name in (*keys.NAMES, "DATABASE_URL", "REDIS_URL")}


def test_redis_and_the_practice_cloud_get_none_of_the_portals_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    redis = OwnRedis("redis-server", tmp_path / "redis", tmp_path / "redis.sock").service(tmp_path / "redis.log")
    cloud = practice.service(tmp_path, tmp_path, tmp_path / "cloud.log")
    for service in (redis, cloud):
        assert "PATH" in service.env
        assert not set(SECRETS) & set(service.env)
        assert not any(value in " ".join(service.argv) for value in SECRETS.values())
