"""The words for changes of links."""

from enum import Enum


class ChangeKind(Enum):
    """What has happened to a link."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"
    RESTORED = "RESTORED"


class SeenBy(Enum):
    """How the gateway has learnt of a change."""

    GATEWAY = "GATEWAY"
    SYNC = "SYNC"
    WEBHOOK = "WEBHOOK"
    IMPORT = "IMPORT"
