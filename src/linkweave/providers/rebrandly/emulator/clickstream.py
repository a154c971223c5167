"""The clickstream (DOC). Rebrandly's staff enter its address."""

from linkweave.providers.emulator_kit import json_webhook
from linkweave.providers.rebrandly.emulator.store import Store, StoredLink, iso


def click(store: Store, slashtag: str) -> None:
    """Count a click of the first link with this slashtag, and tell of it."""
    links = [link for workspace in store.workspaces.values() for link in workspace.links]
    link = next(each for each in links if each.slashtag == slashtag)
    link.clicks += 1
    link.sessions += 1
    link.last_click_at = store.clock.now()
    if store.clickstream_url is not None:
        body = {"data": [_row(link, iso(store.clock.now()))], "key": "abcxyz123"}
        store.send(json_webhook(store.clickstream_url, body))


def _row(link: StoredLink, timestamp: str) -> dict[str, object]:
    return {
        "timestamp": timestamp,
        "client": {
            "language": "pt",
            "location": {"country": "br"},
            "agent": {
                "browser": {"name": "facebook-app", "version": "facebook-app-224.0.0.33.114"},
                "os": {"name": "android", "version": "android-9.0-pie"},
                "device": {"name": "smartphone"},
                "type": "human",
            },
            "session": {"started": timestamp, "first": True},
        },
        "referral": {
            "hostname": "m.facebook.com",
            "protocol": "http",
            "path": "/",
            "origin": {"type": "social", "name": "facebook"},
        },
        "route": {
            "id": link.id,
            "slashtag": link.slashtag,
            "creator": {"id": "creator", "workspace": {"id": "workspace", "name": "Marketing"}},
            "domain": {"id": link.domain.id, "raw": link.domain.full_name},
            "destination": {"raw": link.destination, "protocol": "https", "hostname": "example.com", "path": "/"},
        },
    }
