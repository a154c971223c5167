"""The type Mutation."""

import strawberry

from linkweave.schema.operations.copying import CopyMutations
from linkweave.schema.operations.importing import ImportMutations
from linkweave.schema.operations.links import LinkMutations
from linkweave.schema.operations.listening import ListeningMutations
from linkweave.schema.operations.subscribers import SubscriberMutations
from linkweave.schema.operations.tagged_links import TaggedLinkMutations
from linkweave.schema.operations.tags import TagMutations
from linkweave.schema.operations.trackers import TrackerMutations
from linkweave.schema.operations.uploads import UploadMutations
from linkweave.schema.operations.webhooks import WebhookMutations


@strawberry.type(
    description=(
        "All operations that change data. Every payload has its own list of errors. The gateway sends "
        "a change to a provider at most once. If the connection breaks after that, the error is "
        "`AMBIGUOUS`."
    ),
)
class Mutation(
    LinkMutations,
    TaggedLinkMutations,
    TagMutations,
    WebhookMutations,
    ListeningMutations,
    TrackerMutations,
    UploadMutations,
    CopyMutations,
    ImportMutations,
    SubscriberMutations,
):
    """Has the mutations of all modules."""
