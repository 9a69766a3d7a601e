"""The reasons that findings of the preflight give."""

from __future__ import annotations

from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "subscription_enabled": Reason("The subscription is visible and enabled."),
    "subscription_not_visible": Reason("The connection does not see the subscription."),
    "subscription_not_enabled": Reason("The subscription is disabled, past due, or the like."),
    "provider_registered": Reason("A resource provider is registered."),
    "provider_registering": Reason("A resource provider is being registered."),
    "provider_not_registered": Reason("A resource provider is not registered."),
    "group_there": Reason("The resource group is there."),
    "group_missing": Reason("The resource group is not there."),
    "vm_up": Reason("The VM runs Windows, is on, and its agent is ready."),
    "vm_not_windows": Reason("The VM runs another system than Windows."),
    "vm_identity_on": Reason("The VM's system-assigned identity is on."),
    "vault_name_yours": Reason("The vault name belongs to a vault in the student's group."),
    "vault_name_free": Reason("The vault name is free."),
}
