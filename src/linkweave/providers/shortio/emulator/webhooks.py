"""The webhook of a domain: its setting, and the click that it sends. INFERRED: the body has the keys of a raw click."""

from starlette.requests import Request

from linkweave.providers.emulator_kit import json_object, json_webhook
from linkweave.providers.shortio.emulator.store import Store, iso, refused


class WebhookEndpoints:
    """The webhooks of one user."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def change_settings(self, request: Request) -> object:
        """POST /domains/settings/{id}, of which only `webhookURL` is emulated."""
        domain = self._store.domain(request, request.path_params["id"])
        url = (await json_object(request) or {}).get("webhookURL")
        if url is not None and not isinstance(url, str):
            raise refused(400, "body/webhookURL must be string")
        self._store.webhook_urls[domain.id] = url or None
        return {"success": True}


def click(store: Store, path: str) -> None:
    """Count a click of the first link with this path, and tell of it."""
    link = next(each for each in store.links if each.path == path)
    now = store.clock.now()
    link.humans[now.date()] += 1
    url = store.webhook_urls.get(link.domain.id)
    if url is not None:
        body = {
            "dt": iso(now),
            "path": link.path,
            "lcpath": link.path.lower(),
            "host": link.domain.hostname,
            "url": f"https://{link.domain.hostname}/{link.path}",
            "method": "GET",
            "proto": "https",
            "st": 302,
            "ip": "203.0.113.7",
            "ua": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)",
            "browser": "Safari",
            "os": "iOS",
            "country": "FR",
            "ref": "https://t.co/abc",
            "refhost": "t.co",
            "social": "Twitter",
            "human": True,
        }
        store.send(json_webhook(url, body))
