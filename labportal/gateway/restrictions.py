"""What Azure Policy would say to a vault, asked without making one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from azure.core.exceptions import HttpResponseError
from azure.mgmt.policyinsights import models

from labportal.gateway.desk import Desk
from labportal.gateway.plain import text
from labportal.gateway.vaults import MADE_BY
from steps.kit.records import PolicyDenial, Seen

VAULT_VERSION = "2026-02-01"  # the api-version that ``_planned`` is written in
_POLICY_VERSION = "2023-04-01"
_MOST = 5
"""Assignments whose names are looked up: one request each, or two."""


class Restrictions(Desk):
    def vault_denials(
        self, resource_group: str, name: str, location: str, rbac: bool = False
    ) -> Seen[tuple[PolicyDenial, ...]]:
        details = models.CheckRestrictionsResourceDetails(
            resource_content=_planned(name, location, self._clients.who.tenant_id, rbac=rbac), api_version=VAULT_VERSION
        )
        check = self._clients.policy.policy_restrictions.check_at_resource_group_scope
        wanted = models.CheckRestrictionsRequest(resource_details=details)
        with self._call() as call:
            found, source = tuple(dict.fromkeys(_denials(check(resource_group, wanted)))), call.source
            return Seen(self._with_names(found), source)

    def _with_names(self, found: tuple[_Refusing, ...]) -> tuple[PolicyDenial, ...]:
        policies = list(dict.fromkeys(policy for policy, _ in found))
        names = {policy: self._shown_name(policy) for policy in policies[:_MOST]}
        return tuple(PolicyDenial(names.get(policy) or policy.name, reason) for policy, reason in found)

    def _shown_name(self, policy: _Policy) -> str:
        """The assignment's, else that of its definition; "" where Azure does not tell: the refusal stands without."""
        for resource_id in filter(self._may_ask_about, (policy.assignment, policy.definition)):
            try:
                get = self._clients.resources.resources.get_by_id
                found = get(quote(resource_id.lstrip("/")), api_version=_POLICY_VERSION)
            except HttpResponseError:
                continue
            shown = found.properties.get("displayName") if isinstance(found.properties, dict) else None
            if shown:
                return text(shown)
        return ""

    def _may_ask_about(self, resource_id: str) -> bool:
        """In the student's own subscription, or above all of them: the guard lets nothing else through."""
        own, asked = f"/subscriptions/{self._clients.who.subscription_id}/".casefold(), resource_id.casefold()
        return bool(asked) and (asked.startswith(own) or not asked.startswith("/subscriptions/"))


class _Policy(NamedTuple):
    """Ids of an assignment and of the definition that it assigns."""

    assignment: str
    definition: str

    @property
    def name(self) -> str:
        return self.assignment.rpartition("/")[2]


_Refusing = tuple[_Policy, str]
"""What refuses, and why."""


def _planned(name: str, location: str, tenant_id: str, *, rbac: bool) -> dict[str, object]:
    """The vault as ``create_vault`` makes it. What the portal does not set, Azure sets to these."""
    return {
        "type": "Microsoft.KeyVault/vaults",
        "name": name,
        "location": location,
        "tags": MADE_BY,
        "properties": {
            "tenantId": tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": rbac,
            "enableSoftDelete": True,
            "publicNetworkAccess": "Enabled",
            "accessPolicies": [],
        },
    }


def _denials(result: models.CheckRestrictionsResult) -> Iterator[_Refusing]:
    """Azure names policies that deny, unless it is asked for audits too: those that the vault breaks as it stands, and
    those that require a tag which nobody adds for it."""
    content = result.content_evaluation_result
    for evaluation in (content.policy_evaluations if content else None) or ():
        if text(evaluation.evaluation_result).casefold() == "noncompliant":
            yield _policy(evaluation.policy_info), _broken(evaluation.evaluation_details)
    for field in result.field_restrictions or ():
        name = text(field.field)
        for one in field.restrictions or ():
            required = text(one.result).casefold() == "required" and not one.default_value
            if required and name.casefold().startswith("tags"):
                yield _policy(one.policy), f"{name} is required"


def _policy(policy: models.PolicyReference | None) -> _Policy:
    return _Policy(text(policy.policy_assignment_id), text(policy.policy_definition_id)) if policy else _Policy("", "")


def _broken(details: models.PolicyEvaluationDetails | None) -> str:
    """What of the rule held, such as "location is westeurope (allowed: eastus, westus)"; that it is a vault only where
    that is all."""
    held = [one for one in (details.evaluated_expressions if details else None) or () if text(one.result) == "True"]
    telling = [one for one in held if text(one.path).casefold() != "type"] or held
    return "; ".join(f"{text(one.path)} is {_plain(one.expression_value)} ({_rule(one)})" for one in telling)


def _rule(one: models.ExpressionEvaluationDetails) -> str:
    """What the rule says of such a value. An operator that is not known here is named as Azure names it."""
    operator = text(one.operator)
    return f"{_SAID.get(operator.casefold(), operator)} {_plain(one.target_value)}"


_SAID = {"in": "not allowed:", "equals": "not allowed:", "notin": "allowed:", "notequals": "it has to be"}


def _plain(value: object) -> str:
    if value is None:
        return "not set"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
