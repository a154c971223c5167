"""The endpoints that read, and their JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TypeVar

from linkweave.providers.tinycc.emulator.api_request import BATCH, ApiRequest, Content, tagged_urls
from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError
from linkweave.providers.tinycc.emulator.state import ShortUrl, StoredWebhook, TinyAccount

Row = TypeVar("Row", ShortUrl, StoredWebhook)


def read_account(account: TinyAccount, _: ApiRequest) -> Content:
    """GET /account."""
    counters = {
        "urls": {"count": len(account.urls), "limit": account.url_limit},
        "today_api_calls": {"count": account.calls_today, "limit": account.call_limit},
        "month_urls": {"count": account.urls_this_month, "limit": account.month_limit},
    }
    customer = {
        "user_id": "4274",
        "username": account.username,
        "account_expiration_date": f"{account.clock.now().year + 1}-08-30 20:57:03",
        "subscription_plan": "Secure Plan (1 year)",
        "counters": counters,
    }
    return {"account": customer}


def list_urls(account: TinyAccount, request: ApiRequest) -> Content:
    """GET /urls."""
    query = request.query
    if query.get("tags"):
        listed = tagged_urls(account, query["tags"])
    else:
        listed = account.urls_of(account.working_domain(query.get("domain")))
    hashes = request.names("hashes")
    if hashes is not None:
        listed = [url for url in listed if url.hash in hashes]
    if query.get("search"):
        listed = [url for url in listed if _found(url, query["search"].lower())]
    page, paging = _paged(_ordered(listed, query.get("order_by")), request)
    return {"urls": [shown(url) for url in page], "page": paging}


def read_url(account: TinyAccount, request: ApiRequest) -> Content:
    """GET /urls/{hash}."""
    domain = account.working_domain(request.query.get("domain"))
    return {"urls": [shown(account.url(domain, request.name or ""))]}


def read_stats(account: TinyAccount, request: ApiRequest) -> Content:
    """GET /stats/{hash}."""
    domain = account.working_domain(request.query.get("domain"))
    url = account.url(domain, request.name or "")
    stats: Content = {"hash": url.hash, "total_clicks": url.total_clicks, "unique_clicks": url.unique_clicks}
    if account.sends_days:
        stats["daily_clicks"] = {
            day.isoformat(): {"total": total, "unique": unique} for day, (total, unique) in url.daily.items()
        }
    return {"stats": [stats]}


def list_tags(account: TinyAccount, _: ApiRequest) -> Content:
    """GET /tags."""
    return {"tags": [{"label": label} for label in account.tags]}


def list_domains(account: TinyAccount, _: ApiRequest) -> Content:
    """GET /domains."""
    return {"domains": [asdict(domain) for domain in account.domains]}


def list_webhooks(account: TinyAccount, request: ApiRequest) -> Content:
    """GET /webhooks."""
    page, paging = _paged(account.webhooks, request)
    return {"webhooks": [asdict(hook) for hook in page], "page": paging}


def shown(url: ShortUrl) -> Content:
    """A URL as lists show it."""
    return {
        "hash": url.hash,
        "long_url": url.long_url,
        "short_url": f"{url.domain}/{url.hash}",
        "total_clicks": url.total_clicks,
        "unique_clicks": url.unique_clicks,
        "last_visit": _moment(url.last_visit),
        "email_stats": url.email_stats,
        "protected": url.protected,
        "ping": url.ping,
        "archived": url.archived,
        "note": url.note,
        "expiration_date": _day(url.expiration_date),
        "max_clicks": url.max_clicks,
        "tags": url.tags,
        "links": {
            "qr_small": f"https://{url.domain}/qr/small/{url.hash}.png",
            "qr_big": f"https://{url.domain}/qr/big/{url.hash}.png",
        },
    }


def _paged(rows: Sequence[Row], request: ApiRequest) -> tuple[Sequence[Row], Content]:
    offset = _number(request.query.get("offset"), 0)
    limit = min(_number(request.query.get("limit"), BATCH), BATCH)
    page = rows[offset : offset + limit]
    return page, {"results_count": len(page), "total_count": len(rows), "offset": offset}


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdecimal()):
        raise ApiRefusedError(1307)
    return int(text)


def _ordered(urls: list[ShortUrl], order: str | None) -> list[ShortUrl]:
    if order == "hash":
        return sorted(urls, key=lambda url: url.hash)
    if order == "clicks":
        return sorted(urls, key=lambda url: url.total_clicks, reverse=True)
    if order == "modified":
        return sorted(urls, key=lambda url: url.modified, reverse=True)
    # Of two URLs created in the same moment, the one that was stored last is the newest.
    return sorted(urls, key=lambda url: url.created)[::-1]


def _found(url: ShortUrl, words: str) -> bool:
    return any(words in text.lower() for text in (url.long_url, url.note, url.hash))


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%d %H:%M:%S")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
