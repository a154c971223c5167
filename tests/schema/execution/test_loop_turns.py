"""No field of the schema holds up the event loop: under each, the work of every step of a task is bounded."""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import graphql
import httpx2
import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_introspection_query,
    get_named_type,
    is_composite_type,
    is_required_argument,
)

from harness.gateway import Gateway, open_gateway
from harness.loop_steps import StepCounter, run_counting
from linkweave.schema.limits.text_limits import check_text
from linkweave.settings import LimitSettings

# About 5 ms of work.
MAX_CALLS: Final = 20_000
# Values of arguments that a field needs, and the largest page.
ARGUMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {"by": "COUNTRY", "group": "TAG", "key": '"picsee-main"', "first": "100", "id": '"x"', "ids": '["x"]'}
)
# What a test of every field needs is far beyond what a caller may ask for.
LIMITS: Final[Mapping[str, object]] = MappingProxyType({"cost": 1_000_000, "answer_bytes": 100_000_000})
WIDE: Final = "{ " + " ".join(f"a{each}: __schema {{ types {{ name fields {{ name }} }} }}" for each in range(8)) + " }"
INTROSPECTION: Final = get_introspection_query(input_value_deprecation=True, directive_is_repeatable=True)


@cache
def schema() -> GraphQLSchema:
    return graphql.build_schema((Path(__file__).parents[3] / "schema.graphql").read_text())


def call(name: str, field: GraphQLField) -> str:
    needed = [each for each, argument in field.args.items() if is_required_argument(argument) or each == "first"]
    arguments = ", ".join(f"{each}: {ARGUMENTS[each]}" for each in needed)
    return f"{name}({arguments})" if arguments else name


def composite_fields(kind: GraphQLObjectType) -> Iterator[tuple[str, GraphQLObjectType]]:
    """The calls of the fields whose values are objects, with their types."""
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if isinstance(inner, GraphQLObjectType):
            yield call(name, field), inner


def scalar_fields(kind: GraphQLObjectType) -> list[str]:
    fields = kind.fields.items()
    return [call(name, field) for name, field in fields if not is_composite_type(get_named_type(field.type))]


@cache
def paths() -> Mapping[str, tuple[str, ...]]:
    """The shortest path from Query to each object type. A path is the calls that lead there."""
    query = schema().query_type
    assert query is not None
    found: dict[str, tuple[str, ...]] = {query.name: ()}
    waiting = deque([query])
    while waiting:
        kind = waiting.popleft()
        for name, inner in composite_fields(kind):
            if inner.name not in found:
                found[inner.name] = (*found[kind.name], name)
                waiting.append(inner)
    return found


def at(path: tuple[str, ...], selection: str) -> str:
    for each in reversed(path):
        selection = f"{each} {{ {selection} }}"
    return f"{{ {selection} }}"


def queries(kind: GraphQLObjectType) -> list[str]:
    """All scalars of a type at once, and each of its objects with all scalars in it."""
    path = paths()[kind.name]
    inside = [
        f"{name} {{ {' '.join(['__typename', *scalar_fields(inner)])} }}" for name, inner in composite_fields(kind)
    ]
    return [at(path, each) for each in (" ".join(["__typename", *scalar_fields(kind)]), *inside)]


def gateway() -> Gateway:
    return open_gateway(deadline_seconds=200, sections={"cache": {"operation_bytes": 0}, "limits": dict(LIMITS)})


async def longest(counter: StepCounter, http: httpx2.AsyncClient, query: str) -> StepCounter:
    with counter.counting():
        answer = (await http.post("/graphql", json={"query": query})).json()
    # This gateway has no catalog: the fields that read it are refused.
    is_refused = {error["extensions"]["code"] for error in answer.get("errors", ())} == {"UNSUPPORTED"}
    assert answer["data"] is not None or is_refused, answer
    return counter


@pytest.mark.parametrize("name", sorted(paths()))
def test_no_field_holds_up_the_event_loop(name: str) -> None:
    kind = schema().type_map[name]
    assert isinstance(kind, GraphQLObjectType)

    async def ask(counter: StepCounter) -> None:
        async with gateway().client() as http:
            steps = {query: (await longest(counter, http, query)).longest_step for query in queries(kind)}
        assert {query: calls for query, calls in steps.items() if calls > MAX_CALLS} == {}

    run_counting(ask)


@pytest.mark.parametrize("query", [INTROSPECTION, WIDE])
def test_introspection_goes_on_in_turns(query: str) -> None:
    """All of its lists are ready at once. The first request is not counted: limits bound the reading of a document."""

    async def ask(counter: StepCounter) -> None:
        async with gateway().client() as http:
            await http.post("/graphql", json={"query": query})
            found = await longest(counter, http, query)
        assert found.longest_turn <= MAX_CALLS

    run_counting(ask)


@pytest.mark.parametrize("pauses", [False, True])
def test_the_counter_tells_one_long_step_from_many_short_ones(*, pauses: bool) -> None:
    async def work(counter: StepCounter) -> None:
        with counter.counting():
            for _ in range(MAX_CALLS):
                check_text("{ a }", LimitSettings())
                if pauses:
                    await asyncio.sleep(0)
        assert (counter.longest_step < MAX_CALLS) is pauses

    run_counting(work)
