"""Built-in policy definitions, with Azure's own ids: those that can keep a vault from being made as the lab asks.

Source: https://github.com/Azure/azure-policy, built-in-policies/policyDefinitions (General, Key Vault).
"""

from __future__ import annotations

from typing import Any

from practice_cloud.store import Doc

_TYPE = "Microsoft.Authorization/policyDefinitions"
_VAULTS = "Microsoft.KeyVault/vaults"


def _effect(default: str) -> Doc:
    return {"type": "String", "allowedValues": ["Audit", "Deny", "Disabled"], "defaultValue": default}


def _built_in(name: str, title: str, condition: Any, then: str, /, **parameters: Doc) -> Doc:
    return {
        "id": f"/providers/{_TYPE}/{name}",
        "name": name,
        "type": _TYPE,
        "properties": {
            "displayName": title,
            "policyType": "BuiltIn",
            "mode": "Indexed",
            "metadata": {},
            "parameters": parameters,
            "policyRule": {"if": condition, "then": {"effect": then}},
        },
    }


def _list(of: str) -> Doc:
    return {"type": "Array", "metadata": {"displayName": of}}


_ROLES = f"{_VAULTS}/enableRbacAuthorization"
DEFINITIONS: tuple[Doc, ...] = (
    _built_in(
        "6c112d4e-5bc7-47ae-a041-ea2d9dccd749",
        "Not allowed resource types",
        {"field": "type", "in": "[parameters('listOfResourceTypesNotAllowed')]"},
        "[parameters('effect')]",
        listOfResourceTypesNotAllowed=_list("Not allowed resource types"),
        effect=_effect("Deny"),
    ),
    _built_in(
        "a08ec900-254a-4555-9bf5-e42af04b5c5c",
        "Allowed resource types",
        {"not": {"field": "type", "in": "[parameters('listOfResourceTypesAllowed')]"}},
        "deny",
        listOfResourceTypesAllowed=_list("Allowed resource types"),
    ),
    _built_in(
        "e56962a6-4747-49cd-b67b-bf8b01975c4c",
        "Allowed locations",
        {
            "allOf": [
                {"field": "location", "notIn": "[parameters('listOfAllowedLocations')]"},
                {"field": "location", "notEquals": "global"},
            ]
        },
        "deny",
        listOfAllowedLocations=_list("Allowed locations"),
    ),
    _built_in(
        "12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5",
        "Azure Key Vault should use RBAC permission model",
        {
            "allOf": [
                {"field": "type", "equals": _VAULTS},
                {"anyOf": [{"field": _ROLES, "exists": "false"}, {"field": _ROLES, "equals": "false"}]},
            ]
        },
        "[parameters('effect')]",
        effect=_effect("Audit"),
    ),
)
