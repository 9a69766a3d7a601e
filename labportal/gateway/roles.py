"""Roles: what the caller may do, who has which, given and taken away."""

from __future__ import annotations

import uuid

from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.mgmt.authorization.v2022_04_01 import models

from labportal.gateway.desk import Desk
from labportal.gateway.lists import entries
from labportal.gateway.plain import text
from labportal.gateway.problems import problem_from
from steps.kit.records import Done, Permission, RoleAssignment, Seen

_NAMES = uuid.UUID("0c4f9d52-6f0e-5c0f-9a53-6b1f3b6f0d11")  # the portal's own space of names for assignments

_CONDITION_VERSION = "2.0"  # the only one that Azure takes today


class Roles(Desk):
    def permissions(self, resource_group: str) -> Seen[tuple[Permission, ...]]:
        """Azure needs no right to tell them."""
        told = self._clients.authorization.permissions.list_for_resource_group
        return self._read(lambda: tuple(map(_permission, told(resource_group))))

    def permissions_in_subscription(self) -> Seen[tuple[Permission, ...]]:
        """The SDK asks for a group's and a resource's only."""
        path = f"/subscriptions/{self._clients.who.subscription_id}/providers/Microsoft.Authorization/permissions"
        listed = (models.Permission.from_dict(one) for one in entries(self._clients, path, "2022-04-01"))
        return self._read(lambda: tuple(map(_permission, listed)))

    def role_assignments(self, scope: str, principal_id: str, below: bool = False) -> Seen[tuple[RoleAssignment, ...]]:
        """The source is the list's own; each role that occurs in it is looked up once."""
        with self._call() as call:
            found, source = self._assignments(scope, principal_id, below=below), call.source
            return Seen(self._with_roles(found), source)

    def roles_given_at(self, scope: str) -> Seen[tuple[RoleAssignment, ...]]:
        """``atScope()`` tells what comes from above, too. A subscription may have hundreds of those, so they are left
        out before roles are looked up."""
        with self._call() as call:
            listed = self._clients.authorization.role_assignments.list_for_scope(_bare(scope), filter="atScope()")
            here = [one for one in listed if text(one.scope).rstrip("/").casefold() == scope.rstrip("/").casefold()]
            source = call.source
            return Seen(self._with_roles(here), source)

    def _with_roles(self, found: list[models.RoleAssignment]) -> tuple[RoleAssignment, ...]:
        roles = {role: self._role(role) for role in {text(one.role_definition_id) for one in found}}
        return tuple(_assignment(one, roles[text(one.role_definition_id)]) for one in found)

    def _assignments(self, scope: str, principal_id: str, *, below: bool) -> list[models.RoleAssignment]:
        """``assignedTo`` counts the groups a principal is in; ``atScope()`` leaves out what is below, not what is
        above. Groups are looked up in the directory. What Azure says of a principal that is there no longer, while
        its assignments still stand, is documented nowhere: after a 400 those in its own name are asked for."""
        listed = self._clients.authorization.role_assignments.list_for_scope
        mine = f"assignedTo('{principal_id}')"
        try:
            return list(listed(_bare(scope), filter=mine if below else f"atScope() and {mine}"))
        except HttpResponseError as error:
            if error.status_code != 400:
                raise
        own = listed(_bare(scope), filter=f"principalId eq '{principal_id}'")
        return [one for one in own if below or _covers(text(one.scope), scope)]

    def _role(self, role_definition_id: str) -> models.RoleDefinition:
        """A role that is gone, while its assignment still stands, has no name and gives nothing."""
        try:
            return self._clients.authorization.role_definitions.get_by_id(_bare(role_definition_id))
        except ResourceNotFoundError:
            return models.RoleDefinition()

    def assign_role(
        self, scope: str, role_id: str, principal_id: str, condition: str = "", description: str = ""
    ) -> Done[None]:
        """The assignment's name comes from what it is, so that asking twice asks for the same one. The kind of
        principal is said because a fresh identity may not have reached Entra's copies yet, where Azure would look."""
        subscription = self._clients.who.subscription_id
        role = f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role_id}"
        name = uuid.uuid5(_NAMES, f"{scope}/{role_id}/{principal_id}".casefold())
        wanted = models.RoleAssignmentCreateParameters(
            role_definition_id=role,
            principal_id=principal_id,
            principal_type=models.PrincipalType.SERVICE_PRINCIPAL,
            description=description or None,
            condition=condition or None,
            condition_version=_CONDITION_VERSION if condition else None,
        )
        with self._call() as call:
            try:
                self._clients.authorization.role_assignments.create(_bare(scope), str(name), wanted)
            except ResourceExistsError as error:
                if problem_from(error, call).code != "RoleAssignmentExists":
                    raise
            return Done(None, call.source)

    def remove_role(self, assignment_id: str) -> Done[None]:
        return self._gone(lambda: self._clients.authorization.role_assignments.delete_by_id(_bare(assignment_id)))


def _bare(resource_id: str) -> str:
    """The SDK writes the slash in front of an id itself."""
    return resource_id.lstrip("/")


def _covers(scope: str, other: str) -> bool:
    return f"{other}/".casefold().startswith(f"{scope.rstrip('/')}/".casefold())


def _assignment(found: models.RoleAssignment, role: models.RoleDefinition) -> RoleAssignment:
    return RoleAssignment(
        id=text(found.id),
        principal_id=text(found.principal_id),
        scope=text(found.scope),
        role_id=text(found.role_definition_id).rpartition("/")[2].lower(),
        role_name=text(role.role_name),
        permissions=tuple(map(_permission, role.permissions or ())),
        principal_type=text(found.principal_type),
        condition=text(found.condition),
        description=text(found.description),
    )


def _permission(found: models.Permission) -> Permission:
    return Permission(
        actions=tuple(found.actions or ()),
        not_actions=tuple(found.not_actions or ()),
        data_actions=tuple(found.data_actions or ()),
        not_data_actions=tuple(found.not_data_actions or ()),
    )
