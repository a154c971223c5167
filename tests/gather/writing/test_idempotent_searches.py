"""After an unclear create, the link is searched before it is created again."""

import asyncio
import math
from dataclasses import replace
from datetime import timedelta

import pytest

from harness.emulators import NOW
from harness.fake_accounts import FakeVendor, fake_account, fresh, link
from harness.fake_writers import Creates
from harness.idempotent_worker import NEW, OTHER, WITHOUT_SLUG, Worker, end, error, first_create_fails, handle
from linkweave.context.deadline import use_deadline
from linkweave.errors import (
    AmbiguousError,
    ErrorCode,
    UnavailableError,
)
from linkweave.gather.writing.create_links import CreateCommand, CreateResult, create_links
from linkweave.gather.writing.idempotency import KeyedCommand
from linkweave.models.changes import NewLink


@pytest.mark.parametrize(
    ("new", "at_vendor", "creates"),
    [
        (NEW, NEW, 1),
        (WITHOUT_SLUG, WITHOUT_SLUG, 1),
        (NEW, None, 2),
        (WITHOUT_SLUG, None, 2),
        (NEW, replace(NEW, destination="https://elsewhere.example.com"), 2),
    ],
    ids=["found by slug", "found by destination", "no slug", "no destination", "another link has the slug"],
)
async def test_after_an_ambiguous_create_the_link_is_searched_before_it_is_created_again(
    new: NewLink, at_vendor: NewLink | None, creates: int
) -> None:
    worker = Worker(first_create_fails(AmbiguousError))
    await worker.create_one(new)
    expected = None if at_vendor is None else worker.add_at_vendor(at_vendor)
    again = await worker.create_one(new)
    assert worker.creates == creates
    assert handle(again) == expected if creates == 1 else handle(again) is not None
    assert handle(await worker.create_one(new)) == handle(again)


@pytest.mark.parametrize(
    ("search", "advice"), [("fails", "send the same request again later"), ("is not complete", "use a new key")]
)
async def test_after_an_ambiguous_create_no_second_link_is_created_where_the_search(search: str, advice: str) -> None:
    errors = {"create": error(AmbiguousError), "plan": error(UnavailableError) if search == "fails" else None}
    vendor = FakeVendor(fails=lambda _, question: errors.get(question.split()[0]))
    vendor.lanes["all"] = [link(f"l{number}", number) for number in range(700)]
    worker = Worker(vendor)
    await worker.create_one(WITHOUT_SLUG)
    again = await worker.create_one(WITHOUT_SLUG)
    assert ([failure.code for failure in again.failures], worker.creates) == ([ErrorCode.AMBIGUOUS], 1)
    assert advice in again.failures[0].message


class CreatesUnseen(Creates):
    """At a vendor whose reads lag."""

    read_lag = timedelta(minutes=10)


@pytest.mark.parametrize("adapter", [Creates, CreatesUnseen])
@pytest.mark.parametrize("new", [NEW, WITHOUT_SLUG], ids=["slug", "destination"])
async def test_after_a_killed_worker_absence_is_no_proof_before_its_deadline_and_the_lag_of_reads(
    adapter: type[Creates], new: NewLink
) -> None:
    worker = Worker()
    worker.one = fresh(fake_account(adapter, worker.vendor, "one"))

    keyed = [KeyedCommand(CreateCommand((worker.one,), new), "k")]
    with use_deadline(8, worker.clock), pytest.raises(asyncio.CancelledError):
        await worker.idempotency.create("me", keyed, {"one": worker.one}, end)
    proof_after = 8 + adapter.read_lag.total_seconds()
    for waited in (0, proof_after - 0.5):
        worker.clock.elapsed = waited
        (failure,) = (await worker.create_one(new)).failures
        wait = math.ceil(proof_after - waited)
        assert (failure.code, failure.path, failure.retry_after) == (
            ErrorCode.AMBIGUOUS,
            ("idempotency_key",),
            wait,
        )
        assert failure.account is worker.one.account
        assert f"{NOW + timedelta(seconds=proof_after):%Y-%m-%dT%H:%M:%SZ}" in failure.message
    worker.clock.elapsed = proof_after
    assert (await worker.create_one(new)).written is not None
    assert worker.creates == 1


async def test_a_new_link_that_reads_do_not_show_yet_is_not_called_gone() -> None:
    worker = Worker()
    worker.one = fresh(fake_account(CreatesUnseen, worker.vendor, "one"))
    await worker.create_one()
    worker.vendor.links.clear()
    worker.clock.advance(599.5)
    (failure,) = (await worker.create_one()).failures
    assert (failure.code, failure.retry_after, failure.account) == (ErrorCode.UNAVAILABLE, 1, worker.one.account)
    worker.clock.advance(0.5)
    assert [each.code for each in (await worker.create_one()).failures] == [ErrorCode.NOT_FOUND]
    assert worker.creates == 1


