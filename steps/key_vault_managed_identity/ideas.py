"""The ideas behind the lab, each in a few sentences. Reasons point to them by id."""

from __future__ import annotations

from collections.abc import Mapping

from steps.kit.reasons import Idea

_MANAGED_IDENTITY = """
A program that needs a password has to keep it somewhere, and there it can be found. A **managed identity** ends that:
the virtual machine itself is somebody in Microsoft Entra ID. Azure holds its credential and renews it; nobody ever sees
it. Code on the machine asks the metadata service at `169.254.169.254`, an address that only the machine can reach, and
gets a token that says who is asking.

A *system-assigned* identity lives and dies with its machine. Switch it off and on, or make the machine anew, and it
is another one with another **object id**, even under the same name. A *user-assigned* identity stands on its own and
can be lent to several machines. Policies and role assignments name the object id, not the application id.
"""

_AUDIENCE = """
A token is a letter to one addressee. Whoever asks for it names the addressee as `resource`, and it stands in the token
as its **audience** (`aud`). For Key Vault that is `https://vault.azure.net`; for managing resources it is
`https://management.azure.com/`. A service that gets a letter to somebody else hands it back, whoever sent it.

So the two refusals mean different things. **401**: the token does not count here, for instance because its audience is
another. **403**: the token is good, and its owner is not allowed to do this.

The header `Metadata: true` belongs to the asking. It shows that code on the machine meant to ask, and that nobody has
tricked the machine into passing a request on. Without it the metadata service answers 400.
"""

_CONTROL_AND_DATA_PLANE = """
A key vault has two doors. The **control plane**, at `management.azure.com`, is about the vault as a thing: make it,
change its settings, delete it, see which secrets it has by name. Azure roles such as *Contributor* open this door.

The **data plane**, at `https://<your vault>.vault.azure.net`, is about what is inside: read a secret, write one. It is
opened by the vault's access policies, or by roles made for data such as *Key Vault Secrets User*.

One key does not fit the other lock. An *Owner* of the whole subscription may be turned away when reading a secret, and
a machine that reads secrets all day may not change the vault. That is how the portal can see through the control plane
that your secret is there without being able to read it.
"""

_ACCESS_POLICY_AND_RBAC = """
Each vault goes by one of two **permission models**, and the other one has no effect.

With **access policies** the vault keeps a list of its own: this identity may do that with keys, secrets or
certificates, each entry for the whole vault. With **Azure roles** (RBAC) the vault asks what has been assigned to the
identity, on the vault or anywhere above it: an assignment on the group or the subscription is inherited. Reading a
secret takes `get` in a policy, or the role *Key Vault Secrets User*.

Switching a vault to roles leaves its policies where they are, and they no longer count. New vaults use roles unless
their maker says otherwise. Either way, give what is needed and no more: who only reads needs neither *set* nor
*delete*. And give it time: a new role may take up to ten minutes to count.
"""

_SOFT_DELETE = """
Deleting in Key Vault is not the end. **Soft-delete**, which is always on, keeps a deleted vault or secret for 7 to 90
days, 90 unless the vault's maker chose otherwise. Until then it can be *recovered*, with all that was in it, and until
then it **keeps its name**: a new vault of that name is refused everywhere in Azure, and so is a new secret of that name
in the same vault.

To be rid of it at once, *purge* it. That cannot be undone, and takes a right of its own, which not everybody has who
may delete. A vault with **purge protection** cannot be purged by anybody, Microsoft included, before its days are over,
and the protection cannot be switched off again.
"""

_RESOURCE_PROVIDERS = """
Behind every kind of Azure resource stands a **resource provider**: `Microsoft.KeyVault` for vaults, `Microsoft.Compute`
for virtual machines. A subscription offers the kinds whose providers are registered in it, and a fresh one has few.

The Azure portal and the Azure CLI usually register what you need while you create something; other tools may not, and
then Azure answers 409, `MissingSubscriptionRegistration`. Registering costs nothing, takes a minute or two and changes
nothing that exists. It is done for the subscription as a whole, so it takes a right on the subscription, such as
*Contributor* there: a role on your resource group alone is not enough. In a subscription that belongs to a school or a
company it may be somebody else's to do.
"""

_NETWORK_RULES = """
A vault can ask two questions: *who are you*, and *where do you come from*. Its **network rules** are the second. A
vault may be open to all networks, to chosen addresses and subnets only, or to none but private endpoints. Identity and
place must both be right: the best policy does not help a machine whose address is not on the list, and then the vault
answers 403 and names its firewall.

The rules guard the data plane. The vault's settings stay within reach at `management.azure.com`, so a door that is
closed too well can be opened again. The exception for *trusted Microsoft services* is for some of Azure's own services;
a virtual machine of yours is not one of them. It gets in by its subnet, its public address or a private endpoint.
"""


def _ideas(*ideas: Idea) -> Mapping[str, Idea]:
    return {idea.id: idea for idea in ideas}


IDEAS = _ideas(
    Idea("managed-identity", "A machine with an identity of its own", _MANAGED_IDENTITY, "managed-identity"),
    Idea("token-audience", "Whom a token is for", _AUDIENCE, "token-audience"),
    Idea("control-and-data-plane", "Two doors to one vault", _CONTROL_AND_DATA_PLANE, "control-and-data-plane"),
    Idea("access-policy-and-rbac", "Access policies or Azure roles", _ACCESS_POLICY_AND_RBAC, "access-policy-and-rbac"),
    Idea("soft-delete", "Deleted is not gone", _SOFT_DELETE, "soft-delete"),
    Idea("resource-providers", "What a subscription offers", _RESOURCE_PROVIDERS),
    Idea("network-rules", "Where a request comes from", _NETWORK_RULES),
)
