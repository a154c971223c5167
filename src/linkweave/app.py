"""The composition root: settings in, app out. It decides nothing."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from strawberry.dataloader import DataLoader

from linkweave.accounts import Account, Accounts, AcquireAccount, CacheBuilder, check_accounts, open_accounts
from linkweave.clock import Clock, SystemClock
from linkweave.edge.auth.callers import Caller
from linkweave.edge.auth.client_tokens import client_rights
from linkweave.edge.auth.origins import check_host
from linkweave.edge.auth.setup import AccessLayers, open_access_layers
from linkweave.edge.auth.upload_limits import UploadLimits
from linkweave.edge.endpoint import Endpoint
from linkweave.edge.graphiql import GRAPHIQL
from linkweave.edge.http.body_limit_middleware import BodyLimitMiddleware
from linkweave.edge.http.content_negotiation import accept_of, prefers_html
from linkweave.edge.http.request_ids import RequestIds
from linkweave.edge.http.request_parsing_middleware import RequestParsingMiddleware
from linkweave.edge.http.websocket_refusal import WebSocketRefusal
from linkweave.edge.monitoring.health import LIVE_PATH, READY_PATH, Check, health_routes
from linkweave.edge.monitoring.metrics import metrics_route
from linkweave.edge.monitoring.request_observer import RequestObserverMiddleware
from linkweave.edge.overview import OVERVIEW
from linkweave.edge.persisted_queries.setup import ServedDocuments, open_documents
from linkweave.edge.pipeline import GatewayApp, Layer, stack
from linkweave.edge.response_cache.exact_match import ExactRequestCache
from linkweave.edge.response_cache.known_requests import KnownRequests
from linkweave.edge.response_cache.middleware import ResponseCacheMiddleware
from linkweave.edge.response_cache.policy import ResponseCachePolicy
from linkweave.edge.subscriptions.open_streams import OpenStreams
from linkweave.edge.subscriptions.streams import StreamLayer
from linkweave.edge.subscriptions.websockets import WebSockets
from linkweave.edge.webhooks.route import WebhookEndpoint
from linkweave.events.event_log import EventLog
from linkweave.events.events import Event
from linkweave.events.opening import open_event_log
from linkweave.gather.cache_warming import keep_warm
from linkweave.gather.listing.cursor import CursorCodec
from linkweave.gather.session import PersistentRecords, Session, open_session
from linkweave.gather.subscribers.addresses import system_resolve
from linkweave.gather.subscribers.sender import Sender
from linkweave.gather.subscribers.tools import SubscriberTools
from linkweave.gather.webhooks.addresses import WebhookAddresses
from linkweave.gather.webhooks.intake import WebhookIntake
from linkweave.gather.writing.event_recorder import EventRecorder
from linkweave.gather.writing.idempotency import Idempotency
from linkweave.providers.discovery import discover
from linkweave.providers.record import Provider
from linkweave.providers.webhook_capabilities import CanReceiveWebhooks
from linkweave.runtime.preload import preload
from linkweave.runtime.process import Process, embedded_process
from linkweave.schema.build import build_schema
from linkweave.schema.global_ids import encode_id
from linkweave.settings import AccountSettings, Settings
from linkweave.settings.hooks import HOOKS_PATH
from linkweave.storage.factory import Storage, open_storage
from linkweave.transport.cache.decoded_records import DECODED_BYTES, DecodedRecords
from linkweave.transport.cache.factory import AnswerCacheFactory
from linkweave.transport.http.connections import Connector
from linkweave.transport.stack import StackOptions

if TYPE_CHECKING:
    from linkweave.catalog.catalog import Catalog

GRAPHQL_PATH = "/graphql"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the layers and pages of one app are made from."""

    settings: Settings
    clock: Clock
    process: Process
    storage: Storage
    accounts: Accounts
    access: AccessLayers
    documents: ServedDocuments
    response_cache: ResponseCachePolicy
    catalog: "Catalog | None"
    events: EventLog | None
    webhooks: WebhookIntake | None
    subscribers: SubscriberTools | None


