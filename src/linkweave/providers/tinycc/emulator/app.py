"""The endpoints for reading, and the JSON that they answer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Final, TypeAlias, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkweave.providers.tinycc.emulator.expressions import compile_expression
from linkweave.providers.tinycc.emulator.refusing import Refused
from linkweave.providers.tinycc.emulator.state import Hook, ShortUrl, TinyAccount

BATCH: Final = 1_000

Content: TypeAlias = dict[str, object]
Answer: TypeAlias = Callable[[TinyAccount, Request], Content]
Row = TypeVar("Row", ShortUrl, Hook)
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def emulate(account: TinyAccount) -> Starlette:
    """A server that knows this one account."""
    resources: dict[str, Answer] = {
        "/account": _account,
        "/urls": _urls,
        "/urls/{hash:path}": _url,
        "/stats/{hash:path}": _stats,
        "/tags": _tags,
        "/domains": _domains,
        "/webhooks": _webhooks,
    }
    routes = [Route(path, _guarded(account, answer), methods=["GET"]) for path, answer in resources.items()]
    app = Starlette(routes=routes, exception_handlers={Refused: _refuse, HTTPException: _refuse})
    app.router.redirect_slashes = False
    return app


def _guarded(account: TinyAccount, answer: Answer) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        account.admit(request.headers.get("authorization"))
        return JSONResponse({"error": {"code": 0, "message": ""}, "version": "3.1", **answer(account, request)})

    return endpoint


async def _refuse(_: Request, failure: Exception) -> Response:
    refused = failure if isinstance(failure, Refused) else Refused(_misdirected(failure))
    return JSONResponse(refused.answer, refused.status)


def _misdirected(failure: Exception) -> int:
    """The code for what the router could not place: no such resource, or a method that it does not have."""
    unknown = isinstance(failure, HTTPException) and failure.status_code == 404  # noqa: PLR2004 - not found
    return 1301 if unknown else 1302


def _account(account: TinyAccount, _: Request) -> Content:
    now = account.clock.now()
    this_month = sum(1 for url in account.urls if (url.created.year, url.created.month) == (now.year, now.month))
    counters = {
        "urls": {"count": len(account.urls), "limit": 5_000},
        "today_api_calls": {"count": account.calls_today, "limit": account.call_limit},
        "month_urls": {"count": this_month, "limit": 500},
    }
    customer = {
        "user_id": "4274",
        "username": account.username,
        "account_expiration_date": f"{now.year + 1}-08-30 20:57:03",
        "subscription_plan": "Secure Plan (1 year)",
        "counters": counters,
    }
    return {"account": customer}


def _urls(account: TinyAccount, request: Request) -> Content:
    query = request.query_params
    if query.get("tags"):
        labels = [domain.domain for domain in account.domains]
        chosen = list(filter(compile_expression(query["tags"], account.tags, labels), account.urls))
    else:
        chosen = account.urls_of(account.working_domain(query.get("domain")))
    if query.get("hashes") is not None:
        wanted = query["hashes"].split(",")
        if len(wanted) > BATCH:
            raise Refused(1221)
        chosen = [url for url in chosen if url.hash in wanted]
    if query.get("search"):
        chosen = [url for url in chosen if _found(url, query["search"].lower())]
    page, paging = _paged(_ordered(chosen, query.get("order_by")), request)
    return {"urls": [_shown(url) for url in page], "page": paging}


def _url(account: TinyAccount, request: Request) -> Content:
    domain = account.working_domain(request.query_params.get("domain"))
    return {"urls": [_shown(account.url(domain, request.path_params["hash"]))]}


def _stats(account: TinyAccount, request: Request) -> Content:
    domain = account.working_domain(request.query_params.get("domain"))
    url = account.url(domain, request.path_params["hash"])
    stats: Content = {"hash": url.hash, "total_clicks": url.total_clicks, "unique_clicks": url.unique_clicks}
    if account.tells_days:
        stats["daily_clicks"] = {
            day.isoformat(): {"total": total, "unique": unique} for day, (total, unique) in url.daily.items()
        }
    return {"stats": [stats]}


def _tags(account: TinyAccount, _: Request) -> Content:
    return {"tags": [{"label": label} for label in account.tags]}


def _domains(account: TinyAccount, _: Request) -> Content:
    return {"domains": [asdict(domain) for domain in account.domains]}


def _webhooks(account: TinyAccount, request: Request) -> Content:
    page, paging = _paged(account.webhooks, request)
    return {"webhooks": [asdict(hook) for hook in page], "page": paging}


def _paged(rows: Sequence[Row], request: Request) -> tuple[Sequence[Row], Content]:
    offset = _number(request.query_params.get("offset"), 0)
    limit = min(_number(request.query_params.get("limit"), BATCH), BATCH)
    page = rows[offset : offset + limit]
    return page, {"results_count": len(page), "total_count": len(rows), "offset": offset}


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdecimal()):
        raise Refused(1307)
    return int(text)


def _ordered(urls: list[ShortUrl], order: str | None) -> list[ShortUrl]:
    if order == "hash":
        return sorted(urls, key=lambda url: url.hash)
    if order == "clicks":
        return sorted(urls, key=lambda url: url.total_clicks, reverse=True)
    if order == "modified":
        return sorted(urls, key=lambda url: url.modified, reverse=True)
    return sorted(urls, key=lambda url: url.created, reverse=True)


def _found(url: ShortUrl, words: str) -> bool:
    return any(words in text.lower() for text in (url.long_url, url.note, url.hash))


def _shown(url: ShortUrl) -> Content:
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


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%d %H:%M:%S")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
