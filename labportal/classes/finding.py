"""How people are found by name: as they are read, whatever the case, the marks, or the database.

SQLite's LIKE knows the case of A to Z only, and PostgreSQL's UPPER what its locale does. So beside each name stands
what it is searched by, and a search costs one comparison a row wherever it is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unicodedata import category, normalize

from django.db import models
from django.db.models import Q

_PLAIN = str.maketrans({"\u0131": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
"""Letters that Unicode does not take apart. The first is the i without a dot: its capital is I, as that of i is."""


def folded(text: str) -> str:
    """``text`` as it is searched: "ÖZLEM", "Özlem" and "ozlem" are one. Finds rather somebody too many."""
    plain = normalize("NFKD", normalize("NFKD", text).casefold())
    return "".join(one for one in plain if category(one) != "Mn").translate(_PLAIN)


class Folded(models.TextField):  # type: ignore[type-arg]  # generic for the type checker only
    """What another field of the row says, folded: kept by whatever saves the row. ``of`` is that field's name.

    A ``QuerySet.update`` of that field passes it by, as it does everything that is kept in Python.
    """

    def __init__(self, of: str, **more: Any) -> None:
        more.setdefault("editable", False)
        more.setdefault("default", "")
        super().__init__(**more)
        self.of = of

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, more = super().deconstruct()
        return name, path, args, more | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        told = folded(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, told)
        return told


LONGEST_QUERY = 120
"""Of what is looked for: as long as a name can be. Each word is a condition, and a database takes only so many."""


def called(query: str, of: str = "") -> Q:
    """Whose name has every word of ``query`` in it, in whatever order; everybody for "". ``of``: the way to a row with
    a folded name, as in "member__"."""
    found = Q()
    for word in folded(query[:LONGEST_QUERY]).split():
        found &= Q(**{f"{of}folded__contains": word})
    return found
