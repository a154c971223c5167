"""The emulated company's things at ShortenWorld: plain mutable objects, which writes change."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from linkweave.clock import Clock
from linkweave.providers.emulator_seed import SeedDay, SeedLink, marketing_links

# More than a page holds, so that lists have several.
LINK_COUNT = 64


@dataclass
class Team:
    """A team of the user."""

    id: str
    name: str


@dataclass
class Campaign:
    """A campaign of a team."""

    id: str
    team_id: str
    name: str


@dataclass
class Domain:
    """A domain that a team has subscribed to; `type` is "rent" or "own"."""

    id: str
    team_id: str
    domain: str
    type: str


@dataclass
class Tracker:
    """A tracker of the catalogue (`owner` is ""), of a team, or on a link."""

    id: str
    owner: str
    name: str
    provider: str = ""
    code: str = ""


@dataclass
class SavedLink:
    """A link and its settings."""

    id: str
    team_id: str
    domain: Domain
    campaign_id: str | None
    code: str
    title: str
    destination: str
    tags: list[str]
    hidden: bool
    created_at: datetime
    days: tuple[SeedDay, ...] = ()
    utm: dict[str, str] = field(default_factory=dict)
    click_type: int = 0
    unique_time: int | None = None
    mobile: dict[str, str] = field(default_factory=dict)
    expiration: dict[str, object] = field(default_factory=dict)
    password: str | None = field(default=None, repr=False)
    testing: list[dict[str, object]] = field(default_factory=list)

    @property
    def clicks(self) -> int:
        """All clicks since the link exists."""
        return sum(entry.clicks for entry in self.days)


@dataclass
class State:
    """All things of the company; links are newest first."""

    clock: Clock
    teams: list[Team] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    domains: list[Domain] = field(default_factory=list)
    links: list[SavedLink] = field(default_factory=list)
    trackers: list[Tracker] = field(default_factory=list)
    team_trackers: list[Tracker] = field(default_factory=list)
    link_trackers: list[Tracker] = field(default_factory=list)
    made: int = 0

    def number(self) -> int:
        """A new number for each thing: the same in every run, and never twice."""
        self.made += 1
        return self.made

    def is_taken(self, domain: Domain, code: str) -> bool:
        """Whether a link on `domain` has this code."""
        return any(link.domain is domain and link.code == code for link in self.links)

    def link(self, link_id: str) -> SavedLink | None:
        """The link of this id."""
        return next((link for link in self.links if link.id == link_id), None)

    def has_team(self, team_id: str) -> bool:
        """Whether the user is in a team of this id."""
        return any(team.id == team_id for team in self.teams)


def seeded(clock: Clock) -> State:
    """The regional teams of a made-up company at the clock's current time."""
    state = State(
        clock,
        teams=[Team("team-apac", "APAC marketing"), Team("team-emea", "EMEA marketing")],
        campaigns=[
            Campaign("camp-101", "team-apac", "Singles' Day"),
            Campaign("camp-102", "team-apac", "Lunar New Year"),
            Campaign("camp-201", "team-emea", "Black Friday"),
            Campaign("camp-202", "team-emea", "Summer sale"),
        ],
        domains=[
            Domain("dom-1", "team-apac", "apac.swlink.example", "rent"),
            Domain("dom-2", "team-emea", "emea.swlink.example", "rent"),
            Domain("dom-3", "team-emea", "go.fashion.example", "own"),
        ],
        trackers=[
            Tracker("1", "", "Facebook Pixel"),
            Tracker("2", "", "Google Analytics Pixel"),
            Tracker("3", "", "Google Tag Manager Pixel"),
            Tracker("4", "", "Linkedin Pixel"),
            Tracker("5", "", "Pinterest Pixel"),
        ],
        team_trackers=[
            Tracker("tt-1", "team-apac", "Facebook ads APAC", "Facebook Pixel", "100200300400"),
            Tracker("tt-2", "team-apac", "Web analytics", "Google Analytics Pixel", "G-SANDBOX01"),
            Tracker("tt-3", "team-emea", "Facebook ads EMEA", "Facebook Pixel", "500600700800"),
        ],
    )
    seeds = marketing_links("shortenworld", LINK_COUNT, clock.now())
    state.links = [_link(state, index, seed) for index, seed in enumerate(seeds)]
    _set_up(state.links, clock.now().date())
    state.link_trackers = [
        Tracker(f"lt-{link.id}", link.id, "Facebook ads", "Facebook Pixel", "100200300400") for link in state.links[::5]
    ]
    return state


def _link(state: State, index: int, seed: SeedLink) -> SavedLink:
    """Two of three links are APAC's, some are in no campaign, every eighth is hidden."""
    domain = state.domains[(0, 1, 0, 0, 2, 0)[index % 6]]
    campaigns = [campaign.id for campaign in state.campaigns if campaign.team_id == domain.team_id]
    return SavedLink(
        id=f"65a1{index:04x}",
        team_id=domain.team_id,
        domain=domain,
        campaign_id=(*campaigns, None)[(index + index // 6) % 3],
        code=seed.slug,
        title=seed.title,
        destination=seed.destination,
        tags=list(seed.tags),
        hidden=index % 8 == 5,  # noqa: PLR2004 - any remainder will do
        created_at=seed.created_at,
        days=seed.days,
    )


def _set_up(links: list[SavedLink], today: date) -> None:
    """Gives some of the links settings."""
    for index, link in enumerate(links):
        if index % 4 == 1:
            link.utm = {"utmSource": "newsletter", "utmMedium": "email", "utmCampaign": link.tags[0]}
        if index % 5 == 2:  # noqa: PLR2004 - any remainder will do
            link.click_type, link.unique_time = 1, 15
        if index % 9 == 3:  # noqa: PLR2004 - the same
            link.mobile = {"ios": "https://apps.example.com/ios", "android": "https://apps.example.com/android"}
        if index % 11 == 4:  # noqa: PLR2004 - the same
            end = today + timedelta(days=30 + index)
            link.expiration = {"date": f"{end:%d/%m/%Y}", "destinationByDate": "https://www.example.com/over"}
        if index % 16 == 6:  # noqa: PLR2004 - the same
            link.testing = [
                {"link": link.destination, "percentage": 70},
                {"link": f"{link.destination}&variant=b", "percentage": 30},
            ]
