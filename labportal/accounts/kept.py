"""Everything that is kept about a person, for them to read: what goes with their account.

It is found by the models' own keys: a new room's rows are among it without being named here, if they hang on the
person, or on something of theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, BinaryField, Field, ForeignKey, Model, Q, QuerySet
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes.models import Act, Invitation, LabClass
from labportal.support.models import Message

NEVER_SHOWN = frozenset({"password", "sealed_secret", "practice_key", "digest", "token", "progress"})
"""Fields that open something, or would if they were known, and how far a worker has got."""
ModelClass = type[Model]
Row = dict[str, Any]


def kept_about(user: User) -> dict[str, Any]:
    """By kind of thing, each a list of rows by field. As many queries as there are kinds, however much is kept."""
    rows = {
        str(model._meta.verbose_name_plural): [_row(one, user) for one in found.order_by("pk")]
        for model, found in owned_by(user)
    }
    accepted = Invitation.objects.filter(accepted_by=user).order_by("pk")
    written = Message.objects.filter(receipts__user=user).order_by("pk")
    acts = Act.objects.filter(by=user, person__isnull=False).order_by("pk")
    return {
        "made_at": timezone.now(),
        **rows,
        "invitations that you accepted": [_row(one, user) for one in accepted.select_related("lab_class")],
        "messages to you": list(written.values("sent_at", "by_name", "lab_class__name", "text")),
        "what you did for others": list(acts.values("at", "kind", "lab_class__name")),
    }


def owned_by(user: User) -> Iterator[tuple[ModelClass, QuerySet[Any]]]:
    """The person, and every kind of row that goes when they go."""
    rows: dict[ModelClass, QuerySet[Any]] = {User: User.objects.filter(pk=user.pk)}
    ways = _ways()

    def of(model: ModelClass) -> QuerySet[Any]:
        if model not in rows:
            either = [Q(**{f"{key.name}__in": of(parent).values("pk")}) for key, parent in ways[model]]
            rows[model] = model._base_manager.filter(reduce(or_, either))
        return rows[model]

    yield User, rows[User]
    for model in ways:
        yield model, of(model)


def _ways() -> dict[ModelClass, list[tuple[ForeignKey[Any, Any], ModelClass]]]:
    """By model: the keys that make its rows go with a row of another model that goes with the person."""
    ways: defaultdict[ModelClass, list[tuple[ForeignKey[Any, Any], ModelClass]]] = defaultdict(list)
    seen: set[ModelClass] = {User}
    open_ones: list[ModelClass] = [User]
    while open_ones:
        parent = open_ones.pop(0)
        for key in keys_to(parent):
            child = key.model
            if key.remote_field.on_delete is not CASCADE or child._meta.auto_created:
                continue
            ways[child].append((key, parent))
            if child not in seen:
                seen.add(child)
                open_ones.append(child)
    return dict(ways)


def keys_to(model: ModelClass) -> list[ForeignKey[Any, Any]]:
    """Of all models, those without a way back (``related_name="+"``) as well."""
    fields = (field for other in apps.get_models(include_auto_created=True) for field in other._meta.concrete_fields)
    return [field for field in fields if isinstance(field, ForeignKey) and field.related_model is model]


def _row(one: Model, user: User) -> Row:
    shown = (field for field in one._meta.concrete_fields if not _is_never_shown(field))
    return {field.name: _value(one, field, user) for field in shown if not _is_of_another(one, field, user)}


def _is_never_shown(field: Field[Any, Any]) -> bool:
    return field.name in NEVER_SHOWN or isinstance(field, BinaryField)


def _is_of_another(one: Model, field: Field[Any, Any], user: User) -> bool:
    """Who else is in it is their own business. Whoever acted is named beside, as the pages name them."""
    return field.related_model is User and getattr(one, field.attname) not in (None, user.pk)


def _value(one: Model, field: Field[Any, Any], user: User) -> Any:
    value = field.value_from_object(one)
    if value is not None and field.related_model is User:
        return "you"
    if value is not None and field.related_model is LabClass:
        return str(getattr(one, field.name))
    return value
