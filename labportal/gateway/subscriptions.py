"""The subscription, its resource providers and its resource groups."""

from __future__ import annotations

from azure.mgmt.resource.resources import models as resources
from azure.mgmt.resource.subscriptions import models as subscriptions

from labportal.gateway.desk import Desk
from labportal.gateway.plain import text
from steps.kit.records import (
    Done,
    Provider,
    ResourceGroup,
    Seen,
    Subscription,
)


class Subscriptions(Desk):
    def subscription(self) -> Seen[Subscription | None]:
        wanted = self._clients.who.subscription_id
        return self._look(lambda: _subscription(self._clients.subscriptions.subscriptions.get(wanted)))

    def provider(self, namespace: str) -> Seen[Provider | None]:
        return self._look(lambda: _provider(self._clients.resources.providers.get(namespace)))

    def register_provider(self, namespace: str) -> Done[Provider]:
        return self._done(lambda: _provider(self._clients.resources.providers.register(namespace)))

    def resource_group(self, name: str) -> Seen[ResourceGroup | None]:
        return self._look(lambda: _group(self._clients.resources.resource_groups.get(name)))


def _subscription(found: subscriptions.Subscription) -> Subscription:
    return Subscription(text(found.subscription_id), text(found.display_name), text(found.state))


def _provider(found: resources.Provider) -> Provider:
    return Provider(text(found.namespace), text(found.registration_state))


def _group(found: resources.ResourceGroup) -> ResourceGroup:
    state = text(found.properties.provisioning_state) if found.properties else ""
    return ResourceGroup(text(found.id), text(found.name), text(found.location), state or "Succeeded")
