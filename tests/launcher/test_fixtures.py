"""The fixtures that other tests build on do what they say."""

from __future__ import annotations

import redis
from django.conf import settings


def test_redis_is_a_real_server_at_the_address_the_settings_know(redis_url: str) -> None:
    assert redis_url == settings.REDIS_URL
    with redis.Redis.from_url(redis_url) as client:
        assert client.info("server")["tcp_port"] == 0
        assert client.config_get("appendonly") == {"appendonly": "yes"}