def build_app(
    settings: Settings,
    clock: Clock | None = None,
    wire: httpx2.AsyncBaseTransport | None = None,
    process: Process | None = None,
    providers: Mapping[str, Provider] | None = None,
) -> GatewayApp:
    """Returns the gateway for `settings`, in `process`. `wire` replaces the network, so that tests need no socket.

    `providers` are those that accounts may have; None stands for all that are installed.

    Raises:
        ConfigurationError: the settings of an account, or a file that they name, cannot be used.
    """
    providers = discover() if providers is None else providers
    parts = _open_parts(settings, clock or SystemClock(), wire, process or embedded_process(settings), providers)
    opener, streams = _session_opener(parts, providers), OpenStreams(settings.server.max_streams)
    endpoint = Endpoint(parts.documents.schema, opener, parts.clock, settings.server, streams)
    # A probe addresses the gateway by any name, and a vendor by the one that it was told.
    names = Middleware(check_host(settings.server, {LIVE_PATH, READY_PATH}, f"{HOOKS_PATH}/"))
    pages = Starlette(routes=_routes(parts), lifespan=lambda _: _lifespan(parts), middleware=[names])
    ids = RequestIds(parts.process.mask)
    layers = _pipeline(parts, ids, streams)
    known = KnownRequests(parts.response_cache, parts.process.observer, parts.clock, ids)
    return GatewayApp(GRAPHQL_PATH, stack(endpoint, layers), pages, tuple(layers), known, streams.end_all)


def _pipeline(parts: _Parts, ids: RequestIds, streams: OpenStreams) -> list[Layer]:
    """Returns the layers in front of the endpoint, outermost first: each may answer in place of those below it."""
    settings, clock, observer = parts.settings, parts.clock, parts.process.observer
    cache, read_document = parts.response_cache, parts.documents.schema.documents.read
    spooled = max(settings.server.max_spooled_bytes, settings.server.max_upload_bytes)
    return [
        Layer("WebSockets", lambda app: WebSockets(app, parts.access, streams, settings.server)),
        Layer("streams", StreamLayer),
        Layer("exact request cache", lambda app: ExactRequestCache(app, cache, observer, clock, ids)),
        Layer("request observer", lambda app: RequestObserverMiddleware(app, observer, clock, ids)),
        Layer("body limits", lambda app: BodyLimitMiddleware(app, settings.server)),
        Layer("CORS", parts.access.cors),
        Layer("origin check", parts.access.origin_check),
        Layer("WebSocket refusal", WebSocketRefusal),
        Layer("authentication", parts.access.authentication),
        Layer("client rate limits", parts.access.rate_limits),
        Layer("upload limits", lambda app: UploadLimits(app, spooled)),
        Layer(
            "request parsing",
            lambda app: RequestParsingMiddleware(app, get_queries=settings.server.get_queries),
        ),
        Layer("persisted queries", parts.documents.completion(settings, parts.storage.store)),
        Layer(
            "response cache",
            lambda app: ResponseCacheMiddleware(app, read_document, cache, observer, public=settings.cache.public),
        ),
    ]


def _routes(parts: _Parts) -> list[BaseRoute]:
    settings, process = parts.settings, parts.process
    routes: list[BaseRoute] = [
        Route("/", _overview_page if settings.server.overview else _redirect_to_graphql),
        *health_routes(lambda: process.is_draining, _checks(parts)),
    ]
    if settings.server.overview:
        routes.append(OVERVIEW.assets())
    if settings.server.serves_graphiql:
        routes.append(GRAPHIQL.assets())
    if parts.webhooks is not None:
        routes.append(_webhook_endpoint(parts, parts.webhooks).route())
    if settings.metrics.enabled:
        routes.append(metrics_route(process.metrics.page, parts.access, public=settings.metrics.public))
    return routes


@asynccontextmanager
async def _lifespan(parts: _Parts) -> AsyncIterator[None]:
    await preload()
    await parts.storage.look()
    background = [asyncio.ensure_future(parts.storage.keep_watching()), *_catalog_tasks(parts)]
    if parts.process.keeps_in_step:
        background.append(asyncio.ensure_future(keep_warm(parts.accounts.all, parts.clock)))
    if parts.catalog is not None:
        parts.catalog.prepare()
    yield
    if parts.webhooks is not None:
        await parts.webhooks.close()
    for task in background:
        task.cancel()
    await asyncio.gather(*background, return_exceptions=True)
    shared = parts.process.shared_resources
    await asyncio.gather(*(shared.release(account) for account in parts.accounts.all))
    # What the catalog still stores is published.
    if parts.catalog is not None:
        await shared.release(parts.catalog)
    if parts.events is not None:
        await shared.release(parts.events)
    if parts.subscribers is not None:
        await parts.subscribers.close()
    await shared.release(parts.storage)
    await parts.access.close()


