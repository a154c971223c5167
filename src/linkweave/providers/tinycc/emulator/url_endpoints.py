"""The endpoints that create, change and delete URLs, and delete their clicks."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Final

from linkweave.providers.tinycc.emulator.api_request import ApiRequest, Content, Item, named_urls, tagged_urls
from linkweave.providers.tinycc.emulator.read_endpoints import shown
from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError
from linkweave.providers.tinycc.emulator.state import ShortUrl, TinyAccount
from linkweave.providers.tinycc.emulator.url_fields import attach, checked, custom_hash, detach, labels

_NEW: Final = frozenset({"long_url", "note", "email_stats", "expiration_date", "max_clicks"})
# DOC: what may be changed of URLs that are chosen by tags.
_COLLECTIVE: Final = frozenset(
    {"note", "expiration_date", "max_clicks", "email_stats", "ping", "protected", "archived"},
)
_EDITABLE: Final = _COLLECTIVE | {"long_url"}
_NOT_SENT: Final = ("last_visit", "protected", "ping", "archived")


def create(account: TinyAccount, request: ApiRequest) -> Content:
    """POST /urls."""
    domain = account.working_domain(request.query.get("domain"))
    scope = request.query.get("disable_long_url_duplicates")
    write = partial(_create, account, domain, scope)
    return {"urls": [_attempt(account, item, write) for item in request.items("urls")]}


def update(account: TinyAccount, request: ApiRequest) -> Content:
    """PATCH /urls in its four ways."""
    if request.query.get("tags"):
        return _update_tagged(account, request)
    domain = account.working_domain(request.query.get("domain"))
    if request.name is not None or request.query.get("hashes") is not None:
        item = request.one_item("urls")
        urls = named_urls(account, request)
        return {"urls": [_attempt(account, item, partial(_update, account, url)) for url in urls]}
    return {
        "urls": [_attempt(account, item, partial(_update_named, account, domain)) for item in request.items("urls")]
    }


def delete(account: TinyAccount, request: ApiRequest) -> Content:
    """DELETE /urls. Protected URLs stay, and the answer does not say so."""
    for url in named_urls(account, request):
        if not url.protected:
            account.remove(url)
    return {}


def reset(account: TinyAccount, request: ApiRequest) -> Content:
    """DELETE /stats."""
    for url in named_urls(account, request):
        url.daily, url.last_visit = {}, None
    return {}


def _attempt(account: TinyAccount, item: Item, write: Callable[[Item], ShortUrl]) -> Content:
    try:
        url = write(item)
    except ApiRefusedError as refusal:
        return {**item, "error": refusal.item_error}
    secure = next(domain.use_https for domain in account.domains if domain.domain == url.domain)
    sent = {key: value for key, value in shown(url).items() if key not in _NOT_SENT}
    return {
        **sent,
        "short_url_with_protocol": f"http{'s' if secure else ''}://{url.domain}/{url.hash}",
        "error": {"code": 0, "message": "", "details": ""},
    }


def _create(account: TinyAccount, domain: str, scope: str | None, item: Item) -> ShortUrl:
    values = checked(account, item, _NEW)
    if "long_url" not in values:
        raise ApiRefusedError(1305)
    existing = _existing(account, domain, scope, item) if scope in {"account", "domain"} else None
    if existing is not None:
        return existing
    wanted, tags = custom_hash(account, domain, item), labels(item)
    account.admit_url()
    now = account.clock.now()
    url = ShortUrl(domain, wanted or _next_hash(account, domain), "", created=now, modified=now)
    _set(url, values)
    account.urls.append(url)
    for label in tags:
        attach(account, url, label)
    return url


def _existing(account: TinyAccount, domain: str, scope: str | None, item: Item) -> ShortUrl | None:
    """The existing URL that will do in place of a new one."""
    among = account.urls if scope == "account" and item.get("custom_hash") is None else account.urls_of(domain)
    same = [url for url in among if url.long_url == item["long_url"]]
    if item.get("custom_hash") is not None:
        same = [url for url in same if url.hash == item["custom_hash"]]
    return same[0] if same else None


def _update_named(account: TinyAccount, domain: str, item: Item) -> ShortUrl:
    return _update(account, account.url(domain, str(item.get("hash"))), item)


def _update(account: TinyAccount, url: ShortUrl, item: Item) -> ShortUrl:
    values = checked(account, item, _EDITABLE)
    wanted, instructions = custom_hash(account, url.domain, item, url), labels(item)
    if any(each[0] not in "+-" or not each[1:].strip() for each in instructions):
        raise ApiRefusedError(1311)
    _set(url, values)
    for each in instructions:
        (attach if each[0] == "+" else detach)(account, url, each[1:])
    if wanted is not None:
        _rename(account, url, wanted)
    url.modified = account.clock.now()
    return url


def _update_tagged(account: TinyAccount, request: ApiRequest) -> Content:
    values = checked(account, request.one_item("urls"), _COLLECTIVE)
    for url in tagged_urls(account, request.query["tags"]):
        _set(url, values)
        url.modified = account.clock.now()
    return {}


def _set(url: ShortUrl, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(url, name, value)


def _rename(account: TinyAccount, url: ShortUrl, wanted: str) -> None:
    for hook in account.webhooks:
        if (hook.url_domain, hook.url_hash) == (url.domain, url.hash):
            hook.url_hash = wanted
    url.hash = wanted


def _next_hash(account: TinyAccount, domain: str) -> str:
    """A hash that is new on the domain: the next number, or one that looks random."""
    generation = next(each.hash_generation for each in account.domains if each.domain == domain)
    taken = {url.hash for url in account.urls_of(domain)}
    while True:
        account.hashes_given += 1
        text = f"{account.hashes_given:x}"
        given = text if generation == "incremental" else sha256(f"{domain} {text}".encode()).hexdigest()[:6]
        if given not in taken:
            return given
