"""Updating, deleting and resetting links: order and batches. The payloads are tested in tests/schema/operations."""

import pytest

from harness.fake_accounts import FakeVendor, Reads, down, fake_account, fresh
from harness.fake_writers import Changes, ChangesTogether
from linkweave.errors import ErrorCode, RejectedError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.writing.delete_links import ItemOutcome, delete_links, reset_stats
from linkweave.gather.writing.update_links import UpdateCommand, update_links
from linkweave.models.changes import LinkPatch

TITLE = LinkPatch(title="t")


def account(vendor: FakeVendor, kind: type[Changes] = Changes, key: str = "one") -> AccountLoaders:
    return fresh(fake_account(kind, vendor, key))


def refusing(vendor: FakeVendor, handle: str, key: str = "one") -> AccountLoaders:
    """An account that writes in batches and refuses one link."""
    loaders = account(vendor, ChangesTogether, key)
    adapter = loaders.account.adapter
    assert isinstance(adapter, ChangesTogether)
    adapter.refused = {handle: RejectedError("kept", account="one", operation="write")}
    return loaders


def codes(outcomes: list[ItemOutcome]) -> list[ErrorCode | None]:
    return [None if each.failure is None else each.failure.code for each in outcomes]


async def test_an_update_runs_its_steps_in_order_and_stops_at_the_first_that_fails() -> None:
    patch = LinkPatch(title="t", destination="https://example.com", slug="new")
    done, broken = FakeVendor(), FakeVendor(fails=lambda number, _: down() if number == 2 else None)
    first, second = await update_links(
        [UpdateCommand(account(done), "fake.example/a", patch), UpdateCommand(account(broken, key="two"), "b", patch)]
    )
    assert done.questions == ["change fake.example/a", "change fake.example/a", "rename fake.example/a"]
    assert (first.applied, first.failed, first.handle) == (patch.given(), frozenset(), "fake.example/new")
    assert len(broken.questions) == 2
    assert (second.applied, second.failed) == (frozenset({"title"}), frozenset({"destination", "slug"}))
    assert ([failure.code for failure in second.failures], second.attempted) == ([ErrorCode.UNAVAILABLE], True)


async def test_an_account_without_the_capabilities_is_unsupported() -> None:
    one = fresh(fake_account(Reads, FakeVendor()))
    (updated,) = await update_links([UpdateCommand(one, "a", TITLE)])
    assert [failure.code for failure in updated.failures] == [ErrorCode.UNSUPPORTED]
    assert codes([*await delete_links([(one, "a")]), *await reset_stats([(one, "a")])]) == [ErrorCode.UNSUPPORTED] * 2


async def test_updates_of_one_link_run_one_after_the_other_and_follow_its_new_slug() -> None:
    vendor = FakeVendor()
    one = account(vendor)
    commands = [
        UpdateCommand(one, "fake.example/a", LinkPatch(slug="new")),
        UpdateCommand(one, "fake.example/b", TITLE),
        UpdateCommand(one, "fake.example/a", TITLE),
    ]
    updated = await update_links(commands)
    assert [each.handle for each in updated] == ["fake.example/new", "fake.example/b", "fake.example/new"]
    assert [question for question in vendor.questions if not question.endswith("b")] == [
        "rename fake.example/a",
        "change fake.example/new",
    ]


async def test_accepted_updates_of_one_account_are_sent_in_batches() -> None:
    vendor = FakeVendor()
    one = refusing(vendor, "h1")
    patches = {"h0": TITLE, "h9": LinkPatch(note="n"), "h1": TITLE, "h2": TITLE}
    updated = await update_links([UpdateCommand(one, handle, patch) for handle, patch in patches.items()])
    assert vendor.questions == ["update together 2", "update together 1"]
    assert [each.applied for each in updated] == [{"title"}, frozenset(), frozenset(), {"title"}]
    assert [each.failed for each in updated] == [frozenset(), {"note"}, {"title"}, frozenset()]
    assert [each.attempted for each in updated] == [True, False, True, True]


async def test_deletes_are_sent_once_per_link_and_in_one_batch_where_the_vendor_takes_one() -> None:
    alone, together = FakeVendor(), FakeVendor()
    alone.fails = lambda _, question: down() if question == "delete b" else None
    one, two = account(alone), refusing(together, "z", "two")
    outcomes = await delete_links([(one, "a"), (two, "x"), (one, "b"), (two, "z"), (one, "a")])
    assert codes(outcomes) == [None, None, ErrorCode.UNAVAILABLE, ErrorCode.REJECTED, None]
    assert (alone.questions, together.questions) == (["delete a", "delete b"], ["delete together 2"])


async def test_a_single_delete_is_no_batch() -> None:
    vendor = FakeVendor()
    assert codes(await delete_links([(account(vendor, ChangesTogether), "a")])) == [None]
    assert vendor.questions == ["delete a"]


async def test_resets_are_sent_in_one_call() -> None:
    vendor = FakeVendor()
    one = account(vendor, ChangesTogether)
    assert codes(await reset_stats([(one, "a"), (one, "b")])) == [None, None]
    assert vendor.questions == ["reset together 2"]


@pytest.mark.parametrize("write", ["update", "delete", "reset"])
async def test_a_batch_that_fails_fails_each_of_its_links(write: str) -> None:
    one = account(FakeVendor(fails=lambda *_: down()), ChangesTogether)
    targets = [(one, "a"), (one, "b")]
    if write == "update":
        updated = await update_links([UpdateCommand(loaders, handle, TITLE) for loaders, handle in targets])
        failed: list[ErrorCode | None] = [each.failures[0].code for each in updated]
    else:
        failed = codes(await (delete_links if write == "delete" else reset_stats)(targets))
    assert failed == [ErrorCode.UNAVAILABLE] * 2
