"""The enums of work that takes longer than a request: copies, imports, and messages to subscribers."""

from typing import Final

from linkweave.catalog.jobs.copy_plans import CopyState, OnConflict, SlugChoice
from linkweave.catalog.jobs.jobs import JobRowState, JobState
from linkweave.catalog.subscribers.subscribers import SubscriberEvent, SubscriberState
from linkweave.jobs.importing.import_links import ImportState
from linkweave.schema.types.enums.descriptions import Descriptions

JOBS: Final[Descriptions] = {
    CopyState: (
        "Whether a link can be copied to another account, or what prevents it.",
        {
            "READY": "The link can be copied.",
            "READY_WITH_LOSS": "The link can be copied, but the copy will lack fields.",
            "SLUG_TAKEN": "Another link has the slug.",
            "DOMAIN_UNKNOWN": "The target account does not have the domain.",
            "EXISTS": "The target account has the link already.",
            "OVER_QUOTA": "The plan of the target account allows no more links.",
            "UNSUPPORTED": "The provider of the target account cannot have such a link.",
        },
    ),
    SlugChoice: (
        "Which slug a copy has.",
        {"KEEP": "The slug of the link.", "NEW": "A new slug, which the provider chooses."},
    ),
    OnConflict: (
        "What becomes of a copy whose slug is taken.",
        {
            "SKIP": "It is not made.",
            "SUFFIX": "It gets the slug with a number behind it, such as `spring-2`.",
        },
    ),
    JobState: (
        "The state of a job.",
        {
            "WAITING": "The gateway has not begun, or will go on.",
            "RUNNING": "The gateway works on it.",
            "DONE": "Every link was tried. Some may have failed.",
            "FAILED": "It cannot go on. `error` says why. `resumeJob` tries again.",
            "CANCELLED": "It was cancelled. `resumeJob` goes on.",
        },
    ),
    JobRowState: (
        "The state of one link of a job.",
        {
            "WAITING": "The link was not copied yet, or will be tried again.",
            "STARTED": "The provider may have been called.",
            "CREATED": (
                "The link was created. The fields that the provider takes only in an update are not all set yet. Where "
                "an update failed, `error` says why."
            ),
            "DONE": "The link was copied.",
            "FAILED": "The link was not copied, or lacks a field: then `shortUrl` is there. `error` says why.",
            "AMBIGUOUS": (
                "It is not known whether the link was copied. The gateway looks for it at the provider before it tries "
                "again."
            ),
        },
    ),
    ImportState: (
        "What became of a short URL.",
        {
            "IMPORTED": "The link was found at the provider, and is in the catalog now.",
            "KNOWN": "The catalog had the link already. The provider was not called.",
            "NOT_FOUND": "The account has no such link.",
            "FAILED": "The link could not be looked up. `error` says why.",
        },
    ),
    SubscriberEvent: (
        "An event that a subscriber is told of. The `type` of its message is in lower case, such as `link.created`.",
        {
            "LINK_CREATED": "A link was created, or seen for the first time.",
            "LINK_UPDATED": "Fields of a link changed.",
            "LINK_DELETED": "A link was deleted, or its provider has it no more.",
            "LINK_RESTORED": "A link is there again after it was deleted.",
            "LINK_CLICKED": "A link was clicked.",
        },
    ),
    SubscriberState: (
        "Whether a subscriber is told of events.",
        {
            "ACTIVE": "It is, and the latest message arrived.",
            "FAILING": "The latest message did not arrive. It is sent again, and later ones wait behind it.",
            "PARKED": "It is not, until `resumeSubscriber`: messages did not arrive for a day, or it may get none.",
        },
    ),
}
