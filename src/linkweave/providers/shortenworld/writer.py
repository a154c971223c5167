"""Makes, changes and deletes ShortenWorld's links."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from linkweave.context.cache_control import bypass_cache
from linkweave.context.operation_context import track_freshness
from linkweave.errors import NotFoundError, RejectedError, VendorError
from linkweave.models import Link, Team, Variant
from linkweave.models.changes import ALL_LINK_FIELDS, UNSET, InputProblem, LinkPatch, NewLink, WrittenLink
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.calls import change
from linkweave.providers.shortenworld.creating import NoPlace, Place, as_told, choose_place, creation, which_team
from linkweave.providers.shortenworld.finding import LinkFinder
from linkweave.providers.shortenworld.link_rows import CreatedReply
from linkweave.providers.shortenworld.links import slug_of
from linkweave.providers.shortenworld.objections import objections_to
from linkweave.providers.shortenworld.refusals import discreet
from linkweave.providers.shortenworld.teams import TeamReader
from linkweave.providers.shortenworld.updating import GROUPS, PASSWORD, TESTING, Group, rest_of, variants_of
from linkweave.providers.shortenworld.wire import Reply
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call


class LinkWriter(TeamReader, LinkFinder):
    """CREATE_LINK, UPDATE_LINK and DELETE_LINK."""

    async def create_link(self, new: NewLink) -> WrittenLink:
        """One call, after those that find out which team and domain the link goes to.

        Raises:
            RejectedError: `field` ("team" or "domain") does not lead to one team and one domain; nothing was made.
            AmbiguousError: it may have been made, or was and cannot be found.
            VendorError: it was not made.
        """
        place = await self._place(new)
        asked = change(inferred.CREATE_LINK, creation(new, place))
        reply, fetched = await self.fetch(CreatedReply, asked)
        if reply.link_id is None:
            return WrittenLink(await self._made(reply.short_url, asked), ALL_LINK_FIELDS)
        return as_told(reply.short_url, reply.link_id, new, place, fetched.at)

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """Platforms and tags that the vendor does not know, and emptiness where it can take nothing off."""
        return objections_to(patch)

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """At most six calls, each for its group of fields."""
        given = patch.given()
        return tuple(
            UpdateStep(group.fields & given, partial(self._tell, group, patch))
            for group in GROUPS
            if group.fields & given
        )

    async def delete_link(self, handle: str) -> None:
        """One call."""
        await self.fetch(Reply, change(inferred.DELETE_LINK, {"linkId": handle}))

    async def _place(self, new: NewLink) -> Place:
        """The team and domain named, as far as they are; the rest follows from what the account has.

        What it had lately will do to choose from, but not to say that there is no such thing.
        """
        began = self.clock.now()
        with track_freshness() as read:
            place = await self._choose(new)
        if isinstance(place, NoPlace) and read.oldest is not None and read.oldest < began:
            with bypass_cache():
                place = await self._choose(new)
        if isinstance(place, Place):
            return place
        operation = inferred.CREATE_LINK.operation
        message = f"{self.account}: {place.problem} ({operation})"
        raise RejectedError(message, account=self.account, operation=operation, field=place.field)

    async def _choose(self, new: NewLink) -> Place | NoPlace:
        # Of a team that is named the name is not needed, and whether there is such a team the vendor will say.
        teams = await self.list_teams() if new.team is None else (Team(new.team, new.team),)
        if new.domain is None and len(teams) != 1:
            return which_team(teams)
        return choose_place(new.domain, teams, await self.domain_rows(team.id for team in teams))

    async def _made(self, short_url: str, asked: Call) -> Link:
        """The link that was made without telling its id: where this breaks, it was made all the same."""
        try:
            with bypass_cache():
                link = await self.find_link(urlsplit(short_url).hostname or "", slug_of(short_url), ALL_LINK_FIELDS)
        except VendorError:
            link = None
        if link is None:
            raise self.bad_response(asked, "did not tell the new link's id, and a search does not find the link")
        return link

    async def _tell(self, group: Group, patch: LinkPatch, handle: str) -> str:
        """Make one call of an update, unless there is nothing to say. The handle stays, whatever the slug becomes."""
        rest = rest_of(patch) if group is TESTING else 0
        if rest:
            # INFERRED: the vendor wants 100 percent in all. If it wants only the others, the rest changes nothing.
            own = Variant(await self._destination(patch, handle), rest)
            patch = replace(patch, variants=(own, *variants_of(patch)))
        parameters = group.parameters(patch)
        if parameters:
            asked = change(group.endpoint, {"linkId": handle, **parameters})
            if group is PASSWORD:
                asked = replace(asked, classify=discreet)
            self.parse(Reply, (await self.client.fetch(asked)).data, asked)
        return handle

    async def _destination(self, patch: LinkPatch, handle: str) -> str:
        """The destination that the variants are alternatives to; read where the patch does not change it."""
        if patch.destination is not UNSET:
            return patch.destination
        with bypass_cache():
            link = (await self.get_links([handle], ALL_LINK_FIELDS)).get(handle)
        if link is None:
            operation = TESTING.endpoint.operation
            message = f"{self.account}: the link, whose destination is one of its variants, is not found ({operation})"
            raise NotFoundError(message, account=self.account, operation=operation)
        return link.destination
