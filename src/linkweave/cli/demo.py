"""The demo: the sandbox and a gateway over it, on this machine alone."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from starlette.types import ASGIApp

from linkweave.app import GRAPHQL_PATH, build_app
from linkweave.clock import Clock
from linkweave.providers.discovery import discover
from linkweave.sandbox import CONTROL, Sandbox, sandbox_accounts
from linkweave.settings import Settings, from_table

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Demo:
    """Both apps, and the text for the user."""

    gateway: ASGIApp
    sandbox: Sandbox
    greeting: str


def build_demo(gateway_url: str, sandbox_url: str, clock: Clock) -> Demo:
    """Returns a sandbox, and a gateway whose accounts are its emulators. Both will be served at these URLs."""
    settings = demo_settings(sandbox_url)
    sandbox = Sandbox(discover(), clock)
    return Demo(build_app(settings, clock), sandbox, _greeting(gateway_url, sandbox_url, settings))


def demo_settings(sandbox_url: str) -> Settings:
    """Returns settings with one account per provider, at the sandbox."""
    tables = [{**table, "warm": True} for table in sandbox_accounts(discover(), sandbox_url)]
    return from_table({"accounts": tables}, "demo")


def first_query() -> str:
    """Returns a query that shows what a gateway over several vendors is for."""
    return files("linkweave.cli").joinpath("demo.graphql").read_text("utf-8")


def second_query() -> str:
    """Returns a document that creates links at two vendors, uploads a file at a third, and reads them back."""
    return files("linkweave.cli").joinpath("demo_mutation.graphql").read_text("utf-8")


def _greeting(gateway_url: str, sandbox_url: str, settings: Settings) -> str:
    accounts = ", ".join(str(table["key"]) for table in settings.accounts)
    return (
        f"Linkweave is up, with made-up data of five vendors ({accounts}).\n\n"
        f"  GraphiQL   {gateway_url}{GRAPHQL_PATH}\n"
        f"  Sandbox    {sandbox_url}/{CONTROL}/calls  (the calls to the vendors)\n\n"
        "Paste this into GraphiQL. The first answer takes some seconds, because PicSee allows one call a second and\n"
        "its links come from four lists:\n\n"
        f"{first_query()}\n"
        "This document writes: it creates two links, one of which expires, and uploads a picture with a link to it.\n"
        "Run Write, then ReadBack. Run Write again: because of their keys it returns the same two links, and the site\n"
        "reports that it has the picture already:\n\n"
        f"{second_query()}\n"
        "Stop with Ctrl+C."
    )
