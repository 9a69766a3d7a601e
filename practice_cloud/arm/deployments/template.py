"""The resources of a template, evaluated and in the order in which they can be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from practice_cloud.arm.deployments.expressions import Values, resource_id
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_NOT_SENT = ("type", "name", "apiVersion", "dependsOn", "scope", "condition", "comments", "metadata")
_NOT_HERE = ("copy", "resources")


@dataclass(frozen=True, slots=True)
class Resource:
    """``needs`` are the ids, or the ends of ids, of those that must be there before it."""

    id: str
    kind: str
    api_version: str
    body: Doc
    needs: tuple[str, ...] = field(default=())

    def waits_for(self, other: Resource) -> bool:
        return any(other.id.lower().endswith(need.lower()) for need in self.needs)


def resources(body: Doc, group: Doc, subscription: Doc) -> list[Resource]:
    """Raises AzureError 400 for no template or a circle in it, 501 for what is not evaluated here."""
    properties: Any = body.get("properties")
    template: Any = properties.get("template") if isinstance(properties, dict) else None
    if not isinstance(template, dict) or not isinstance(template.get("resources"), list):
        raise AzureError(400, "InvalidTemplate", "A template with a list of resources is required.")
    given: Any = properties.get("parameters") or {}
    _well_formed(template, given)
    values = Values(
        {
            "parameters": _parameters(template, given),
            "variables": template.get("variables") or {},
            "resourcegroup": {name: group[name] for name in ("id", "name", "location")},
            "subscription": {
                "id": f"/subscriptions/{subscription['id']}",
                "subscriptionId": subscription["id"],
                "tenantId": subscription["tenantId"],
            },
        }
    )
    try:
        sent = [values.of(one) for one in template["resources"]]
    except RecursionError as error:
        raise AzureError(400, "InvalidTemplate", "The template's parameters and variables name each other.") from error
    return _ordered([_resource(one, group) for one in sent if one.get("condition", True)])


def _well_formed(template: Doc, given: Any) -> None:
    """Raises AzureError 400 where something is no object that must be one, or no list."""
    declared, variables = template.get("parameters") or {}, template.get("variables") or {}
    objects = [declared, given, variables, *template["resources"]]
    for known in (declared, given):
        objects += known.values() if isinstance(known, dict) else []
    lists = [one.get("dependsOn") or [] for one in template["resources"] if isinstance(one, dict)]
    if not all(isinstance(one, dict) for one in objects) or not all(isinstance(one, list) for one in lists):
        raise AzureError(400, "InvalidTemplate", "The template's parameters, variables and resources must be objects.")


def _parameters(template: Doc, sent: Doc) -> Doc:
    known = {
        name: one["defaultValue"] for name, one in (template.get("parameters") or {}).items() if "defaultValue" in one
    }
    return {**known, **{name: one.get("value") for name, one in sent.items()}}


def _resource(sent: Doc, group: Doc) -> Resource:
    for name in _NOT_HERE:
        if sent.get(name):
            raise AzureError(501, "NotImplementedByPracticeCloud", f"The practice cloud deploys no '{name}'.")
    kind, names = str(sent.get("type") or ""), str(sent.get("name") or "").split("/")
    if "/" not in kind or not sent.get("apiVersion"):
        raise AzureError(400, "InvalidTemplate", "Every resource of a template has a type, a name and an apiVersion.")
    scope = str(sent.get("scope") or group["id"])
    at = scope if scope.startswith("/") else f"{group['id']}/providers/{scope}"
    body = {name: value for name, value in sent.items() if name not in _NOT_SENT}
    return Resource(resource_id(at, kind, names), kind, str(sent["apiVersion"]), body, _needs(sent))


def _needs(sent: Doc) -> tuple[str, ...]:
    return tuple(str(one) for one in sent.get("dependsOn") or ())


def _ordered(found: list[Resource]) -> list[Resource]:
    ready: list[Resource] = []
    waiting = list(found)
    while waiting:
        free = [one for one in waiting if not any(one.waits_for(other) for other in waiting if other is not one)]
        if not free:
            raise AzureError(400, "InvalidTemplate", "Circular dependency detected among the template's resources.")
        ready.append(free[0])
        waiting.remove(free[0])
    return ready
