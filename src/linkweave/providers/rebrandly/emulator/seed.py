"""The marketing team's links, with which the emulator starts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.emulator_seed import CAMPAIGNS, SeedLink, marketing_links
from linkweave.providers.rebrandly.emulator.store import Store, StoredDomain, StoredLink, StoredTag, Workspace

CUSTOM_DOMAIN: Final = "go.rebrandly-demo.example"
MAIN_WORKSPACE: Final = "11111111111111111111111111111111"
OTHER_WORKSPACE: Final = "22222222222222222222222222222222"

_LINKS: Final = 70
_OTHER_LINKS: Final = 5
_SHARED_EVERY: Final = 6
_CUSTOM_EVERY: Final = 3
_STARRED_EVERY: Final = 10
_UNCLICKED: Final = 4


def seeded(options: EmulatorOptions) -> Store:
    """A user with two workspaces: 70 links on two domains, and 5 others.

    Every sixth of the 70 leads to the destination of a link at tiny.cc.
    """
    now = options.clock.now()
    shared = StoredDomain("8f104cc5b6ee4a4ba7897b06ac2ddcfb", "rebrand.ly", "service", now - timedelta(days=900))
    custom = StoredDomain("8f104cc5b6ee4a4ba7897b06ac2dd001", CUSTOM_DOMAIN, "user", now - timedelta(days=400))
    names = dict.fromkeys(name for _, _, tags in CAMPAIGNS for name in tags)
    tags = {name: StoredTag(f"07a6{at:028x}", name, "4f5f6f") for at, name in enumerate(names)}
    links = [_link(at, seed, (shared, custom), tags, now) for at, seed in enumerate(_seeds("rebrandly", now))]
    others = [
        _link(1_000 + at, seed, (shared, shared), {}, now)
        for at, seed in enumerate(marketing_links("other-rebrandly", _OTHER_LINKS, now))
    ]
    main = Workspace(MAIN_WORKSPACE, links, [shared, custom], list(tags.values()))
    return Store(options, (main, Workspace(OTHER_WORKSPACE, others, [shared], [])))


def _seeds(salt: str, now: datetime) -> list[SeedLink]:
    elsewhere = marketing_links("tinycc", _LINKS, now)
    return [
        replace(seed, destination=elsewhere[at].destination) if at % _SHARED_EVERY == 0 else seed
        for at, seed in enumerate(marketing_links(salt, _LINKS, now))
    ]


def _link(
    at: int,
    seed: SeedLink,
    domains: tuple[StoredDomain, StoredDomain],
    tags: Mapping[str, StoredTag],
    now: datetime,
) -> StoredLink:
    clicked = at != _UNCLICKED and seed.clicks > 0
    last_click = max(seed.created_at, now - timedelta(hours=1 + at)).replace(microsecond=0)
    return StoredLink(
        id=f"1147{at:028x}",
        slashtag=seed.slug,
        destination=seed.destination,
        title=seed.title,
        domain=domains[at % _CUSTOM_EVERY == 1],
        created_at=seed.created_at,
        updated_at=seed.created_at,
        description="Printed on the leaflet" if at % 7 == 2 else None,  # noqa: PLR2004 - made up
        favourite=at % _STARRED_EVERY == 0,
        clicks=seed.clicks if clicked else 0,
        sessions=seed.unique_clicks if clicked else 0,
        last_click_at=last_click if clicked else None,
        tags=[tags[name] for name in seed.tags if name in tags],
    )
