"""The print and packaging team's account, as the emulator starts with it."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.emulator_seed import SeedLink, marketing_links
from linkweave.providers.tinycc.emulator.state import ShortDomain, ShortUrl, StoredWebhook, TinyAccount

SANDBOX_USERNAME: Final = "sandbox-print"
SANDBOX_API_KEY: Final = "sandbox-tinycc-key"

DEFAULT_DOMAIN: Final = "go.shopdemo.example"
OTHER_DOMAIN: Final = "m.shopdemo.example"
TWIN_HASH: Final = "card"
"""A hash that exists on both domains, with another destination on each."""

DAILY_CALLS: Final = 10_000
NOTE_CHARACTERS: Final = 25
_LINKS: Final = 78


def seeded(options: EmulatorOptions) -> TinyAccount:
    """An account with 80 URLs on two domains, the same on every run but for the time of day."""
    now = options.clock.now()
    daily_clicks = _clicks_by_day(now.replace(second=0, microsecond=0), now.utcoffset())
    links = zip(marketing_links("tinycc", _LINKS, now), daily_clicks, strict=True)
    urls = [*(_url(index, link, daily, now) for index, (link, daily) in enumerate(links)), *_twins(now)]
    return TinyAccount(
        clock=options.clock,
        send=options.send,
        username=SANDBOX_USERNAME,
        api_key=SANDBOX_API_KEY,
        call_limit=DAILY_CALLS,
        enforces_limit=options.rate_limits,
        urls=urls,
        tags=sorted({tag for url in urls for tag in url.tags}),
        domains=[
            ShortDomain(DEFAULT_DOMAIN, "default", use_https=True, custom_root_page="https://www.example.com/"),
            ShortDomain(OTHER_DOMAIN, "active", use_https=False, hash_generation="random"),
        ],
        webhooks=_webhooks(),
    )


# Cached as the links are. A reset replaces the clicks of a URL and changes none in place, so accounts can share them.
@lru_cache(maxsize=4)
def _clicks_by_day(now: datetime, _offset: timedelta | None) -> tuple[dict[date, tuple[int, int]], ...]:
    return tuple(
        {day.day: (day.clicks, day.unique_clicks) for day in link.days if day.clicks}
        if not _is_one_in(index, 13, 0)
        else {}
        for index, link in enumerate(marketing_links("tinycc", _LINKS, now))
    )


def _url(index: int, link: SeedLink, daily: dict[date, tuple[int, int]], now: datetime) -> ShortUrl:
    return ShortUrl(
        domain=OTHER_DOMAIN if _is_one_in(index, 3, 1) else DEFAULT_DOMAIN,
        hash=link.slug,
        long_url=link.destination,
        created=link.created_at,
        modified=link.created_at,
        note=link.title[:NOTE_CHARACTERS].rstrip() if not _is_one_in(index, 5, 0) else "",
        tags=[*link.tags, *_print_tags(index)],
        daily=daily,
        last_visit=_last_visit(link, max(daily), now) if daily else None,
        email_stats=_is_one_in(index, 10, 0),
        protected=_is_one_in(index, 8, 3),
        ping=_is_one_in(index, 17, 0),
        archived=_is_one_in(index, 7, 6),
        expiration_date=(now + timedelta(days=30 + index)).date() if _is_one_in(index, 6, 2) else None,
        max_clicks=500 * index if _is_one_in(index, 11, 5) else 0,
    )


def _is_one_in(index: int, every: int, first: int) -> bool:
    """Whether the link is one in `every`, starting with number `first`."""
    return index % every == first


def _print_tags(index: int) -> tuple[str, ...]:
    if _is_one_in(index, 9, 4):
        return ("print", "point of sale")
    return ("print",) if _is_one_in(index, 2, 0) else ("packaging",)


def _last_visit(link: SeedLink, last: date, now: datetime) -> datetime:
    noon = datetime.combine(last, time(12, 4, 9), tzinfo=now.tzinfo)
    return min(max(noon, link.created_at), now)


def _twins(now: datetime) -> list[ShortUrl]:
    return [
        _twin(now, DEFAULT_DOMAIN, "business-cards", "Business cards", ["print"], (12, 9)),
        _twin(now, OTHER_DOMAIN, "loyalty/card", "Loyalty card, inside lid", ["packaging", "loyalty"], (31, 22)),
    ]


def _twin(now: datetime, domain: str, path: str, note: str, tags: list[str], today: tuple[int, int]) -> ShortUrl:
    made = now.replace(microsecond=0) - timedelta(days=91)
    return ShortUrl(
        domain,
        TWIN_HASH,
        f"https://www.example.com/{path}",
        created=made,
        modified=made,
        note=note,
        tags=tags,
        daily={now.date(): today},
        last_visit=now.replace(microsecond=0),
        protected=domain == DEFAULT_DOMAIN,
    )


def _webhooks() -> list[StoredWebhook]:
    return [
        StoredWebhook("2", "tag", "https://hooks.example.com/clicks?tag=print", "post", [], "json", tag="print"),
        StoredWebhook(
            "3",
            "url",
            "https://hooks.example.com/card",
            "get",
            ["Cache-control: no-cache", "Authorization: Basic c2FuZGJveDpzYW5kYm94"],
            "form",
            url_hash=TWIN_HASH,
            url_domain=OTHER_DOMAIN,
        ),
    ]
