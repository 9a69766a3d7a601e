"""What the portal can mend about what the preflight misses in the subscription."""

from __future__ import annotations

from functools import partial

from steps.key_vault_managed_identity.remedies.with_right import with_right
from steps.kit.reasons import Remedy
from steps.kit.records import Provider, Seen
from steps.kit.task import Action, ActionDone, ActionIntent, Context, Names

REGISTERED = "registered"
"""The kind of fact that names those which the portal has registered, with commas between them."""
NAMESPACES = ("Microsoft.KeyVault", "Microsoft.Compute")


def register(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """Azure takes the order at once and needs a minute or two for it: the checks look until it is over.

    Tokens: those that were missing, which Azure tells no more once they are ordered."""
    seen = [(namespace, ctx.azure.provider(namespace)) for namespace in NAMESPACES]
    missing = [namespace for namespace, one in seen if not _under_way(one)]
    sources = [one.source for _, one in seen]
    if not missing:
        said = f"{' and '.join(NAMESPACES)} are registered, or about to be."
        return ActionDone(said, did=token is not None, sources=tuple(sources), facts=_noted(token))
    if token is None:
        return ActionIntent(",".join(missing))
    sources += [with_right(partial(ctx.azure.register_provider, one), _may_not(one)).source for one in missing]
    said = f"Azure was asked to register {' and '.join(missing)}."
    return ActionDone(said, did=True, sources=tuple(sources), facts=_noted(token))


def _noted(token: str | None) -> dict[str, str]:
    return {REGISTERED: token} if token else {}


def _may_not(namespace: str) -> str:
    return (
        f"Your connection may not register {namespace}: it needs the role Contributor on the whole subscription for "
        f"that. You can do it yourself under Subscriptions, yours, Settings, Resource providers."
    )


def _under_way(seen: Seen[Provider | None]) -> bool:
    return seen.value is not None and seen.value.registration_state in {"Registered", "Registering"}


def _plan(names: Names) -> str:
    return (
        f"Register {' and '.join(NAMESPACES)} in the subscription {names.subscription_id}, where they are not yet. "
        "It makes nothing and costs nothing. Your connection needs the role Contributor on the subscription for this; "
        "on the resource group alone it is not enough. Cleaning up leaves them registered: other things may rest on "
        "them by then."
    )


REGISTER = Remedy(Action("register-providers", "Register the resource providers", _plan, register, 5.0))

REMEDIES: tuple[Remedy, ...] = (REGISTER,)