def _catalog_tasks(parts: _Parts) -> list[asyncio.Future[None]]:
    if parts.catalog is None:
        return []
    # As for `open_catalog` below.
    from linkweave.catalog.sync.syncer import keep_in_step  # noqa: PLC0415
    from linkweave.jobs.working import work_on_jobs  # noqa: PLC0415

    accounts, catalog, storage, process = parts.accounts.all, parts.catalog, parts.storage, parts.process
    tasks = []
    if process.keeps_in_step:
        tasks.append(keep_in_step(accounts, catalog, process.observer))
    if process.works_on_jobs:
        tasks.append(work_on_jobs(accounts, catalog, DataLoader, storage.records, storage.locks))
    if process.delivers and parts.subscribers is not None:
        tasks.append(_deliver(parts, catalog, parts.subscribers))
    return [asyncio.ensure_future(task) for task in tasks]


async def _deliver(parts: _Parts, catalog: "Catalog", tools: SubscriberTools) -> None:
    from linkweave.jobs.deliveries.deliverer import Deliverer, DeliveryTools  # noqa: PLC0415 - as above

    observer, link_id = parts.process.observer, partial(encode_id, "Link")
    stores = DeliveryTools(catalog.subscribers, catalog.outbox, tools, link_id, observer, parts.clock)
    await Deliverer(stores).work()


def _open_parts(
    settings: Settings,
    clock: Clock,
    wire: httpx2.AsyncBaseTransport | None,
    process: Process,
    providers: Mapping[str, Provider],
) -> _Parts:
    checked = check_accounts(settings.accounts, providers, settings.source)
    documents = open_documents(settings, build_schema())
    storage = process.shared_resources.acquire(
        settings.cache, lambda: open_storage(settings.cache, clock, process.observer.cache_server_changed)
    )
    connector = Connector(settings.network, Path(settings.source).parent, wire)
    access = open_access_layers(settings, clock, storage.valkey, connector)
    cache = _answer_cache(settings, storage, clock, process)
    options = StackOptions(process.observer, settings.server.deadline_seconds, process.limit_store, storage.valkey)
    accounts = open_accounts(checked, providers, clock, connector, cache, options, _account_sharing(process, settings))
    max_bytes = settings.cache.operation_bytes if settings.cache.enabled else 0
    keys = [account.key for account in accounts.all]
    response_cache = ResponseCachePolicy(storage.versions, keys, clock, max_bytes)
    events = _open_events(settings, storage, clock, process)
    catalog = _open_catalog(settings, clock, process, events)
    webhooks = _open_webhooks(settings, accounts, catalog, events, clock, process)
    subscribers = None if catalog is None else _open_subscribers(settings, connector)
    return _Parts(
        settings,
        clock,
        process,
        storage,
        accounts,
        access,
        documents,
        response_cache,
        catalog,
        events,
        webhooks,
        subscribers,
    )


def _open_subscribers(settings: Settings, connector: Connector) -> SubscriberTools | None:
    hooks = settings.hooks
    if hooks.secret is None:
        return None
    sender = Sender(connector.open(), system_resolve, hooks.allow_private)
    return SubscriberTools(hooks.secret, sender, partial(client_rights, settings))


def _open_webhooks(
    settings: Settings,
    accounts: Accounts,
    catalog: "Catalog | None",
    events: EventLog | None,
    clock: Clock,
    process: Process,
) -> WebhookIntake | None:
    if settings.hooks.secret is None:
        return None
    by_key = {account.key: account for account in accounts.all if isinstance(account.adapter, CanReceiveWebhooks)}
    if catalog is not None:
        return WebhookIntake(by_key, catalog.recorder, catalog.publish, process.observer, clock)
    publish = _publish_nothing if events is None else events.publish
    return WebhookIntake(by_key, None, publish, process.observer, clock)


