"""The contract of each capability: base classes for the test class of a provider."""

from linkweave.testing.contract.abuse import ReportAbuseContract
from linkweave.testing.contract.account import (
    ListCampaignsContract,
    ListDomainsContract,
    ListTagsContract,
    ListTeamsContract,
    ListTrackersContract,
    ListTrackingPresetsContract,
    ListWebhooksContract,
    ReportExternalIdUsageContract,
    ReportUsageContract,
)
from linkweave.testing.contract.base import ProviderContract
from linkweave.testing.contract.create import CreateBatchContract, CreateLinksContract, read_link
from linkweave.testing.contract.delete import (
    DeleteBatchContract,
    DeleteLinksContract,
    ResetStatsContract,
    RestoreLinksContract,
)
from linkweave.testing.contract.examples import FieldExample, shown, shown_tags, write_only
from linkweave.testing.contract.links import GetLinksContract, ListLinksContract
from linkweave.testing.contract.received_webhooks import ReceiveWebhooksContract
from linkweave.testing.contract.statistics import ReadManyStatsContract, ReadStatsContract
from linkweave.testing.contract.tags import WriteTagsContract
from linkweave.testing.contract.trackers import WriteTrackersContract
from linkweave.testing.contract.update import UpdateBatchContract, UpdateLinksContract
from linkweave.testing.contract.uploads import UploadFilesContract
from linkweave.testing.contract.webhooks import WriteWebhooksContract
from linkweave.testing.contract.writes import Write

__all__ = [
    "CreateBatchContract",
    "CreateLinksContract",
    "DeleteBatchContract",
    "DeleteLinksContract",
    "FieldExample",
    "GetLinksContract",
    "ListCampaignsContract",
    "ListDomainsContract",
    "ListLinksContract",
    "ListTagsContract",
    "ListTeamsContract",
    "ListTrackersContract",
    "ListTrackingPresetsContract",
    "ListWebhooksContract",
    "ProviderContract",
    "ReadManyStatsContract",
    "ReadStatsContract",
    "ReceiveWebhooksContract",
    "ReportAbuseContract",
    "ReportExternalIdUsageContract",
    "ReportUsageContract",
    "ResetStatsContract",
    "RestoreLinksContract",
    "UpdateBatchContract",
    "UpdateLinksContract",
    "UploadFilesContract",
    "Write",
    "WriteTagsContract",
    "WriteTrackersContract",
    "WriteWebhooksContract",
    "read_link",
    "shown",
    "shown_tags",
    "write_only",
]
