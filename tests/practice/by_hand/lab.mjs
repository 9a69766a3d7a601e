// The lab with the npm clients, in both permission models: prints one JSON object of what was seen on the way.
import { ClientSecretCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { KeyVaultManagementClient } from "@azure/arm-keyvault";
import { randomUUID } from "node:crypto";

const { tenant_id, subscription_id, client_id, client_secret, resource_group, vm_principal_id, caller } = JSON.parse(
  process.env.STUDENT,
);
const credential = new ClientSecretCredential(tenant_id, client_id, client_secret);
const arm = new KeyVaultManagementClient(credential, subscription_id);
const name = `kv-npm-${subscription_id.slice(0, 8)}`;
const often = { updateIntervalInMs: 100, intervalInMs: 100 };
const seen = {};
const policy = (objectId, secrets) => ({ tenantId: tenant_id, objectId, permissions: { secrets } });
const everything = ["get", "list", "set", "delete", "recover", "backup", "restore", "purge"];

const vault = await arm.vaults.beginCreateOrUpdateAndWait(
  resource_group,
  name,
  {
    location: "eastus",
    properties: {
      tenantId: tenant_id,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: false,
      accessPolicies: [policy(caller, everything)],
    },
  },
  often,
);
seen.uri = vault.properties.vaultUri;
const secrets = new SecretClient(vault.properties.vaultUri, credential, { retryOptions: { maxRetries: 0 } });
await secrets.setSecret("lab", "hello");
const changed = await arm.vaults.updateAccessPolicy(resource_group, name, "add", {
  properties: { accessPolicies: [policy(vm_principal_id, ["get"])] },
});
seen.policies = changed.properties.accessPolicies.map((one) => one.objectId);
await (await secrets.beginDeleteSecret("lab", often)).pollUntilDone();
seen.held = await secrets.setSecret("lab", "again").catch((error) => error.statusCode);
await (await secrets.beginRecoverDeletedSecret("lab", often)).pollUntilDone();
seen.recovered = (await secrets.getSecret("lab")).value;

await arm.vaults.update(resource_group, name, { properties: { enableRbacAuthorization: true } });
seen.withoutRole = await secrets.getSecret("lab").catch((error) => error.statusCode);
const token = (await credential.getToken("https://management.azure.com/.default")).token;
const roles = `https://management.azure.com${vault.id}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
const role = `/subscriptions/${subscription_id}/providers/Microsoft.Authorization/roleDefinitions/b86a8fe4-44ce-4948-aee5-eccb2c155cd7`;
const { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } = await import("@azure/core-rest-pipeline");
const { proxyPolicy } = await import("@azure/core-rest-pipeline");
const request = createPipelineRequest({
  url: `${roles}?api-version=2022-04-01`,
  method: "PUT",
  headers: createHttpHeaders({ Authorization: `Bearer ${token}`, "Content-Type": "application/json" }),
  body: JSON.stringify({ properties: { roleDefinitionId: role, principalId: caller } }),
});
const client = createDefaultHttpClient();
seen.given = (await proxyPolicy().sendRequest(request, (sent) => client.sendRequest(sent))).status;
seen.withRole = (await secrets.getSecret("lab")).value;

await arm.vaults.delete(resource_group, name);
await arm.vaults.beginPurgeDeletedAndWait(name, "eastus", often);
seen.free = (await arm.vaults.checkNameAvailability({ name, type: "Microsoft.KeyVault/vaults" })).nameAvailable;
console.log(JSON.stringify(seen));