def _webhook_endpoint(parts: _Parts, intake: WebhookIntake) -> WebhookEndpoint:
    adapters = {account.key: account.adapter for account in parts.accounts.all}
    receivers = {key: adapter for key, adapter in adapters.items() if isinstance(adapter, CanReceiveWebhooks)}
    return WebhookEndpoint(parts.settings.hooks, receivers, intake, parts.storage.claims, parts.process.observer)


def _open_events(settings: Settings, storage: Storage, clock: Clock, process: Process) -> EventLog | None:
    if not settings.server.subscriptions:
        return None
    lost = process.observer.event_lost
    made_from = ("events", settings.cache)
    return process.shared_resources.acquire(made_from, lambda: open_event_log(storage.valkey, clock, lost))


def _open_catalog(settings: Settings, clock: Clock, process: Process, events: EventLog | None) -> "Catalog | None":
    url, folder = settings.catalog.url, Path(settings.source).parent
    if url is None:
        return None
    # A gateway without a catalog starts without its database library, which takes a quarter of a second to load.
    from linkweave.catalog.catalog import open_catalog  # noqa: PLC0415

    report, lost = process.observer.catalog_changed, process.observer.event_lost
    publish = _publish_nothing if events is None else events.publish
    made_from = (settings.catalog, folder, events)
    return process.shared_resources.acquire(
        made_from, lambda: open_catalog(settings.catalog, url, clock, folder, report, publish, lost)
    )


def _publish_nothing(events: Sequence[Event]) -> None:
    """Nobody can listen."""


def _session_opener(parts: _Parts, providers: Mapping[str, Provider]) -> Callable[[Caller], Session]:
    storage, clock = parts.storage, parts.clock
    cursors = CursorCodec(parts.settings.server.secret or SecretStr(secrets.token_hex(32)))
    idempotency = Idempotency(storage.claims, storage.locks, clock)
    recorder = None if parts.events is None else EventRecorder(parts.events.publish, clock)
    hooks = parts.settings.hooks
    addresses = None if hooks.secret is None else WebhookAddresses(hooks, parts.settings.server.public_url)
    records = PersistentRecords(
        storage.records, idempotency, parts.catalog, parts.events, recorder, addresses, parts.subscribers
    )

    def open_callers_session(caller: Caller) -> Session:
        return open_session(
            parts.accounts.all, providers, cursors, clock, DataLoader, records, caller.name, caller.rights
        )

    return open_callers_session


def _account_sharing(process: Process, settings: Settings) -> AcquireAccount:
    """An account that a reload does not change stays open, with the state of its circuit and its login."""

    def acquire(account: AccountSettings, make: Callable[[], Account]) -> Account:
        # An account is made from these settings and no others.
        made_from = (account, settings.cache, settings.network, settings.server.deadline_seconds)
        return process.shared_resources.acquire(made_from, make)

    return acquire


def _answer_cache(settings: Settings, storage: Storage, clock: Clock, process: Process) -> CacheBuilder | None:
    if not settings.cache.enabled:
        return None
    deadline = settings.server.deadline_seconds
    decoded = DecodedRecords(min(DECODED_BYTES, settings.cache.max_bytes))
    factory = AnswerCacheFactory(
        storage.store, storage.versions, storage.leases, clock, deadline, process.observer, decoded=decoded
    )
    return CacheBuilder(factory, settings.cache)


def _checks(parts: _Parts) -> dict[str, Check]:
    checks: dict[str, Check] = {"cache": lambda: _cache_problem(parts.storage)}
    if parts.catalog is not None:
        checks["catalog"] = parts.catalog.database.probe
    return checks


async def _cache_problem(storage: Storage) -> str | None:
    outage = None if storage.valkey is None else await storage.valkey.probe()
    return None if outage is None else f"the cache server {outage.reason}"


async def _overview_page(request: Request) -> Response:
    return OVERVIEW.response() if prefers_html(accept_of(request.scope)) else RedirectResponse(GRAPHQL_PATH)


async def _redirect_to_graphql(_: Request) -> Response:
    return RedirectResponse(GRAPHQL_PATH)
