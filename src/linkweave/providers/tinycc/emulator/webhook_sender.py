"""Sends the webhooks of a click, as the vendor's help pages show them (FOUND)."""

from typing import Final
from urllib.parse import urlencode

from linkweave.providers.emulator_kit import SentWebhook, json_webhook
from linkweave.providers.tinycc.emulator.state import ShortUrl, StoredWebhook, TinyAccount

# DOC: the first 20 webhooks of a URL run.
_MAX_RUN: Final = 20
_FORM: Final = "application/x-www-form-urlencoded"


def click(account: TinyAccount, name: str) -> None:
    """Count a click of the first URL with this hash, and run the webhooks on it."""
    url = next(each for each in account.urls if each.hash == name)
    now = account.clock.now()
    total, unique = url.daily.get(now.date(), (0, 0))
    url.daily[now.date()] = (total + 1, unique + 1)
    url.last_visit = now
    for hook in [each for each in account.webhooks if _concerns(each, url)][:_MAX_RUN]:
        if hook.method == "post":
            account.send(_delivery(hook, url, now.strftime("%Y-%m-%d %H:%M:%S")))


def _concerns(hook: StoredWebhook, url: ShortUrl) -> bool:
    if hook.type == "url":
        return (hook.url_domain, hook.url_hash) == (url.domain, url.hash)
    return hook.domain == url.domain if hook.type == "domain" else hook.tag in url.tags


def _delivery(hook: StoredWebhook, url: ShortUrl, time: str) -> SentWebhook:
    data = {
        "hash": url.hash,
        "domain": url.domain,
        "redirect_url": url.long_url,
        "remote_addr": "203.0.113.7",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0",
        "referrer": "https://news.example/today",
        "accept_language": "de-DE,de;q=0.9",
    }
    headers = tuple((line.partition(":")[0], line.partition(":")[2].strip()) for line in hook.headers)
    if hook.encoding == "json":
        return json_webhook(hook.url, {"event": hook.event, "time": time, "data": data}, headers)
    # INFERRED: PHP writes a field of an object as data[name].
    fields = {"event": hook.event, "time": time, **{f"data[{key}]": value for key, value in data.items()}}
    return SentWebhook("POST", hook.url, (("content-type", _FORM), *headers), urlencode(fields).encode())
