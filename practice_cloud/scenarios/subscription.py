"""Preflight: the subscription, its providers, its group, the caller's rights, and a policy that forbids."""

from __future__ import annotations

from practice_cloud import ids
from practice_cloud.rbac import custom
from practice_cloud.scenarios import rights, things
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene

BOOK = Book("preflight: subscription", task="preflight")
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
CUSTOM = "5ce1a2f0-0000-4000-8000-000000000001"
POLICY = "Not allowed resource types"
_REGISTERING = Number(60, "the seconds after which it is registered")


def _state(scene: Scene, state: str) -> None:
    scene.put("subscription", scene.sid, {**scene.need("subscription", scene.sid), "state": state})
    scene.suffer(f"The subscription is {state}.")


@BOOK.scenario("subscription-disabled", "The subscription is disabled")
def disabled(scene: Scene) -> None:
    """Things can be read and deleted, and not made or changed: ARM answers 409 ReadOnlyDisabledSubscription to that."""
    _state(scene, "Disabled")


@BOOK.scenario("subscription-warned", "The subscription is about to be disabled")
def warned(scene: Scene) -> None:
    """Its state is Warned: as in one that is disabled, things can be read and deleted, and not made or changed."""
    _state(scene, "Warned")


@BOOK.scenario("caller-without-roles", "The caller sees nothing of the subscription")
def without_roles(scene: Scene) -> None:
    """The student's app has no role at all: the subscription is not in its list, and ARM answers 403."""
    rights.caller_has(scene.cloud, scene.student, ())
    scene.suffer("The student's app has no role in the subscription.")


@BOOK.scenario("caller-reader", "The caller is a Reader only")
def reader(scene: Scene) -> None:
    """The student's app may read everything and change nothing: ARM answers 403 AuthorizationFailed to every write."""
    rights.caller_has(scene.cloud, scene.student, (READER,))
    scene.suffer("The student's app has the role Reader only.")


@BOOK.scenario("caller-contributor", "The caller is a Contributor who may not assign roles")
def contributor(scene: Scene) -> None:
    """Enough for access policies, not for Task 3 by roles: roleAssignments/write is denied."""
    rights.caller_has(scene.cloud, scene.student, (CONTRIBUTOR,))
    scene.suffer("The student's app has the role Contributor only.")


@BOOK.scenario("caller-group-contributor", "The caller is a Contributor of the resource group only")
def group_contributor(scene: Scene) -> None:
    """As in many classes: everything in the group may be changed, and nothing is allowed at the subscription, such as
    registering a provider, asking whether a vault name is free, or purging."""
    things.need_group(scene)
    rights.caller_has(scene.cloud, scene.student, ())
    things.assign(scene, CONTRIBUTOR, scene.caller, ids.group_id(scene.sid, scene.group))
    scene.suffer(f"The student's app has the role Contributor at {scene.group} only.")


@BOOK.scenario("caller-custom-role", "The caller has a custom role that leaves something out")
def custom_role(scene: Scene) -> None:
    """The role Lab Helper may do everything with vaults but delete and purge them, and with VMs only read them: Run
    Command is left out."""
    actions = ["*/read", "Microsoft.KeyVault/*", "Microsoft.Resources/subscriptions/resourceGroups/read"]
    denied = ["Microsoft.KeyVault/vaults/delete", "Microsoft.KeyVault/locations/deletedVaults/purge/action"]
    custom.save(scene.cloud, scene.sid, CUSTOM, name="Lab Helper", actions=actions, not_actions=denied)
    rights.caller_has(scene.cloud, scene.student, (CUSTOM,))
    scene.suffer("The student's app has the custom role Lab Helper only.")


@BOOK.scenario("policy-denies-vault", "Azure Policy forbids vaults and VM changes")
def policy(scene: Scene) -> None:
    """The assignment refuses to make or change vaults and VMs: 403 RequestDisallowedByPolicy."""
    scene.put("policyDenial", scene.sid, {"policyAssignment": POLICY})
    scene.suffer(f"The policy {POLICY} forbids vaults and changes of VMs.")


def _provider(scene: Scene, namespace: str, state: str, **when: float) -> None:
    doc = {"namespace": namespace, "registrationState": state, **when}
    scene.put("provider", f"{scene.sid}/{namespace.lower()}", doc)


@BOOK.scenario("provider-key-vault-not-registered", "Microsoft.KeyVault is not registered")
def no_key_vault(scene: Scene) -> None:
    """ARM answers 409 MissingSubscriptionRegistration for everything about vaults."""
    _provider(scene, ids.KEY_VAULT, "NotRegistered")
    scene.did("Microsoft.KeyVault is not registered.")


@BOOK.scenario("provider-compute-not-registered", "Microsoft.Compute is not registered")
def no_compute(scene: Scene) -> None:
    """ARM answers 409 MissingSubscriptionRegistration for everything about VMs."""
    _provider(scene, ids.COMPUTE, "NotRegistered")
    scene.did("Microsoft.Compute is not registered.")


@BOOK.scenario("provider-network-not-registered", "Microsoft.Network is not registered")
def no_network(scene: Scene) -> None:
    """ARM answers 409 MissingSubscriptionRegistration for everything about networks: a machine needs one."""
    _provider(scene, ids.NETWORK, "NotRegistered")
    scene.did("Microsoft.Network is not registered.")


@BOOK.scenario("provider-policy-insights-not-registered", "Microsoft.PolicyInsights is not registered")
def no_policy_insights(scene: Scene) -> None:
    """As in many subscriptions: nobody can ask what a policy would refuse, 409 MissingSubscriptionRegistration."""
    _provider(scene, ids.POLICY_INSIGHTS, "NotRegistered")
    scene.did("Microsoft.PolicyInsights is not registered.")


@BOOK.scenario("provider-key-vault-registering", "Microsoft.KeyVault is being registered", seconds=_REGISTERING)
def registering_key_vault(scene: Scene) -> None:
    """It says Registering, and Registered once the seconds are over."""
    _registering(scene, ids.KEY_VAULT)


@BOOK.scenario("provider-compute-registering", "Microsoft.Compute is being registered", seconds=_REGISTERING)
def registering_compute(scene: Scene) -> None:
    """It says Registering, and Registered once the seconds are over."""
    _registering(scene, ids.COMPUTE)


def _registering(scene: Scene, namespace: str) -> None:
    _provider(scene, namespace, "Registered", registeredAt=scene.now + scene.number("seconds"))
    scene.suffer(f"{namespace} is being registered.")


@BOOK.scenario("group-missing", "The resource group is missing")
def no_group(scene: Scene) -> None:
    """The group and all that was in it are gone: 404 ResourceGroupNotFound. Its vaults are deleted softly."""
    things.empty_group(scene)
    scene.cloud.store.delete("group", f"{scene.sid}/{scene.group.lower()}")
    scene.suffer(f"The resource group {scene.group} is gone, and its VM with it.")


@BOOK.scenario(
    "group-being-deleted",
    "The resource group is being deleted",
    seconds=Number(60, "the seconds until the group is gone"),
)
def group_going(scene: Scene) -> None:
    """Its state is Deleting, and it refuses changes with 409 ResourceGroupBeingDeleted until it is gone."""
    key = f"{scene.sid}/{scene.group.lower()}"
    things.empty_group(scene)
    group = {**things.group(scene), "properties": {"provisioningState": "Deleting"}}
    scene.put("group", key, {**group, "goneAt": scene.now + scene.number("seconds")})
    scene.suffer(f"The resource group {scene.group} is being deleted.")
