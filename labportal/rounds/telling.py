"""The open pages of a class hear that its rounds have gone on: they ask again (``labportal.board.feed``)."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from labportal.nudges import publish_to_class


def tell(class_id: int) -> None:
    """Once it is committed. Lost, it is made up for within half a minute."""
    transaction.on_commit(partial(publish_to_class, class_id, {"members": [], "rounds": True}))
