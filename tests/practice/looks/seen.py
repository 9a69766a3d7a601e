"""One student's Azure, as looks ask it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import jwt

from tests.practice.inside import VAULT, Inside, Json, Person


class Seen:
    def __init__(self, person: Person, vault: str, secret: str) -> None:
        self.person, self.vault, self.secret = person, vault, secret

    @property
    def inside(self) -> Inside:
        return self.person.inside

    def arm(self, method: str, path: str, **given: Any) -> httpx.Response:
        return self.person.arm(method, path, **given)

    def vault_path(self, name: str = "") -> str:
        return f"{self.person.place}/Microsoft.KeyVault/vaults/{name or self.vault}"

    def vault_answer(self) -> httpx.Response:
        return self.arm("GET", self.vault_path())

    def vault_shown(self) -> Json:
        """The agreed vault's properties, with its location."""
        answer = self.vault_answer()
        assert answer.status_code == 200, answer.text
        return {**answer.json()["properties"], "location": answer.json()["location"]}

    def all_vaults(self) -> dict[str, str]:
        """Every vault of the subscription, and the group it is in."""
        found = self.arm("GET", f"{self.person.scope}/providers/Microsoft.KeyVault/vaults").json()["value"]
        return {one["name"]: one["id"].split("/")[4] for one in found}

    def vms(self) -> dict[str, str]:
        found = self.arm("GET", f"{self.person.scope}/providers/Microsoft.Compute/virtualMachines").json()["value"]
        return {one["name"]: one["id"].split("/")[4] for one in found}

    def vm(self) -> Json:
        answer = self.arm("GET", f"{self.person.vm_path}?$expand=instanceView")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def power(self) -> str:
        return str(self.vm()["properties"]["instanceView"]["statuses"][1]["code"]).partition("/")[2]

    def agent(self) -> str:
        return str(self.vm()["properties"]["instanceView"]["vmAgent"]["statuses"][0]["displayStatus"])

    def oid(self, name: str = "") -> str:
        """The object id of a VM's own identity."""
        answer = self.arm("GET", f"{self.person.place}/Microsoft.Compute/virtualMachines/{name or self.person.vm}")
        return str(answer.json()["identity"]["principalId"])

    def policies(self) -> dict[str, Json]:
        """What the vault's policies grant, by the object id they are for."""
        return {one["objectId"]: one["permissions"] for one in self.vault_shown()["accessPolicies"]}

    def secrets_shown(self, vault: str = "") -> dict[str, Json]:
        """The secrets as ARM shows them, without values: their attributes by name."""
        found = self.arm("GET", f"{self.vault_path(vault)}/secrets").json()["value"]
        return {one["name"]: one["properties"]["attributes"] for one in found}

    def app_reads(self) -> httpx.Response:
        return self.person.data("GET", self.vault, f"/secrets/{self.secret}")

    def vm_reads(self) -> httpx.Response:
        return self.person.vm_reads(self.vault, self.secret)

    def vm_is(self) -> str:
        """The object id in the token that the VM's metadata service gives out."""
        return str(jwt.decode(self.person.imds().json()["access_token"], options={"verify_signature": False})["oid"])

    def user_oid(self) -> str:
        name = self.inside.cloud.store.get("signInName", self.person.told["user"])
        assert name is not None
        return str(name["id"])

    def app_oid(self) -> str:
        return str(jwt.decode(self.person.token(), options={"verify_signature": False})["oid"])

    def name_is(self) -> str:
        """What Azure says of the vault's name: "free" or the reason against it."""
        body = {"name": self.vault, "type": "Microsoft.KeyVault/vaults"}
        path = f"{self.person.scope}/providers/Microsoft.KeyVault/checkNameAvailability"
        answer = self.arm("POST", path, json=body).json()
        return "free" if answer["nameAvailable"] else str(answer["reason"])

    def deleted_vault(self, region: str = "eastus") -> httpx.Response:
        place = f"{self.person.scope}/providers/Microsoft.KeyVault/locations/{region}/deletedVaults"
        return self.arm("GET", f"{place}/{self.vault}")

    def create_vault(self) -> httpx.Response:
        properties = {"sku": {"family": "A", "name": "standard"}, "tenantId": self.person.told["tenant_id"]}
        body = {"location": "eastus", "properties": {**properties, "accessPolicies": []}}
        return self.arm("PUT", self.vault_path(), json=body)

    def run_command(self, script: str = "Write-Output 'here'") -> httpx.Response:
        body = {"commandId": "RunPowerShellScript", "script": [script]}
        return self.arm("POST", f"{self.person.vm_path}/runCommand", json=body)

    def outcome(self, started: httpx.Response) -> Json:
        """How the operation stands that an order has begun."""
        place = started.headers["azure-asyncoperation"].removeprefix("https://management.azure.com")
        return dict(self.arm("GET", place.partition("?")[0]).json())

    def after_run_command(self, script: str = "Write-Output 'here'") -> Json:
        started = self.run_command(script)
        assert started.status_code == 202, started.text
        self.inside.let(0.1)
        return self.outcome(started)

    def vm_prints(self, script: str) -> str:
        """What a script writes that ends as it should."""
        ended = self.after_run_command(script)
        assert ended["status"] == "Succeeded", ended
        out, errors = (one["message"] for one in ended["properties"]["output"]["value"])
        assert errors == ""
        return str(out).rstrip("\n")

    def roles(self, oid: str) -> list[tuple[str, str]]:
        """What a principal has been given in the subscription: the role's id and where."""
        path = f"{self.person.scope}/providers/Microsoft.Authorization/roleAssignments"
        found = self.arm("GET", f"{path}?$filter=principalId eq '{oid}'").json()["value"]
        return [(one["properties"]["roleDefinitionId"][-36:], one["properties"]["scope"]) for one in found]

    def vault_token(self) -> str:
        return self.person.token(VAULT)


Look = Callable[[Seen], None]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code; the inner code where there is one, which says more."""
    error = answer.json()["error"]
    return answer.status_code, str((error.get("innererror") or error)["code"])
