"""Teams, campaigns and trackers."""

from collections.abc import Awaitable
from typing import TypeVar

import strawberry

from linkweave import models
from linkweave.errors import NotFoundError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.models import TrackerScope
from linkweave.schema.global_ids import encode_id
from linkweave.schema.types.owned import Owned

T = TypeVar("T", models.Team, models.Campaign)


@strawberry.type(description="A group of people who share links at the provider.")
class Team(Owned):
    team_id: strawberry.Private[str]

    @classmethod
    def of(cls, loaders: AccountLoaders, team_id: str) -> "Team":
        return cls(id=encode_id("Team", loaders.key, team_id), loaders=loaders, team_id=team_id)

    @strawberry.field(description="The name of the team.")
    async def name(self) -> str:
        return (await _find(self.loaders, self.loaders.teams(), self.team_id, "team")).name


@strawberry.type(description="A group of links at the provider.")
class Campaign(Owned):
    campaign_id: strawberry.Private[str]
    campaign: strawberry.Private[models.Campaign | None]

    @classmethod
    def of(cls, loaders: AccountLoaders, campaign_id: str, campaign: models.Campaign | None = None) -> "Campaign":
        node_id = encode_id("Campaign", loaders.key, campaign_id)
        return cls(id=node_id, loaders=loaders, campaign_id=campaign_id, campaign=campaign)

    @strawberry.field(description="The name of the campaign.")
    async def name(self) -> str:
        return (await self._campaign()).name

    @strawberry.field(description="The team that the campaign belongs to.")
    async def team(self) -> Team | None:
        team_id = (await self._campaign()).team_id
        return None if team_id is None else Team.of(self.loaders, team_id)

    async def _campaign(self) -> models.Campaign:
        if self.campaign is not None:
            return self.campaign
        return await _find(self.loaders, self.loaders.campaigns(None), self.campaign_id, "campaign")


@strawberry.type(description="A retargeting pixel or an analytics tag.")
class Tracker(Owned):
    name: str = strawberry.field(description="The name of the tracker, or of its kind.")
    kind: str | None = strawberry.field(description="The service that the tracker reports to.")
    code: str | None = strawberry.field(description="The code that the service issued.")
    scope: TrackerScope = strawberry.field(description="Where the tracker is set up.")

    @classmethod
    def of(cls, loaders: AccountLoaders, owner: str, tracker: models.Tracker) -> "Tracker":
        """Creates the object. `owner` is the vendor's ID of the team or the link. It is empty for the catalogue."""
        return cls(
            id=encode_id("Tracker", loaders.key, tracker.scope.value, owner, tracker.id),
            loaders=loaders,
            name=tracker.name,
            kind=tracker.kind,
            code=tracker.code,
            scope=tracker.scope,
        )


@strawberry.type(description="A saved pixel or tag manager.")
class Preset:
    id: str = strawberry.field(description="The ID that the service issued.")
    name: str | None = strawberry.field(description="The display name.")

    @classmethod
    def of(cls, preset: models.Preset) -> "Preset":
        return cls(id=preset.id, name=preset.name)


@strawberry.type(description="Values that the account used before. Use them as suggestions in a form.")
class TrackingPresets:
    utm_sources: list[str] = strawberry.field(description="Campaign sources that were used before.")
    utm_mediums: list[str] = strawberry.field(description="Campaign mediums that were used before.")
    pixels: list[Preset] = strawberry.field(description="Saved pixels.")
    tag_managers: list[Preset] = strawberry.field(description="Saved tag managers.")

    @classmethod
    def of(cls, presets: models.TrackingPresets) -> "TrackingPresets":
        return cls(
            utm_sources=list(presets.utm_sources),
            utm_mediums=list(presets.utm_mediums),
            pixels=[Preset.of(each) for each in presets.pixels],
            tag_managers=[Preset.of(each) for each in presets.tag_managers],
        )


async def _find(loaders: AccountLoaders, items: Awaitable[tuple[T, ...]], vendor_id: str, kind: str) -> T:
    found = next((each for each in await items if each.id == vendor_id), None)
    if found is None:
        raise NotFoundError(
            f"{loaders.key} lists no {kind} {vendor_id}",
            account=loaders.key,
            operation=f"list {kind}s",
        )
    return found
