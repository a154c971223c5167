"""The mutations that the contracts send. Each has its payload under the alias `payload`."""

from typing import Final

ERRORS: Final = """
errors { code message path providerCode retryAfterSeconds account { key } existing { id shortUrl destination } }
"""
LINK: Final = """
id shortUrl slug destination title note createdAt externalId account { key } domain { name } tags { name }
expiry { at afterClicks countUniqueOnly redirectTo redirectToAfterClicks }
deviceTargets { platform destination } variants { destination percentage }
utm { source medium campaign term content } team { id name } campaign { id name }
passwordProtected archived starred protected emailReports uniqueWindowMinutes
"""
# What every vendor tells with the answer to its write, so that nothing is read after it.
_WRITTEN: Final = "id shortUrl slug destination domain { name } account { key }"
_CREATED: Final = f"created link {{ {_WRITTEN} }} {ERRORS}"
_UPDATED: Final = f"applied failed link {{ id slug shortUrl destination }} {ERRORS}"
_DELETED: Final = f"id deleted {ERRORS}"


def _mutation(name: str, input_type: str, selection: str, argument: str = "input") -> str:
    return f"mutation (${argument}: {input_type}) {{ payload: {name}({argument}: ${argument}) {{ {selection} }} }}"


CREATE_LINK: Final = _mutation("createLink", "CreateLinkInput!", _CREATED)
CREATE_LINKS: Final = _mutation("createLinks", "[CreateLinkInput!]!", _CREATED, "inputs")
CREATE_WHOLE_LINK: Final = _mutation("createLink", "CreateLinkInput!", f"link {{ {LINK} }} {ERRORS}")
CREATE_UNREAD: Final = _mutation("createLink", "CreateLinkInput!", f"created {ERRORS}")
UPDATE_LINK: Final = _mutation("updateLink", "UpdateLinkInput!", _UPDATED)
UPDATE_LINKS: Final = _mutation("updateLinks", "[UpdateLinkInput!]!", _UPDATED, "inputs")
UPDATE_WHOLE_LINK: Final = _mutation("updateLink", "UpdateLinkInput!", f"link {{ {LINK} }} {ERRORS}")
UPDATE_UNREAD: Final = _mutation("updateLink", "UpdateLinkInput!", f"applied failed {ERRORS}")
DELETE_LINKS: Final = _mutation("deleteLinks", "[ID!]!", _DELETED, "ids")
RESTORE_LINK: Final = _mutation("restoreLink", "ID!", _CREATED, "id")
RESTORE_UNREAD: Final = _mutation("restoreLink", "ID!", f"created {ERRORS}", "id")
RESET_STATS: Final = _mutation("resetStats", "[ID!]!", f"id reset {ERRORS}", "ids")

_TAG: Final = f"tag {{ id name accounts {{ key }} }} {ERRORS}"
CREATE_TAG: Final = (
    "mutation ($account: ID!, $name: String!) { payload: createTag(account: $account, name: $name) { " + _TAG + " } }"
)
RENAME_TAG: Final = (
    "mutation ($account: ID!, $name: String!, $newName: String!) { "
    "payload: renameTag(account: $account, name: $name, newName: $newName) { " + _TAG + " } }"
)
DELETE_TAG: Final = (
    "mutation ($account: ID!, $name: String!) { "
    "payload: deleteTag(account: $account, name: $name) { " + _DELETED + " } }"
)
# Nothing of the tag is selected, so that nothing is read after the write.
CREATE_TAG_UNREAD: Final = CREATE_TAG.replace(_TAG, ERRORS)
RENAME_TAG_UNREAD: Final = RENAME_TAG.replace(_TAG, ERRORS)

WEBHOOK: Final = """
id account { key } event url method headers { name value } encoding ignoreErrors target { domain tag link { id } }
"""
CREATE_WEBHOOK: Final = _mutation("createWebhook", "CreateWebhookInput!", f"webhook {{ {WEBHOOK} }} {ERRORS}")
UPDATE_WEBHOOK: Final = _mutation("updateWebhook", "UpdateWebhookInput!", f"webhook {{ {WEBHOOK} }} {ERRORS}")
DELETE_WEBHOOKS: Final = _mutation("deleteWebhooks", "[ID!]!", _DELETED, "ids")

TRACKER: Final = "id name kind code scope"
ADD_TRACKER: Final = _mutation("addTracker", "AddTrackerInput!", f"trackers {{ {TRACKER} }} {ERRORS}")
REMOVE_TRACKER: Final = _mutation("removeTracker", "ID!", _DELETED, "id")
REPORT_ABUSE: Final = _mutation("reportAbuse", "ReportAbuseInput!", f"reported {ERRORS}")
UPLOAD_FILE: Final = _mutation(
    "uploadFile", "UploadFileInput!", f"upload {{ id account {{ key }} name size url viewerUrl }} {ERRORS}"
)
