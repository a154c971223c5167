"""Changing, deleting and resetting links over accounts."""

from harness.fake_accounts import FakeVendor, Reads, down, fake_account, fresh
from harness.fake_writers import Changes, ChangesTogether
from linkweave.errors import ErrorCode, RejectedError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.writing.delete_links import delete_links, reset_stats
from linkweave.gather.writing.update_links import UpdateCommand, update_links
from linkweave.models.changes import LinkPatch

ALL = LinkPatch(title="t", destination="https://example.com", slug="new")


def able(vendor: FakeVendor, kind: type[Changes] = Changes, key: str = "one") -> AccountLoaders:
    return fresh(fake_account(kind, vendor, key))


async def test_the_steps_of_an_update_are_made_in_their_order() -> None:
    vendor = FakeVendor()
    (updated,) = await update_links([UpdateCommand(able(vendor), "fake.example/a", ALL)])
    assert vendor.questions == ["change fake.example/a", "change fake.example/a", "rename fake.example/a"]
    assert (updated.applied, updated.failed, updated.handle) == (ALL.given(), frozenset(), "fake.example/new")


async def test_an_update_stops_at_the_first_failure_and_says_how_far_it_came() -> None:
    vendor = FakeVendor(fails=lambda number, _: down() if number == 2 else None)
    (updated,) = await update_links([UpdateCommand(able(vendor), "fake.example/a", ALL)])
    assert len(vendor.questions) == 2
    assert (updated.applied, updated.failed) == (frozenset({"title"}), frozenset({"destination", "slug"}))
    assert [failure.code for failure in updated.failures] == [ErrorCode.UNAVAILABLE]
    assert updated.attempted


async def test_fields_that_cannot_be_changed_or_cleared_are_refused_before_any_call() -> None:
    vendor = FakeVendor()
    patch = LinkPatch(title=None, note="n", destination="https://example.com")
    (updated,) = await update_links([UpdateCommand(able(vendor), "a", patch)])
    assert [(failure.code, failure.path) for failure in updated.failures] == [
        (ErrorCode.UNSUPPORTED, ("note",)),
        (ErrorCode.UNSUPPORTED, ("title",)),
    ]
    assert (updated.attempted, updated.failed, vendor.questions) == (False, patch.given(), [])


async def test_what_the_adapter_objects_to_is_refused_before_any_call() -> None:
    vendor = FakeVendor()
    (updated,) = await update_links([UpdateCommand(able(vendor), "a", LinkPatch(title="LOUD"))])
    assert ([failure.message for failure in updated.failures], vendor.questions) == (["no shouting"], [])


async def test_an_account_that_changes_no_links_says_so() -> None:
    (updated,) = await update_links([UpdateCommand(fresh(fake_account(Reads, FakeVendor())), "a", ALL)])
    assert [failure.code for failure in updated.failures] == [ErrorCode.UNSUPPORTED]


async def test_updates_of_several_accounts_are_answered_in_order() -> None:
    one, two = able(FakeVendor()), able(FakeVendor(), key="two")
    orders = [UpdateCommand(one if n % 2 else two, f"h{n}", LinkPatch(title="t")) for n in range(5)]
    updated = await update_links(orders)
    assert [(each.loaders.key, each.handle) for each in updated] == [
        (order.loaders.key, order.handle) for order in orders
    ]


async def test_updates_of_one_link_are_made_in_turn_and_follow_its_new_slug() -> None:
    vendor = FakeVendor()
    one = able(vendor)
    orders = [
        UpdateCommand(one, "fake.example/a", LinkPatch(slug="new")),
        UpdateCommand(one, "fake.example/b", LinkPatch(title="t")),
        UpdateCommand(one, "fake.example/a", LinkPatch(title="t")),
    ]
    updated = await update_links(orders)
    assert [each.handle for each in updated] == ["fake.example/new", "fake.example/b", "fake.example/new"]
    assert [words for words in vendor.questions if not words.endswith("b")] == [
        "rename fake.example/a",
        "change fake.example/new",
    ]


async def test_a_vendor_that_takes_batches_of_updates_gets_them() -> None:
    vendor = FakeVendor()
    one = able(vendor, ChangesTogether)
    adapter = one.account.adapter
    assert isinstance(adapter, ChangesTogether)
    adapter.refused = {"h1": RejectedError("no", account="one", operation="update links")}
    patch = LinkPatch(title="t")
    orders = [UpdateCommand(one, f"h{n}", patch) for n in range(3)]
    refused = UpdateCommand(one, "h9", LinkPatch(note="n"))
    updated = await update_links([orders[0], refused, *orders[1:]])
    assert vendor.questions == ["update together 2", "update together 1"]
    assert [each.applied for each in updated] == [{"title"}, frozenset(), frozenset(), {"title"}]
    assert [each.failed for each in updated] == [frozenset(), {"note"}, {"title"}, frozenset()]


async def test_a_batch_of_updates_that_fails_whole_fails_each() -> None:
    vendor = FakeVendor(fails=lambda *_: down())
    one = able(vendor, ChangesTogether)
    updated = await update_links([UpdateCommand(one, f"h{n}", LinkPatch(title="t")) for n in range(2)])
    assert [each.failures[0].code for each in updated] == [ErrorCode.UNAVAILABLE] * 2


async def test_each_deletion_says_whether_it_happened() -> None:
    vendor = FakeVendor(fails=lambda _, words: down() if words == "delete b" else None)
    one = able(vendor)
    done = await delete_links([(one, "a"), (one, "b"), (one, "a")])
    assert [each.failure and each.failure.code for each in done] == [None, ErrorCode.UNAVAILABLE, None]
    assert vendor.questions == ["delete a", "delete b"]


async def test_a_vendor_that_deletes_together_is_asked_once() -> None:
    vendor = FakeVendor()
    one, two = able(vendor, ChangesTogether), able(FakeVendor(), key="two")
    adapter = one.account.adapter
    assert isinstance(adapter, ChangesTogether)
    adapter.refused = {"b": RejectedError("kept", account="one", operation="delete links")}
    done = await delete_links([(one, "a"), (two, "x"), (one, "b")])
    assert vendor.questions == ["delete together 2"]
    assert [each.failure and each.failure.message for each in done] == [None, None, "kept"]


async def test_a_single_deletion_is_no_batch() -> None:
    vendor = FakeVendor()
    await delete_links([(able(vendor, ChangesTogether), "a")])
    assert vendor.questions == ["delete a"]


async def test_a_deletion_together_that_fails_whole_fails_each() -> None:
    one = able(FakeVendor(fails=lambda *_: down()), ChangesTogether)
    done = await delete_links([(one, "a"), (one, "b")])
    assert [each.failure and each.failure.code for each in done] == [ErrorCode.UNAVAILABLE] * 2


async def test_accounts_that_cannot_delete_or_reset_say_so() -> None:
    one = fresh(fake_account(Reads, FakeVendor()))
    deleted, reset = await delete_links([(one, "a")]), await reset_stats([(one, "a")])
    assert [each.failure and each.failure.code for each in (*deleted, *reset)] == [ErrorCode.UNSUPPORTED] * 2


async def test_clicks_are_forgotten_together() -> None:
    vendor = FakeVendor()
    one = able(vendor, ChangesTogether)
    done = await reset_stats([(one, "a"), (one, "b")])
    assert ([each.failure for each in done], vendor.questions) == ([None, None], ["reset together 2"])
