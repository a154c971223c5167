"""Which operations have a plan, how often resolvers are called, and what a cancelled operation leaves behind."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final, cast

import pytest
import strawberry
from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, parse

from harness.failing_world import context
from linkweave.schema.build import build_schema
from linkweave.schema.context import Info
from linkweave.schema.execution.compiled.rules import OperationFacts
from linkweave.schema.execution.fast_fields import fields_without_rule
from linkweave.schema.execution.schema import Schema

LINKS: Final = 6


@dataclass
class Calls:
    """Counts the calls of resolvers, and holds up those that wait."""

    counts: Counter[str] = field(default_factory=Counter)
    cancelled: Counter[str] = field(default_factory=Counter)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, name: str) -> str:
        self.counts[name] += 1
        try:
            await self.waiting.wait()
        except asyncio.CancelledError:
            self.cancelled[name] += 1
            raise
        return name


@strawberry.type
class Owner:
    id: strawberry.ID
    calls: strawberry.Private[Calls]

    @strawberry.field
    def name(self) -> str:
        self.calls.counts["name"] += 1
        return f"Owner {self.id}"

    @strawberry.field
    async def fact(self) -> str | None:
        return await self.calls.wait(f"fact of {self.id}")


@strawberry.type
class Link:
    number: int
    calls: strawberry.Private[Calls]

    @strawberry.field
    def owner(self) -> Owner:
        return Owner(id=strawberry.ID(str(self.number % 2)), calls=self.calls)

    @strawberry.field
    async def required(self) -> str:
        return await self.calls.wait(f"required of {self.number}")

    @strawberry.field
    async def cancelling(self) -> str | None:
        raise asyncio.CancelledError

    @strawberry.field
    async def refused(self) -> str:
        await asyncio.sleep(0)
        raise ValueError


@strawberry.type
class Query:
    @strawberry.field
    def links(self, info: Info) -> list[Link]:
        return [Link(number=number, calls=cast("Calls", info.root_value)) for number in range(LINKS)]

    @strawberry.field
    async def streamed(self) -> AsyncIterator[int]:
        yield 1


SCHEMA: Final = Schema(query=Query)


async def ask(selection: str, calls: Calls) -> Any:
    result = await SCHEMA.execute(f"{{ links {{ {selection} }} }}", context_value=context(), root_value=calls)
    return result.data and result.data["links"]


async def start_all(calls: Calls) -> None:
    """Returns when each link and each of the two owners waits."""
    for _ in range(20):
        await asyncio.sleep(0)
    assert sum(calls.counts.values()) == LINKS + 2


async def test_an_object_at_several_places_is_read_once() -> None:
    calls = Calls()
    calls.waiting.set()
    links = await ask("number owner { id name fact }", calls)
    assert [link["owner"]["id"] for link in links] == ["0", "1"] * 3
    assert [link["owner"]["fact"] for link in links] == ["fact of 0", "fact of 1"] * 3
    assert calls.counts == {"name": 2, "fact of 0": 1, "fact of 1": 1}


async def test_values_of_one_moment_are_awaited_together() -> None:
    calls = Calls()
    task = asyncio.create_task(ask("required owner { fact }", calls))
    await start_all(calls)
    calls.waiting.set()
    assert len(await task) == LINKS


async def test_a_cancelled_operation_cancels_all_that_it_waits_for() -> None:
    calls = Calls()
    task = asyncio.create_task(ask("required owner { fact }", calls))
    await start_all(calls)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert calls.cancelled == calls.counts


async def test_a_resolver_that_is_cancelled_cancels_the_operation() -> None:
    calls = Calls()
    with pytest.raises(asyncio.CancelledError):
        await ask("required cancelling", calls)
    assert calls.cancelled == calls.counts


async def test_values_in_a_lost_part_of_the_answer_are_not_awaited() -> None:
    calls = Calls()
    assert await ask("required refused", calls) is None
    assert calls.cancelled == calls.counts
    assert len(calls.counts) == LINKS


def facts(schema: GraphQLSchema, text: str) -> OperationFacts:
    document = parse(text)
    (operation,) = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
    return OperationFacts.of(schema, operation, fragments)


@pytest.mark.parametrize(
    ("text", "has_plan"),
    [
        ("{ __typename accounts { key } }", True),
        (
            "query ($a: Boolean!) { accounts @skip(if: $a) { ...F } } fragment F on Account { key @include(if: $a) }",
            True,
        ),
        ("{ __schema { types { name } } }", False),
        ('{ ... { __type(name: "Link") { name } } }', False),
        ("{ accounts { ... @defer { key } } }", False),
        ("{ accounts @stream { key } }", False),
        ("mutation { refresh { __typename } }", False),
        ("query @experimental_disableErrorPropagation { accounts { key } }", False),
        ("{ accounts { ...F } } fragment F on Account { links { ... @defer { nodes { id } } } }", False),
    ],
)
def test_only_operations_with_known_rules_have_a_plan(text: str, has_plan: bool) -> None:
    assert facts(build_schema()._schema, text).has_plan is has_plan  # noqa: SLF001 - strawberry hands out no other


def test_a_field_with_an_unknown_resolver_has_no_plan() -> None:
    schema = SCHEMA._schema  # noqa: SLF001 - as above
    assert facts(schema, "{ links { number } }").has_plan
    assert not facts(schema, "{ links { number } streamed }").has_plan


def test_every_field_of_the_gateways_objects_has_a_rule() -> None:
    assert fields_without_rule(build_schema()._schema) == frozenset()  # noqa: SLF001 - same
