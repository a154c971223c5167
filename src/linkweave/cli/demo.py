"""The demo: the sandbox and a gateway over it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from secrets import token_hex
from typing import Final

from pydantic import SecretStr

from linkweave.app import GRAPHQL_PATH, build_app
from linkweave.cli.demo_visitors import Visitors
from linkweave.clock import Clock
from linkweave.edge.pipeline import GatewayApp
from linkweave.providers.discovery import discover
from linkweave.providers.record import Provider
from linkweave.sandbox import CONTROL, LoopbackDelivery, Sandbox, emulated, sandbox_accounts
from linkweave.server.configuration import load_configuration
from linkweave.settings import CatalogSettings, Settings, from_table, is_loopback

HOST: Final = "127.0.0.1"
_SECRET_BYTES: Final = 32
# People try these. On an address that others reach, they are off by default.
_FOR_PEOPLE: Final = ("graphiql", "introspection", "suggestions")


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What differs from the plain demo: the address, pages of other origins, and the sections of a file."""

    host: str | None = None
    port: int | None = None
    allowed_origins: tuple[str, ...] = ()
    config: Path | None = None

    @property
    def server(self) -> Mapping[str, object]:
        """The keys of [server] that are given. Other hosts than loopback are allowed later."""
        given = {"host": self.host and HOST, "port": self.port, "allowed_origins": self.allowed_origins or None}
        return {key: value for key, value in given.items() if value is not None}


PLAIN: Final = DemoOptions()


@dataclass(frozen=True, slots=True)
class Demo:
    """Both apps, those who click links, and the text for the user."""

    gateway: GatewayApp
    sandbox: Sandbox
    visitors: Visitors
    greeting: str


def build_demo(gateway_url: str, sandbox_url: str, clock: Clock, settings: Settings | None = None) -> Demo:
    """Returns a sandbox, and a gateway whose accounts are its emulators. Both will be served at these URLs."""
    settings = demo_settings(sandbox_url) if settings is None else settings
    sandbox = Sandbox(_providers(), clock, send=LoopbackDelivery().send)
    settings = _listening(settings, gateway_url)
    gateway = build_app(settings, clock)
    return Demo(gateway, sandbox, Visitors(gateway, sandbox, clock), _greeting(gateway_url, sandbox_url, settings))


def demo_settings(sandbox_url: str, options: DemoOptions = PLAIN, folder: Path | None = None) -> Settings:
    """Returns settings with one account per provider, at the sandbox, and with what `options` say.

    The catalog is in `folder`, unless the file of the options has another; without both there is none.

    Raises:
        ConfigurationError: an option or the file is wrong.
    """
    accounts = [{**table, "warm": True} for table in sandbox_accounts(_providers(), sandbox_url)]
    if options.config is None:
        settings = from_table({"accounts": accounts, "server": options.server}, "demo")
    else:
        settings = load_configuration(options.config, os.environ, options.server, accounts)
    server = settings.server
    on = {name: True for name in _FOR_PEOPLE if getattr(server, name) is None}
    # The data are made up, so that every client that reaches the demo may use it: no [[clients]] are needed.
    opened = server.model_copy(update={**on, "host": options.host or server.host})
    catalog = settings.catalog if folder is None or settings.catalog.url is not None else _demo_catalog(folder)
    return settings.model_copy(update={"server": opened, "catalog": catalog})


def _listening(settings: Settings, gateway_url: str) -> Settings:
    """Lets the emulators reach the gateway with webhooks."""
    hooks, server = settings.hooks, settings.server
    if hooks.secret is None:
        hooks = hooks.model_copy(update={"secret": SecretStr(token_hex(_SECRET_BYTES))})
    server = server.model_copy(update={"public_url": server.public_url or gateway_url})
    return settings.model_copy(update={"hooks": hooks, "server": server})


def _demo_catalog(folder: Path) -> CatalogSettings:
    """A catalog that is in step within seconds: there are few links at emulators. Callers keep a quarter."""
    url = SecretStr(f"sqlite:///{folder / 'catalog.db'}")
    return CatalogSettings(url=url, newest_seconds=10, share_of_rate=0.75, share_of_quota=1)


def _providers() -> Mapping[str, Provider]:
    return emulated(discover())[0]


def first_query() -> str:
    """Returns a query that shows what a gateway over several vendors is for."""
    return files("linkweave.cli").joinpath("demo.graphql").read_text("utf-8")


def second_query() -> str:
    """Returns a document that creates links at two vendors, uploads a file at a third, and reads them back."""
    return files("linkweave.cli").joinpath("demo_mutation.graphql").read_text("utf-8")


def third_query() -> str:
    """Returns a query that no vendor could answer: the links and tags of the month, over all of them."""
    return files("linkweave.cli").joinpath("demo_catalog.graphql").read_text("utf-8")


def _greeting(gateway_url: str, sandbox_url: str, settings: Settings) -> str:
    accounts = [str(table["key"]) for table in settings.accounts]
    return (
        f"Linkweave is up, with made-up data of {len(accounts)} vendors ({', '.join(accounts)}).\n\n"
        f"  Overview   {_reachable(gateway_url)}/  (the page for those who own the links)\n"
        f"  GraphiQL   {_reachable(gateway_url)}{GRAPHQL_PATH}\n"
        f"  Sandbox    {sandbox_url}/{CONTROL}/calls  (the calls to the vendors)\n\n"
        f"{_access(settings)}"
        "Paste this into GraphiQL. The first answer takes some seconds, because PicSee allows one call a second and\n"
        "its links come from four lists:\n\n"
        f"{first_query()}\n"
        "This document writes: it creates two links, one of which expires, and uploads a picture with a link to it.\n"
        "Run Write, then ReadBack. Run Write again: because of their keys it returns the same two links, and the site\n"
        "reports that it has the picture already:\n\n"
        f"{second_query()}\n"
        "No vendor can answer this one: the links with the most clicks in 30 days, clicks by tag, and destinations\n"
        "with several links, over all vendors. The gateway answers it from its catalog, which has all links some\n"
        "seconds after the start, and the clicks of their days within a minute or two:\n\n"
        f"{third_query()}\n"
        "Stop with Ctrl+C."
    )


def _access(settings: Settings) -> str:
    if settings.requires_authentication:
        return f"Callers need a token, as {settings.source} says.\n\n"
    if is_loopback(settings.server.host):
        return ""
    return "Every machine that reaches this one can use the demo. It has no account and no secret.\n\n"


def _reachable(url: str) -> str:
    """Returns `url` with loopback in place of the address that stands for all of this machine's."""
    return url.replace("//0.0.0.0:", f"//{HOST}:").replace("//[::]:", "//[::1]:")
