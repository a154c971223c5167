"""Everything that can be written, in one type."""

import strawberry

from linkweave.schema.operations.links import LinkMutations
from linkweave.schema.operations.tags import TagMutations
from linkweave.schema.operations.trackers import TrackerMutations
from linkweave.schema.operations.uploads import UploadMutations
from linkweave.schema.operations.webhooks import WebhookMutations


@strawberry.type(
    description="Everything that can be written. Every payload carries its errors as data. A write is sent to a "
    "provider at most once; one that breaks after it was sent is AMBIGUOUS.",
)
class Mutation(LinkMutations, TagMutations, WebhookMutations, TrackerMutations, UploadMutations):
    """The mutations of all parts."""
