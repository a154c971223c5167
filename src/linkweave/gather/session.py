"""The state of one request: the accounts that the caller may see, each with its loaders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkweave.accounts import Account
from linkweave.catalog.interfaces import Recorder
from linkweave.clock import Clock
from linkweave.errors import CatalogMissingError, InvalidInputError
from linkweave.events.event_log import EventLog
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.dataloader import LoaderFactory
from linkweave.gather.listing.cursor import CursorCodec
from linkweave.gather.rights import FULL_RIGHTS, Rights
from linkweave.gather.subscribers.tools import SubscriberTools
from linkweave.gather.webhooks.addresses import WebhookAddresses
from linkweave.gather.writing.idempotency import Idempotency
from linkweave.providers.record import Provider
from linkweave.settings import Scope
from linkweave.storage.interfaces import Store

if TYPE_CHECKING:
    # A gateway without a catalog starts without its database library.
    from linkweave.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class PersistentRecords:
    """Records that outlive a request: uploads, the use of idempotency keys, the catalog and the log of events.

    `catalog` is None where there is none, and `events` where there are no subscriptions. `recorder` takes what requests
    see and write of links. `webhooks` are the addresses for vendors; None where the gateway takes no webhooks.
    `subscribers` are the tools for deliveries; None where there are none.
    """

    store: Store
    idempotency: Idempotency
    catalog: "Catalog | None" = None
    events: EventLog | None = None
    recorder: Recorder | None = None
    webhooks: WebhookAddresses | None = None
    subscribers: SubscriberTools | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """What one request may use. `accounts` are in the order of the configuration; `client` is the caller's name.

    A session has no accounts that the caller may not see, so that no resolver can show them.
    """

    accounts: Mapping[str, AccountLoaders]
    providers: Mapping[str, Provider]
    cursors: CursorCodec
    clock: Clock
    records: PersistentRecords
    client: str
    rights: Rights

    @property
    def catalog(self) -> "Catalog | None":
        """The catalog; None where the gateway has none."""
        return self.records.catalog

    @property
    def events(self) -> EventLog | None:
        """The log of events; None where the gateway has no subscriptions."""
        return self.records.events

    @property
    def may_write(self) -> bool:
        """Whether the caller may send mutations that write."""
        return Scope.WRITE in self.rights.scopes

    def forget_objects(self) -> None:
        """Forgets what the operation has fetched and made of the accounts, so that it is no garbage in cycles."""
        for loaders in self.accounts.values():
            loaders.forget()

    def choose(self, field_name: str, keys: Sequence[str] | None) -> tuple[AccountLoaders, ...]:
        """Returns the accounts with these keys, or all for None, in the order of the configuration.

        Raises:
            InvalidInputError: a key is unknown. The message names the known keys.
        """
        if keys is None:
            return tuple(self.accounts.values())
        unknown = [key for key in keys if key not in self.accounts]
        if unknown:
            known = ", ".join(self.accounts) or "none"
            raise InvalidInputError(field_name, f"{unknown[0]!r} is not an account; the accounts are: {known}")
        return tuple(loaders for key, loaders in self.accounts.items() if key in keys)


def open_session(
    accounts: Iterable[Account],
    providers: Mapping[str, Provider],
    cursors: CursorCodec,
    clock: Clock,
    make_loader: LoaderFactory,
    records: PersistentRecords,
    client: str = "anonymous",
    rights: Rights = FULL_RIGHTS,
) -> Session:
    """Returns a new session over those of `accounts` that the caller's `rights` include."""
    seen = (account for account in accounts if rights.may_see(account.key))
    loaders = {account.key: AccountLoaders(account, make_loader, records.catalog, records.recorder) for account in seen}
    return Session(loaders, providers, cursors.of_view(rights.view), clock, records, client, rights)


def catalog_of(session: Session, field: str) -> "Catalog":
    """Returns the catalog, for `field` of the schema.

    Raises:
        CatalogMissingError: the gateway has none.
    """
    if session.catalog is None:
        raise CatalogMissingError(field)
    return session.catalog
