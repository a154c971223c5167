"""Fast fields return what graphql-core would return."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from types import SimpleNamespace
from typing import Any, cast

import pytest
import strawberry
from graphql import GraphQLObjectType, experimental_execute_incrementally, parse

from harness.failing_world import Unwritable, context
from harness.fake_accounts import FakeAdapter, FakeVendor, fake_account, fresh
from linkweave.concurrency.gather_results import gather_results
from linkweave.errors import ErrorCode, InvalidInputError
from linkweave.schema.build import build_schema
from linkweave.schema.context import Info, add_error
from linkweave.schema.execution.error_masking import MaskingExecutor
from linkweave.schema.execution.fast_fields import fast_fields
from linkweave.schema.execution.schema import Schema
from linkweave.schema.types.account import Account


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.type
class Thing:
    name: str
    colour: Colour = Colour.RED
    note: str | None = None
    count: int | None = None
    words: list[str] = strawberry.field(default_factory=list)
    inside: "Thing | None" = None

    @strawberry.field
    def shout(self) -> str:
        return self.name.upper()

    @strawberry.field
    async def whisper(self) -> str:
        return self.name.lower()

    @strawberry.field
    def times(self, count: int = 2) -> str:
        return self.name * count

    @strawberry.field
    def noting(self, info: Info) -> str:
        add_error(info, InvalidInputError("noting", "is not what it was"))
        return info.field_name

    @strawberry.field
    def broken(self) -> str | None:
        raise ZeroDivisionError


@strawberry.type
class Query:
    @strawberry.field
    def things(self, info: Info) -> list[Thing | None]:
        return cast("list[Thing | None]", info.root_value)


def thing(name: Any, colour: Any = Colour.RED, **more: Any) -> Thing:
    """Also what the types forbid."""
    return Thing(name=name, colour=colour, **more)


SCHEMA = Schema(query=Query)
PLAIN = "name colour note count"


async def ask(selection: str, *things: Thing) -> tuple[Any, dict[tuple[str | int, ...], str]]:
    """What is answered, and the messages of the errors by their places."""
    query = f"{{ things {{ {selection} }} }}"
    result = await SCHEMA.execute(query, context_value=context(), root_value=list(things))
    errors = {tuple(error.path or ()): error.message for error in result.errors or ()}
    return result.data and result.data["things"], errors


async def test_the_fields_of_a_response_are_in_the_order_of_the_query() -> None:
    selection = "b: shout name whisper a: name __typename inside { whisper name shout } colour c: times(count: 3) words"
    data, errors = await ask(selection, thing("Ab", inside=thing("Cd"), words=["x"]))
    assert errors == {}
    assert list(data[0].items()) == [
        ("b", "AB"),
        ("name", "Ab"),
        ("whisper", "ab"),
        ("a", "Ab"),
        ("__typename", "Thing"),
        ("inside", {"whisper": "cd", "name": "Cd", "shout": "CD"}),
        ("colour", "RED"),
        ("c", "AbAbAb"),
        ("words", ["x"]),
    ]
    assert list(data[0]["inside"]) == ["whisper", "name", "shout"]


@pytest.mark.parametrize(
    ("given", "place", "it_is_there"),
    [
        (thing(None), "name", False),
        (thing(Unwritable()), "name", False),
        (thing(["a"]), "name", False),
        (thing("a", "green"), "colour", False),
        (thing("a", count="many"), "count", True),
        (thing("a", count=2**40), "count", True),
        (thing("a", note=Unwritable()), "note", True),
    ],
)
async def test_a_value_that_cannot_be_serialized_is_an_error_at_its_path(
    given: Thing, place: str, it_is_there: bool
) -> None:
    data, errors = await ask(PLAIN, thing("x"), given)
    assert errors.keys() == {("things", 1, place)}
    assert data[0]["name"] == "x"
    if it_is_there:
        assert data[1] == {"name": "a", "colour": "RED", "note": None, "count": None}
    else:
        assert data[1] is None


async def test_a_resolver_that_fails_does_not_affect_other_fields() -> None:
    data, errors = await ask("name broken whisper", thing("A"))
    assert data == [{"name": "A", "broken": None, "whisper": "a"}]
    assert errors.keys() == {("things", 0, "broken")}
    assert ErrorCode.INTERNAL.value not in errors.values()


async def test_an_added_error_is_at_the_path_of_its_field_once() -> None:
    data, errors = await ask("noting twice: noting", thing("A"), thing("B"))
    assert data == [{"noting": "noting", "twice": "noting"}] * 2
    assert errors.keys() == {("things", index, name) for index in (0, 1) for name in ("noting", "twice")}


async def test_fast_fields_return_what_graphql_core_returns() -> None:
    """The same document by the executor that has no shortcuts."""
    fields = f"{PLAIN} shout whisper times words __typename inside {{ {PLAIN} inside {{ whisper }} }}"
    nested = thing("Ab", inside=thing("Cd", Colour.BLUE, note="n", count=7, words=["w"], inside=thing("e")))
    things = [thing("a"), thing("b", Colour.BLUE, note="", count=0), nested]
    document = parse(f"{{ things {{ {fields} }} }}")
    slow = experimental_execute_incrementally(
        SCHEMA._schema,  # noqa: SLF001 - strawberry hands out no other
        document,
        root_value=things,
        context_value=context(),
        executor_class=MaskingExecutor,
    )
    expected = await cast("Any", slow)
    data, errors = await ask(fields, *things)
    assert errors == {}
    assert data == expected.data["things"]


async def test_strawberry_converts_the_arguments_of_a_field() -> None:
    query = "query ($n: Int) { things { times left: times(count: $n) two: times(count: $n) three: times(count: 3) } }"
    result = await SCHEMA.execute(query, context_value=context(), root_value=[thing("a")])
    assert (result.errors, result.data) == (
        None,
        {"things": [{"times": "aa", "left": "aa", "two": "aa", "three": "aaa"}]},
    )
    result = await SCHEMA.execute(query, {"n": 1}, context_value=context(), root_value=[thing("a")])
    assert result.data == {"things": [{"times": "aa", "left": "a", "two": "a", "three": "aaa"}]}


def test_the_plain_fields_of_a_link_have_fast_readers() -> None:
    kind = build_schema()._schema.type_map["Link"]  # noqa: SLF001 - strawberry hands out no other
    assert isinstance(kind, GraphQLObjectType)
    ready = fast_fields(kind).leaves
    assert {"id", "shortUrl", "slug", "destination", "title", "createdAt", "starred"} <= ready.keys()
    assert not {"account", "tags", "stats", "qrCode"} & ready.keys()


@pytest.mark.parametrize("name", ["Campaign", "Domain", "Link", "Team", "Tracker", "Upload", "Webhook"])
async def test_an_object_returns_its_account_without_an_await(name: str) -> None:
    kind = build_schema()._schema.type_map[name]  # noqa: SLF001 - strawberry hands out no other
    assert isinstance(kind, GraphQLObjectType)
    loaders = fresh(fake_account(FakeAdapter, FakeVendor(), "one"))
    loaders.make_node = context().nodes.account
    resolve = cast("Any", kind.fields["account"].resolve)
    account = resolve(SimpleNamespace(loaders=loaders), SimpleNamespace(context=context()))
    assert isinstance(account, Account)
    assert account.key == "one"


async def test_a_datetime_is_serialized_in_utc() -> None:
    taipei = timezone(timedelta(hours=8))
    kind = build_schema()._schema.type_map["DateTime"]  # noqa: SLF001 - strawberry hands out no other
    write = cast("Any", kind).coerce_output_value
    assert write(datetime(2026, 5, 20, 17, 30, tzinfo=taipei)) == "2026-05-20T09:30:00Z"
    assert write(datetime(2026, 5, 20, 9, 30, 0, 5, tzinfo=UTC)) == "2026-05-20T09:30:00.000005Z"


async def _raising(error: BaseException) -> int:
    await asyncio.sleep(0)
    raise error


async def _giving(number: int) -> int:
    await asyncio.sleep(0)
    return number


async def test_gather_results_returns_values_and_errors() -> None:
    error = ZeroDivisionError()
    assert await gather_results([]) == []
    assert await gather_results([_giving(1)]) == [1]
    assert await gather_results([_raising(error)]) == [error]
    assert await gather_results([_giving(1), _raising(error), _giving(2)]) == [1, error, 2]


async def test_a_task_in_gather_results_can_be_cancelled() -> None:
    for count in (1, 2):
        task = asyncio.ensure_future(gather_results([asyncio.sleep(60, number) for number in range(count)]))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