@pytest.mark.parametrize("new", [NEW, WITHOUT_SLUG], ids=["slug", "destination"])
async def test_a_link_that_was_found_after_an_ambiguous_create_belongs_to_the_key(new: NewLink) -> None:
    worker = Worker(first_create_fails(AmbiguousError))
    await worker.create_one(new)
    found_handle = worker.add_at_vendor(new)
    found = await worker.create_one(new)
    assert found.loaders is worker.one
    assert found.written is not None
    # A link that was found by its destination may be older than the command.
    assert (found.written.link.handle, found.written.created) == (found_handle, new.slug is not None)
    worker.vendor.lanes["all"].clear()
    worker.vendor.questions.clear()
    worker.vendor.fails = lambda *_: None
    worker.one = fresh(worker.one.account)
    again = await worker.create_one(new)
    assert (handle(again), again.written is not None and again.written.created) == (found_handle, False)
    # It is read, and not searched again.
    assert [question.split()[0] for question in worker.vendor.questions] == ["get"]
    worker.vendor.links.clear()
    worker.one = fresh(worker.one.account)
    assert [failure.code for failure in (await worker.create_one(new)).failures] == [ErrorCode.NOT_FOUND]


async def test_another_link_to_the_destination_is_not_taken_for_the_one_with_the_slug() -> None:
    worker = Worker(first_create_fails(AmbiguousError))
    await worker.create_one()
    worker.add_at_vendor(OTHER)
    assert handle(await worker.create_one()) == "fake.example/spring"


async def test_links_that_other_commands_created_are_not_taken_for_the_one_that_is_searched() -> None:
    worker = Worker(first_create_fails(AmbiguousError))
    assert (await worker.create_one(WITHOUT_SLUG)).ambiguous
    theirs = worker.add_at_vendor(replace(NEW, slug="theirs"))
    command = KeyedCommand(CreateCommand((worker.one,), WITHOUT_SLUG), "k", frozenset({theirs}))
    (result,) = await worker.idempotency.create("me", [command], {"one": worker.one}, create_links)
    assert handle(result) not in {None, theirs}
    assert worker.creates == 2


async def test_a_search_by_destination_passes_over_links_with_another_slug() -> None:
    worker = Worker(first_create_fails(AmbiguousError))
    unplaced = replace(NEW, domain=None)
    assert (await worker.create_one(unplaced)).ambiguous
    worker.add_at_vendor(replace(NEW, slug="another"))
    assert handle(await worker.create_one(unplaced)) == "fake.example/spring"
    assert worker.creates == 2


async def test_after_a_fail_over_the_link_is_searched_only_where_the_create_was_ambiguous() -> None:
    worker = Worker(FakeVendor(fails=lambda *_: error(UnavailableError)))
    other = FakeVendor(fails=lambda number, _: error(AmbiguousError) if number == 1 else None)
    two = fresh(fake_account(Creates, other, "two"))
    command = CreateCommand((worker.one, two), WITHOUT_SLUG)

    async def create() -> CreateResult:
        keyed = [KeyedCommand(command, "k")]
        (result,) = await worker.idempotency.create("me", keyed, {"one": worker.one, "two": two}, create_links)
        return result

    assert [failure.code for failure in (await create()).failures] == [ErrorCode.AMBIGUOUS]
    worker.vendor.questions.clear()
    assert isinstance(two.account.adapter, Creates)
    made = two.account.adapter.keep(WITHOUT_SLUG)
    found = await create()
    assert (found.loaders, handle(found)) == (two, made.handle)
    assert worker.vendor.questions == []


async def test_after_a_killed_worker_the_link_is_searched_at_every_account() -> None:
    worker = Worker()
    two = fresh(fake_account(Creates, FakeVendor(), "two"))
    keyed = [KeyedCommand(CreateCommand((worker.one, two), NEW), "k")]

    with pytest.raises(asyncio.CancelledError):
        await worker.idempotency.create("me", keyed, {}, end)
    assert isinstance(two.account.adapter, Creates)
    made = two.account.adapter.keep(NEW)
    (found,) = await worker.idempotency.create("me", keyed, {}, create_links)
    assert (found.loaders, handle(found)) == (two, made.handle)


async def test_a_search_that_fails_at_one_account_still_finds_the_link_at_another() -> None:
    worker = Worker(FakeVendor(fails=lambda *_: error(UnavailableError)))
    two = fresh(fake_account(Creates, FakeVendor(), "two"))
    keyed = [KeyedCommand(CreateCommand((worker.one, two), NEW), "k")]

    with pytest.raises(asyncio.CancelledError):
        await worker.idempotency.create("me", keyed, {}, end)
    (unclear,) = await worker.idempotency.create("me", keyed, {}, create_links)
    (failure,) = unclear.failures
    assert (failure.code, failure.path, failure.retry_after) == (ErrorCode.AMBIGUOUS, ("idempotency_key",), None)
    assert (failure.account, unclear.loaders) == (worker.one.account, worker.one)
    assert isinstance(two.account.adapter, Creates)
    made = two.account.adapter.keep(NEW)
    (found,) = await worker.idempotency.create("me", keyed, {}, create_links)
    assert handle(found) == made.handle
