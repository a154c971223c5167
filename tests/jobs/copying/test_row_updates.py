"""What becomes of a row whose link exists and lacks its patch, whatever its vendor says to the update."""

from dataclasses import replace

import pytest
from strawberry.dataloader import DataLoader

from harness.emulators import bench
from linkweave.catalog.jobs.jobs import JobRow, JobRowState
from linkweave.errors import ErrorCode
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.writing.failures import Failure
from linkweave.jobs.copying.row_results import MAX_ATTEMPTS
from linkweave.jobs.copying.row_updates import RowUpdate, update_result, update_rows
from linkweave.models.changes import ALL_LINK_FIELDS, LinkPatch, NewLink
from linkweave.providers.write_capabilities import CanCreateLinks

PATCH = LinkPatch(slug="spring", title="Spring", add_tags=("spring",))
MADE = "https://apac.swlink.example/n0001"
ROW = JobRow(0, JobRowState.CREATED, "p:0", "https://s/0", NewLink("https://example.com/a"), PATCH, MADE, "h")


DOMAIN = "apac.swlink.example"


def test_a_finished_update_ends_its_row_and_changes_the_short_url_with_the_slug() -> None:
    done = RowUpdate(ROW, "h2", LinkPatch(), PATCH.given())
    row = update_result(done, 1).row
    assert (row.state, row.handle, row.error) == (JobRowState.DONE, "h2", None)
    assert row.short_url == "https://apac.swlink.example/spring"


@pytest.mark.parametrize(
    ("code", "attempts", "again_in"),
    [
        (ErrorCode.UNAVAILABLE, 1, 2),
        (ErrorCode.AMBIGUOUS, 3, 8),
        (ErrorCode.NOT_FOUND, 2, 4),
        (ErrorCode.RATE_LIMITED, MAX_ATTEMPTS, 60),
        (ErrorCode.AMBIGUOUS, MAX_ATTEMPTS, None),
        (ErrorCode.QUOTA_EXHAUSTED, 1, None),
    ],
)
def test_a_row_whose_update_may_succeed_later_keeps_its_link_and_says_what_it_lacks(
    code: ErrorCode, attempts: int, again_in: float | None
) -> None:
    result = update_result(RowUpdate(ROW, "h", PATCH, failure=Failure(code, "no")), attempts)
    assert (result.row.state, result.row.short_url, result.again_in) == (JobRowState.CREATED, MADE, again_in)
    assert result.row.error == "the link was created without slug, tags, title: no"
    assert result.ends_job == ("no" if code is ErrorCode.QUOTA_EXHAUSTED else None)


async def test_a_slug_that_is_taken_costs_the_copy_its_slug_alone() -> None:
    loaders = AccountLoaders(bench("shortenworld").account, DataLoader)
    adapter = loaders.account.adapter
    assert isinstance(adapter, CanCreateLinks)
    made = [await adapter.create_link(NewLink(f"https://example.com/{n}", domain=DOMAIN)) for n in range(2)]
    first, second = (
        replace(ROW, handle=each.link.handle, short_url=each.link.short_url, position=place)
        for place, each in enumerate(made)
    )
    # The second time, the slug of the first link is its own.
    for _ in range(2):
        (row,) = [update_result(each, 1).row for each in await update_rows(loaders, [first])]
        assert (row.state, row.short_url) == (JobRowState.DONE, f"https://{DOMAIN}/spring")
    (row,) = [update_result(each, 1).row for each in await update_rows(loaders, [second])]
    assert (row.state, row.short_url) == (JobRowState.FAILED, made[1].link.short_url)
    assert (row.error or "").startswith("the link was created without slug: ")
    link = await loaders.link(made[1].link.handle, ALL_LINK_FIELDS)
    assert link is not None
    assert (link.slug, link.title, link.tags) == (made[1].link.slug, "Spring", ("spring",))
