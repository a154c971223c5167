"""Making links over accounts."""

from dataclasses import replace

import pytest

from harness.fake_accounts import FakeVendor, Reads, fake_account, fresh, link
from harness.fake_writers import Creates, CreatesTogether
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    ErrorCode,
    PlanRequiredError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
    VendorError,
)
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.writing.batches import MAX_CONCURRENT_CALLS
from linkweave.gather.writing.create_links import CreateCommand, CreateResult, IfExists, create_links
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink

DESTINATION = "https://www.example.com/spring"


def able(vendor: FakeVendor, key: str = "one", kind: type[Creates] = Creates) -> AccountLoaders:
    return fresh(fake_account(kind, vendor, key))


def failing(kind: type[VendorError], *, first: int = 1, field: str | None = None) -> FakeVendor:
    """A vendor whose first writes fail so."""
    error = kind("no", account="one", operation="create link", field=field)
    return FakeVendor(fails=lambda number, words: error if words.startswith("create") and number <= first else None)


async def create(*accounts: AccountLoaders, **given: object) -> CreateResult:
    if_exists = given.pop("if_exists", IfExists.CREATE)
    assert isinstance(if_exists, IfExists)
    new = replace(NewLink(DESTINATION), **given)  # type: ignore[arg-type] # fields by name
    (created,) = await create_links([CreateCommand(accounts, new, if_exists)])
    return created


async def test_a_link_is_made_at_the_first_account() -> None:
    first, second = FakeVendor(), FakeVendor()
    created = await create(able(first), able(second, "two"), slug="spring")
    assert created.written is not None
    assert (created.loaders.key, created.written.link.slug, created.failures) == ("one", "spring", ())
    assert second.questions == []


@pytest.mark.parametrize("kind", [UnavailableError, RateLimitedError, QuotaExhaustedError, PlanRequiredError])
async def test_after_a_certain_refusal_the_next_account_is_tried(kind: type[VendorError]) -> None:
    first, second = failing(kind), FakeVendor()
    created = await create(able(first), able(second, "two"))
    assert (created.loaders.key, created.failures) == ("two", ())
    assert created.written is not None


@pytest.mark.parametrize("kind", [AmbiguousError, RejectedError, ConflictError])
async def test_after_any_other_failure_no_other_account_is_tried(kind: type[VendorError]) -> None:
    first, second = failing(kind), FakeVendor()
    created = await create(able(first), able(second, "two"))
    assert created.written is None
    assert [failure.code for failure in created.failures] == [kind.code]
    assert (len(first.asked("create")), second.questions) == (1, [])


async def test_when_all_accounts_refuse_the_last_refusal_is_told() -> None:
    accounts = able(failing(UnavailableError)), able(failing(QuotaExhaustedError), "two")
    created = await create(*accounts)
    assert [(created.loaders.key, failure.code) for failure in created.failures] == [
        ("two", ErrorCode.QUOTA_EXHAUSTED),
    ]


async def test_an_unclear_failure_names_what_to_look_for() -> None:
    by_slug = await create(able(failing(AmbiguousError)), slug="spring")
    by_destination = await create(able(failing(AmbiguousError)))
    assert "the slug spring" in by_slug.failures[0].message
    assert f"the destination {DESTINATION}" in by_destination.failures[0].message
    assert by_slug.ambiguous


async def test_fields_that_the_vendor_cannot_be_told_are_refused_before_any_call() -> None:
    vendor = FakeVendor()
    created = await create(able(vendor), password="secret", note="n")
    assert [(failure.code, failure.path) for failure in created.failures] == [
        (ErrorCode.UNSUPPORTED, ("note",)),
        (ErrorCode.UNSUPPORTED, ("password",)),
    ]
    assert vendor.questions == []


async def test_what_the_adapter_objects_to_is_refused_before_any_call() -> None:
    vendor = FakeVendor()
    created = await create(able(vendor), title="LOUD")
    assert [(failure.message, failure.path) for failure in created.failures] == [("no shouting", ("title",))]
    assert vendor.questions == []


async def test_an_account_that_can_make_no_links_says_so() -> None:
    created = await create(fresh(fake_account(Reads, FakeVendor())))
    assert [failure.code for failure in created.failures] == [ErrorCode.UNSUPPORTED]


async def test_orders_are_answered_in_order_over_several_accounts() -> None:
    one, two = able(FakeVendor()), able(FakeVendor(), "two")
    orders = [CreateCommand((one if n % 2 else two,), NewLink(f"https://example.com/{n}")) for n in range(7)]
    created = await create_links(orders)
    assert [each.written and each.written.link.destination for each in created] == [
        f"https://example.com/{n}" for n in range(7)
    ]
    assert [each.loaders.key for each in created] == ["two", "one", "two", "one", "two", "one", "two"]


async def test_a_vendor_that_takes_batches_gets_batches() -> None:
    vendor = FakeVendor()
    one = able(vendor, kind=CreatesTogether)
    await create_links([CreateCommand((one,), NewLink(f"https://example.com/{n}")) for n in range(7)])
    assert vendor.questions == [
        "create together 3 reuse=0",
        "create together 3 reuse=0",
        "create together 1 reuse=0",
    ]


async def test_a_single_link_is_no_batch() -> None:
    vendor = FakeVendor()
    await create(able(vendor, kind=CreatesTogether))
    assert vendor.questions == [f"create {DESTINATION}"]


