"""The composition root: settings in, Starlette app out. It decides nothing."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import httpx2
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Lifespan
from strawberry.dataloader import DataLoader

from linkweave.accounts import Account, Accounts, AcquireAccount, CacheBuilder, check_accounts, open_accounts
from linkweave.clock import Clock, SystemClock
from linkweave.edge.auth.callers import Caller
from linkweave.edge.auth.setup import Guards, open_guards
from linkweave.edge.endpoint import Endpoint
from linkweave.edge.graphiql import graphiql_assets
from linkweave.edge.http.body_limit_middleware import BodyLimitMiddleware
from linkweave.edge.http.request_ids import RequestIds
from linkweave.edge.http.request_parsing_middleware import RequestParsingMiddleware
from linkweave.edge.monitoring.health import probes
from linkweave.edge.monitoring.metrics import metrics_page
from linkweave.edge.monitoring.request_observer import RequestObserverMiddleware
from linkweave.edge.persisted_queries.setup import open_documents
from linkweave.edge.pipeline import Front, Layer, stacked
from linkweave.edge.response_cache.exact_match import ExactRequestCache
from linkweave.edge.response_cache.middleware import OperationCache
from linkweave.edge.response_cache.policy import ResponseCachePolicy
from linkweave.gather.cache_warming import keep_warm
from linkweave.gather.listing.cursor import CursorCodec
from linkweave.gather.session import PersistentRecords, Session, open_session
from linkweave.gather.writing.idempotency import Idempotency
from linkweave.observability import Observer
from linkweave.providers.discovery import discover
from linkweave.providers.record import Provider
from linkweave.runtime.preload import preload
from linkweave.runtime.process import Process, watching
from linkweave.runtime.shared_resources import SharedResources
from linkweave.schema.build import build_schema
from linkweave.settings import AccountSettings, MetricsSettings, Settings
from linkweave.storage.factory import Storage, open_storage
from linkweave.transport.cache.decoded_records import DECODED_BYTES, DecodedRecords
from linkweave.transport.cache.factory import AnswerCacheFactory
from linkweave.transport.stack import StackOptions

GRAPHQL_PATH = "/graphql"


def build_app(
    settings: Settings,
    clock: Clock | None = None,
    wire: httpx2.AsyncBaseTransport | None = None,
    process: Process | None = None,
    providers: Mapping[str, Provider] | None = None,
) -> Front:
    """The gateway for `settings`, in `process`. `wire` takes the network's place, so that tests need no socket.

    `providers` are those that accounts may have; None stands for all that are installed.

    Raises:
        ConfigurationError: an account's settings are wrong, or a file that they name.
    """
    clock = clock or SystemClock()
    process = process or watching(settings)
    providers = discover() if providers is None else providers
    checked = check_accounts(settings.accounts, providers, settings.source)
    cursors = CursorCodec(settings.server.secret or SecretStr(secrets.token_hex(32)))

    documents = open_documents(settings, build_schema())
    lending = process.lending
    storage = lending.acquire(settings.cache, lambda: open_storage(settings.cache, clock))
    guards = open_guards(settings, clock, storage.valkey, wire)
    surroundings = StackOptions(process.observer, settings.server.deadline_seconds, process.ledger, storage.valkey)
    caching = _caching(settings, storage, clock, process.observer)
    take = _lent_by(lending, settings)
    accounts = open_accounts(checked, providers, clock, wire, caching, surroundings, take)
    records = PersistentRecords(storage.records, Idempotency(storage.records, storage.turns, clock))

    def session(caller: Caller) -> Session:
        return open_session(accounts.all, providers, cursors, clock, DataLoader, records, caller.name, caller.rights)

    keeping = _keeping(settings, storage, accounts, clock)
    ids = RequestIds(process.mask)
    # Outermost first: each layer may answer in place of those below it.
    layers: list[Layer] = [
        lambda app: ExactRequestCache(app, keeping, process.observer, clock, ids),
        lambda app: RequestObserverMiddleware(app, process.observer, clock, ids),
        lambda app: BodyLimitMiddleware(app, settings.server),
        *guards.layers,
        RequestParsingMiddleware,
        *documents.layers(settings, storage.store),
        lambda app: OperationCache(app, documents.schema.documents.read, keeping, process.observer),
    ]
    graphql = stacked(Endpoint(documents.schema, session, clock, settings.server), layers)
    routes = [
        Route("/", _home),
        *([graphiql_assets()] if settings.server.serves_graphiql else ()),
        *probes(lambda: process.leaving, _pinging(storage)),
        *_metrics(settings.metrics, process, guards),
    ]
    pages = Starlette(routes=routes, lifespan=_closing(lending, accounts, storage, guards, clock))
    return Front(GRAPHQL_PATH, graphql, pages)


def _lent_by(lending: SharedResources, settings: Settings) -> AcquireAccount:
    """Accounts that a reload does not change stay open, with all that is known of their circuits and logins."""

    def take(account: AccountSettings, make: Callable[[], Account]) -> Account:
        # All that an account is made from.
        return lending.acquire((account, settings.cache, settings.server.deadline_seconds), make)

    return take


def _closing(
    lending: SharedResources, accounts: Accounts, storage: Storage, guards: Guards, clock: Clock
) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await preload()
        warming = asyncio.create_task(keep_warm(accounts.all, clock))
        yield
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
        await asyncio.gather(*(lending.release(account) for account in accounts.all))
        await lending.release(storage)
        await guards.close()

    return lifespan


def _metrics(settings: MetricsSettings, process: Process, guards: Guards) -> list[Route]:
    if not settings.enabled:
        return []
    return [metrics_page(process.metrics.page, guards, public=settings.public)]


def _caching(settings: Settings, storage: Storage, clock: Clock, observer: Observer) -> CacheBuilder | None:
    if not settings.cache.enabled:
        return None
    deadline = settings.server.deadline_seconds
    decoded = DecodedRecords(min(DECODED_BYTES, settings.cache.max_bytes))
    remembering = AnswerCacheFactory(
        storage.store, storage.generations, storage.claims, clock, deadline, observer, decoded=decoded
    )
    return CacheBuilder(remembering, settings.cache)


def _keeping(settings: Settings, storage: Storage, accounts: Accounts, clock: Clock) -> ResponseCachePolicy:
    room = settings.cache.operation_bytes if settings.cache.enabled else 0
    return ResponseCachePolicy(storage.generations, [account.key for account in accounts.all], clock, room)


def _pinging(storage: Storage) -> Callable[[], Awaitable[bool]]:
    async def answers() -> bool:
        return storage.valkey is None or await storage.valkey.ping()

    return answers


async def _home(_: Request) -> Response:
    return RedirectResponse(GRAPHQL_PATH)
