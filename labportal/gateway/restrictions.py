"""What Azure Policy would say to a vault, asked without making one."""

from __future__ import annotations

from collections.abc import Iterator

from azure.mgmt.policyinsights import models

from labportal.gateway.desk import Desk
from labportal.gateway.plain import text
from labportal.gateway.vaults import MADE_BY
from steps.kit.records import PolicyDenial, Seen

VAULT_VERSION = "2026-02-01"  # the api-version that ``_planned`` is written in


class Restrictions(Desk):
    def vault_denials(
        self, resource_group: str, name: str, location: str, rbac: bool = False
    ) -> Seen[tuple[PolicyDenial, ...]]:
        details = models.CheckRestrictionsResourceDetails(
            resource_content=_planned(name, location, self._clients.who.tenant_id, rbac=rbac), api_version=VAULT_VERSION
        )
        check = self._clients.policy.policy_restrictions.check_at_resource_group_scope
        wanted = models.CheckRestrictionsRequest(resource_details=details)
        return self._read(lambda: tuple(dict.fromkeys(_denials(check(resource_group, wanted)))))


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


def _denials(result: models.CheckRestrictionsResult) -> Iterator[PolicyDenial]:
    """Azure names policies that deny, unless it is asked for audits too: those that the vault breaks as it stands, and
    those that require a tag which nobody adds for it."""
    content = result.content_evaluation_result
    for evaluation in (content.policy_evaluations if content else None) or ():
        if text(evaluation.evaluation_result).casefold() == "noncompliant":
            yield PolicyDenial(_assignment(evaluation.policy_info), _broken(evaluation.evaluation_details))
    for field in result.field_restrictions or ():
        name = text(field.field)
        for one in field.restrictions or ():
            required = text(one.result).casefold() == "required" and not one.default_value
            if required and name.casefold().startswith("tags"):
                yield PolicyDenial(_assignment(one.policy), f"{name} is required")


def _assignment(policy: models.PolicyReference | None) -> str:
    return text(policy.policy_assignment_id).rpartition("/")[2] if policy else ""


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
