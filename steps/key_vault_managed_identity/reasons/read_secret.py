"""The reasons that findings of Task 4 give."""

from __future__ import annotations

from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    # the VM
    "vm_answered": Reason("The VM ran the script and answered."),
    "vm_not_asked_yet": Reason("Something was missing when the VM was to be asked, and is there now."),
    "vm_answer_unreadable": Reason("What the script printed is not its answer, or not the answer to this question."),
    # the token
    "token_is_the_vms": Reason("The token is for the VM's own identity and for Key Vault."),
    "token_unreadable": Reason("The metadata service's token could not be decoded."),
    "token_of_other_identity": Reason("The token is for another object id than the VM's."),
    "token_for_other_audience": Reason("The token is not for Key Vault."),
    "imds_identity_not_found": Reason("The metadata service knows no identity."),
    "imds_refused": Reason("The metadata service refused the request for another reason."),
    "imds_not_ready": Reason("The metadata service is starting, busy or out of reach."),
    # the vault
    "secret_read_by_vm": Reason("The vault gave the VM the current version."),
    "vault_not_asked": Reason("There was no token to ask the vault with."),
    "proof_not_made": Reason("The vault answered, but the VM made no digest."),
    "other_secret_answered": Reason("The vault's answer names another secret."),
    "version_replaced_meanwhile": Reason("The VM read another version than the current one."),
    "vault_refuses_token": Reason("401: the vault does not accept the token."),
    "vault_firewall": Reason("403: the vault's firewall keeps the VM out."),
    "vault_wants_role": Reason("403: the vault goes by roles and the VM has none."),
    "vault_denies_vm": Reason("403: no policy lets the VM get secrets."),
    "policy_not_in_effect_yet": Reason("403 although the policy is there: it does not count yet."),
    "vault_forbids": Reason("403 for another reason, such as a disabled secret."),
    "vm_found_no_secret": Reason("404: the vault has no such secret."),
    "vault_busy": Reason("429 or 5xx from the vault."),
    "vault_unreachable_from_vm": Reason("The VM could not connect to the vault."),
    "vault_answer_unknown": Reason("The vault answered with a status nobody foresaw."),
    "policy_matches_token": Reason("Policy and token name the same object id."),
    "no_policy_for_token_identity": Reason("No policy lets the token's identity get secrets."),
    "reader_unknown": Reason("There was no token to compare with the policy."),
    # the student's own response
    "answer_right": Reason("The pasted identifier fits."),
    "answer_missing": Reason("Nothing with an identifier was pasted."),
    "answer_from_other_vault": Reason("The pasted identifier is of another vault."),
    "answer_of_other_secret": Reason("The pasted identifier is of another secret."),
    "answer_of_other_version": Reason("The pasted identifier is of another version."),
    "current_version_unknown": Reason("Azure does not say which version is the current one."),
}
