"""Creating links: fail-over, batches, and existing links. The payloads are tested in tests/schema/operations."""

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
from linkweave.gather.writing.create_links import CreateCommand, CreateResult, IfExists, create_links
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink

DESTINATION = "https://www.example.com/spring"


def account(vendor: FakeVendor, key: str = "one", kind: type[Creates] = Creates) -> AccountLoaders:
    return fresh(fake_account(kind, vendor, key))


def failing(kind: type[VendorError], field: str | None = None) -> FakeVendor:
    """A vendor whose first write fails."""
    error = kind("no", account="one", operation="create link", field=field)
    return FakeVendor(fails=lambda number, question: error if question.startswith("create") and number == 1 else None)


async def create(*accounts: AccountLoaders, if_exists: IfExists = IfExists.CREATE, **fields: object) -> CreateResult:
    new = replace(NewLink(DESTINATION), **fields)  # type: ignore[arg-type] # fields by name
    (result,) = await create_links([CreateCommand(accounts, new, if_exists)])
    return result


def several(count: int, *accounts: AccountLoaders) -> list[CreateCommand]:
    return [CreateCommand(accounts, NewLink(f"https://example.com/{number}")) for number in range(count)]


@pytest.mark.parametrize(
    ("kind", "fails_over"),
    [
        (UnavailableError, True),
        (RateLimitedError, True),
        (QuotaExhaustedError, True),
        (PlanRequiredError, True),
        (AmbiguousError, False),
        (RejectedError, False),
        (ConflictError, False),
    ],
)
async def test_the_next_account_is_tried_after_a_certain_refusal_only(
    kind: type[VendorError], *, fails_over: bool
) -> None:
    first, second = failing(kind), FakeVendor()
    result = await create(account(first), account(second, "two"))
    assert (result.written is not None, result.loaders.key) == (fails_over, "two" if fails_over else "one")
    assert [failure.code for failure in result.failures] == ([] if fails_over else [kind.code])
    assert (len(first.asked("create")), len(second.asked("create"))) == (1, int(fails_over))


async def test_an_ambiguous_failure_names_what_the_caller_should_look_for() -> None:
    by_slug = await create(account(failing(AmbiguousError)), slug="spring")
    by_destination = await create(account(failing(AmbiguousError)))
    assert "the slug spring" in by_slug.failures[0].message
    assert f"the destination {DESTINATION}" in by_destination.failures[0].message
    assert by_slug.ambiguous


async def test_an_account_without_the_capability_is_unsupported() -> None:
    result = await create(fresh(fake_account(Reads, FakeVendor())))
    assert [failure.code for failure in result.failures] == [ErrorCode.UNSUPPORTED]


@pytest.mark.parametrize(
    ("count", "if_exists", "calls"),
    [
        (1, IfExists.CREATE, ["create https://example.com/0"]),
        (7, IfExists.CREATE, ["create together 3 reuse=0", "create together 3 reuse=0", "create together 1 reuse=0"]),
        (2, IfExists.RETURN, ["create together 2 reuse=2"]),
    ],
)
async def test_several_links_are_sent_in_batches_of_the_vendors_size(
    count: int, if_exists: IfExists, calls: list[str]
) -> None:
    vendor = FakeVendor()
    commands = several(count, account(vendor, kind=CreatesTogether))
    results = await create_links([replace(command, if_exists=if_exists) for command in commands])
    assert [each.written and each.written.link.destination for each in results] == [
        command.new.destination for command in commands
    ]
    assert vendor.questions == calls


async def test_a_link_that_a_batch_refuses_fails_over_alone() -> None:
    first, second = FakeVendor(), FakeVendor()
    one, two = account(first, kind=CreatesTogether), account(second, "two")
    adapter = one.account.adapter
    assert isinstance(adapter, CreatesTogether)
    adapter.refused = QuotaExhaustedError("full", account="one", operation="create links")
    commands = [CreateCommand((one, two), NewLink(f"https://example.com/{name}")) for name in ("a", "bad", "c")]
    assert [each.loaders.key for each in await create_links(commands)] == ["one", "two", "one"]
    assert second.questions == ["create https://example.com/bad"]


async def test_a_batch_that_fails_fails_each_of_its_links() -> None:
    results = await create_links(several(2, account(failing(RejectedError), kind=CreatesTogether)))
    assert [each.failures[0].code for each in results] == [ErrorCode.REJECTED] * 2


@pytest.mark.parametrize(
    ("field", "domain", "found", "lookups"),
    [
        ("slug", "fake.example", "fake.example/spring", ["find fake.example/spring"]),
        ("slug", "other.example", None, ["find other.example/spring"]),
        ("slug", None, None, []),
        ("destination", "fake.example", None, []),
    ],
)
async def test_a_conflict_of_slugs_shows_the_link_that_has_the_slug_where_one_call_finds_it(
    field: str, domain: str | None, found: str | None, lookups: list[str]
) -> None:
    vendor = failing(ConflictError, field)
    vendor.links["fake.example/spring"] = link("fake.example/spring")
    (failure,) = (await create(account(vendor), slug="spring", domain=domain)).failures
    assert (failure.path, failure.existing and failure.existing.handle) == ((field,), found)
    assert vendor.asked("find") == lookups


async def test_a_conflict_of_slugs_stays_a_conflict_where_the_look_up_fails() -> None:
    conflict = ConflictError("taken", account="one", operation="create link", field="slug")
    broken = UnavailableError("down", account="one", operation="get link")
    vendor = FakeVendor(fails=lambda _, question: conflict if question.startswith("create") else broken)
    result = await create(account(vendor), slug="spring", domain="fake.example")
    assert [(failure.code, failure.existing) for failure in result.failures] == [(ErrorCode.CONFLICT, None)]


SAME = replace(link("b"), destination="HTTPS://WWW.example.com:443/spring")


async def test_an_existing_link_is_returned_or_refused_without_a_write() -> None:
    vendor = FakeVendor(lanes={"all": [link("a"), SAME]})
    returned = await create(account(vendor), if_exists=IfExists.RETURN)
    assert returned.written is not None
    assert (returned.written.link, returned.written.created) == (SAME, False)
    assert returned.written.known_fields == ALL_LINK_FIELDS
    (failure,) = (await create(account(vendor), if_exists=IfExists.FAIL)).failures
    assert (failure.code, failure.path, failure.existing) == (ErrorCode.CONFLICT, ("destination",), SAME)
    assert vendor.asked("create") == []


async def test_a_link_is_created_with_a_warning_where_not_every_link_could_be_compared() -> None:
    vendor = FakeVendor(lanes={"all": [link(f"l{number}", number) for number in range(700)]})
    result = await create(account(vendor), if_exists=IfExists.RETURN)
    assert result.written is not None
    assert [(failure.code, failure.path) for failure in result.failures] == [(ErrorCode.UNSUPPORTED, ("if_exists",))]


async def test_a_failed_search_for_an_existing_link_prevents_the_create() -> None:
    error = UnavailableError("down", account="one", operation="list links")
    vendor = FakeVendor(fails=lambda _, question: error if question == "plan" else None)
    result = await create(account(vendor), if_exists=IfExists.FAIL)
    assert (result.written, vendor.asked("create")) == (None, [])


async def test_a_create_invalidates_what_the_request_has_read_of_the_account() -> None:
    vendor = FakeVendor(links={"a": link("a")})
    one = account(vendor)
    await one.link("a", ALL_LINK_FIELDS)
    await create(one)
    await one.link("a", ALL_LINK_FIELDS)
    assert len(vendor.asked("get a")) == 2