async def test_what_a_batch_refuses_alone_goes_on_alone() -> None:
    first, second = FakeVendor(), FakeVendor()
    one, two = able(first, kind=CreatesTogether), able(second, "two")
    adapter = one.account.adapter
    assert isinstance(adapter, CreatesTogether)
    adapter.refused = QuotaExhaustedError("full", account="one", operation="create links")
    orders = [CreateCommand((one, two), NewLink(f"https://example.com/{name}")) for name in ("a", "bad", "c")]
    created = await create_links(orders)
    assert [each.loaders.key for each in created] == ["one", "two", "one"]
    assert second.questions == ["create https://example.com/bad"]


async def test_a_batch_that_fails_whole_fails_each_of_its_links() -> None:
    vendor = failing(RejectedError)
    orders = [
        CreateCommand((able(vendor, kind=CreatesTogether),), NewLink(f"https://example.com/{n}")) for n in range(2)
    ]
    created = await create_links(orders)
    assert [each.failures[0].code for each in created] == [ErrorCode.REJECTED] * 2


async def test_links_made_one_by_one_are_made_a_few_at_once_and_all() -> None:
    vendor = FakeVendor()
    one = able(vendor)
    count = 3 * MAX_CONCURRENT_CALLS
    created = await create_links([CreateCommand((one,), NewLink(f"https://example.com/{n}")) for n in range(count)])
    assert len({each.written and each.written.link.handle for each in created}) == count


async def test_a_taken_slug_tells_the_link_that_has_it() -> None:
    vendor = failing(ConflictError, field="slug")
    vendor.links["fake.example/spring"] = link("fake.example/spring")
    created = await create(able(vendor), slug="spring", domain="fake.example")
    failure = created.failures[0]
    assert (failure.path, failure.existing and failure.existing.handle) == (("slug",), "fake.example/spring")
    assert vendor.asked("find") == ["find fake.example/spring"]


async def test_a_taken_slug_without_a_known_domain_costs_no_call() -> None:
    vendor = failing(ConflictError, field="slug")
    created = await create(able(vendor), slug="spring")
    assert created.failures[0].existing is None
    assert vendor.asked("find") == []


async def test_a_taken_slug_that_cannot_be_looked_up_is_a_conflict_all_the_same() -> None:
    conflict = ConflictError("taken", account="one", operation="create link", field="slug")
    broken = UnavailableError("down", account="one", operation="get link")
    vendor = FakeVendor(fails=lambda _, words: conflict if words.startswith("create") else broken)
    created = await create(able(vendor), slug="spring", domain="fake.example")
    assert [(failure.code, failure.existing) for failure in created.failures] == [(ErrorCode.CONFLICT, None)]


async def test_another_conflict_looks_for_no_slug() -> None:
    vendor = failing(ConflictError, field="destination")
    created = await create(able(vendor), slug="spring", domain="fake.example")
    assert (created.failures[0].path, vendor.asked("find")) == (("destination",), [])


async def test_an_existing_link_is_given_where_the_caller_wants_it() -> None:
    vendor = FakeVendor(
        lanes={"all": [link("a"), replace(link("b"), destination="HTTPS://WWW.example.com:443/spring")]}
    )
    created = await create(able(vendor), if_exists=IfExists.RETURN)
    assert created.written is not None
    assert (created.written.link.handle, created.written.created, created.written.known_fields) == (
        "b",
        False,
        ALL_LINK_FIELDS,
    )
    assert vendor.asked("create") == []


async def test_an_existing_link_prevents_a_new_one_where_the_caller_wants_that() -> None:
    vendor = FakeVendor(lanes={"all": [replace(link("b"), destination=DESTINATION)]})
    created = await create(able(vendor), if_exists=IfExists.FAIL)
    failure = created.failures[0]
    assert (failure.code, failure.path) == (ErrorCode.CONFLICT, ("destination",))
    assert failure.existing is not None
    assert failure.existing.handle == "b"
    assert vendor.asked("create") == []


async def test_without_an_existing_link_one_is_made() -> None:
    created = await create(able(FakeVendor(lanes={"all": [link("a")]})), if_exists=IfExists.FAIL)
    assert created.written is not None
    assert (created.written.created, created.failures) == (True, ())


async def test_a_vendor_that_looks_itself_is_asked_to() -> None:
    vendor = FakeVendor()
    one = able(vendor, kind=CreatesTogether)
    order = CreateCommand((one,), NewLink(DESTINATION), IfExists.RETURN)
    await create_links([order, replace(order, new=NewLink("https://example.com/b"))])
    assert vendor.questions == ["create together 2 reuse=2"]


async def test_where_not_every_link_could_be_looked_at_the_new_link_comes_with_a_word_about_it() -> None:
    vendor = FakeVendor(lanes={"all": [link(f"l{n}", n) for n in range(700)]})
    created = await create(able(vendor), if_exists=IfExists.RETURN)
    assert created.written is not None
    assert [(failure.code, failure.path) for failure in created.failures] == [(ErrorCode.UNSUPPORTED, ("if_exists",))]


async def test_a_look_that_fails_prevents_the_link() -> None:
    error = UnavailableError("down", account="one", operation="list links")
    vendor = FakeVendor(fails=lambda _, words: error if words == "plan" else None)
    created = await create(able(vendor), if_exists=IfExists.FAIL)
    assert (created.written, vendor.asked("create")) == (None, [])


async def test_what_was_known_of_an_account_is_forgotten_after_a_write() -> None:
    vendor = FakeVendor(links={"a": link("a")})
    one = able(vendor)
    await one.link("a", ALL_LINK_FIELDS)
    await create(one)
    await one.link("a", ALL_LINK_FIELDS)
    assert len(vendor.asked("get a")) == 2
