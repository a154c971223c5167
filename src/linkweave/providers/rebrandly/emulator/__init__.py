"""Rebrandly's API v1 in this process, written from its document."""

from functools import partial
from typing import Final

from starlette.applications import Starlette

from linkweave.providers.emulator_kit import EmulatorOptions, json_app
from linkweave.providers.rebrandly.emulator.account import AccountEndpoints
from linkweave.providers.rebrandly.emulator.clickstream import click
from linkweave.providers.rebrandly.emulator.links import LinkEndpoints
from linkweave.providers.rebrandly.emulator.seed import seeded
from linkweave.providers.rebrandly.emulator.store import Store

__all__ = ["create_emulator", "emulate"]

_NOT_FOUND: Final = {"message": "Not found", "code": "NotFound"}


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A user with two workspaces, and the documented limits of calls."""
    return emulate(seeded(options))


def emulate(store: Store) -> Starlette:
    """A server of this one user."""
    links, account = LinkEndpoints(store), AccountEndpoints(store)
    routes = {
        "GET /v1/links": links.list_links,
        "POST /v1/links": links.create_link,
        "GET /v1/links/count": links.count_links,
        "GET /v1/links/{id}": links.get_link,
        "POST /v1/links/{id}": links.update_link,
        "DELETE /v1/links/{id}": links.delete_link,
        "GET /v1/links/{id}/tags": links.list_link_tags,
        "POST /v1/links/{id}/tags/{tag}": links.attach_tag,
        "DELETE /v1/links/{id}/tags/{tag}": links.detach_tag,
        "GET /v1/tags": account.list_tags,
        "POST /v1/tags": account.create_tag,
        "GET /v1/tags/{id}": account.get_tag,
        "POST /v1/tags/{id}": account.update_tag,
        "DELETE /v1/tags/{id}": account.delete_tag,
        "GET /v1/domains": account.list_domains,
        "GET /v1/account": account.get_account,
    }
    app = json_app(routes, store.admit, _NOT_FOUND)
    app.state.click = partial(click, store)
    # The staff of the vendor enter the address of the clickstream (DOC).
    app.state.send_clicks_to = partial(setattr, store, "clickstream_url")
    return app
