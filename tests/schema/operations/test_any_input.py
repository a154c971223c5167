"""Any input of a caller leads to data, or to an error with a code and a path. It is never an internal error."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.gateway import Reply, open_gateway
from harness.graphql_writes import CREATE_MANY, DELETE, UPDATE_MANY, a_new_link, new_link
from linkweave.schema.global_ids import encode_id

FOUR = ["picsee-main", "cuttly", "tinycc", "shortenworld"]
PLATFORMS = ["IOS", "ANDROID", "WINDOWS_MOBILE", "OTHER_MOBILE", "ALL_MOBILE", "DESKTOP", "MAC", "FACEBOOK"]

texts = st.one_of(
    st.sampled_from(
        ["", " ", "a", "../..", "a/b", "a?b=c#d", "%2e%2e", "*", "'; --", "\u0000", "\n", "x" * 1500, "\U0001f600"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
numbers = st.sampled_from([-(2**31), -1, 0, 1, 14, 15, 100, 101, 1440, 1441, 2**31 - 1])
addresses = st.sampled_from(
    [
        "https://www.example.com/a",
        "http://user:secret@www.example.com:8080/?q=a b".replace(" ", "%20"),
        "https://m\u00fcnchen.example/stra\u00dfe?q=\u5916\u5957#top",
        "https://[2001:db8::1]/x",
        "https://www.example.com/%00%ff",
        "https://cutt.ly/short",
        "https://a.example/" + "x" * 1500,
    ]
)
days = st.sampled_from(["0001-01-01", "2026-11-20", "2027-01-31", "9999-12-31"])
tags = st.lists(texts, max_size=4)
maybe = st.none


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


utm = some(source=texts, medium=texts, campaign=texts, term=texts, content=texts)
expiry = some(
    at=days, afterClicks=numbers, countUniqueOnly=st.booleans(), redirectTo=addresses, redirectToAfterClicks=addresses
)
targets = st.lists(
    st.fixed_dictionaries({"platform": st.sampled_from(PLATFORMS), "destination": addresses}), max_size=3
)
variants = st.lists(st.fixed_dictionaries({"destination": addresses, "percentage": numbers}), max_size=4)
preview = some(title=texts, description=texts, imageUrl=addresses)
shared: dict[str, st.SearchStrategy[Any]] = {
    "slug": texts,
    "title": maybe() | texts,
    "note": maybe() | texts,
    "externalId": maybe() | texts,
    "utm": maybe() | utm,
    "expiry": maybe() | expiry,
    "deviceTargets": maybe() | targets,
    "variants": maybe() | variants,
    "password": maybe() | texts,
    "emailReports": st.booleans(),
    "uniqueWindowMinutes": maybe() | numbers,
    "preview": maybe() | preview,
    "pixel": maybe() | texts,
    "tagManager": maybe() | texts,
}
creations = st.fixed_dictionaries(
    {"destination": addresses},
    optional={
        **shared,
        "domain": texts,
        "tags": tags,
        "publicStats": st.booleans(),
        "fetchTitle": st.booleans(),
        "smsHeader": texts,
        "ifExists": st.sampled_from(["CREATE", "RETURN", "FAIL"]),
        "idempotencyKey": texts,
    },
)
changes = st.fixed_dictionaries(
    {},
    optional={
        **shared,
        "destination": addresses,
        "addTags": tags,
        "removeTags": tags,
        "archived": st.booleans(),
        "starred": st.booleans(),
        "protected": st.booleans(),
    },
)
# A single field reaches the vendor more often. Of many fields, one is usually rejected before any call.
one_change = st.sampled_from(sorted({**shared, "addTags": tags, "removeTags": tags})).flatmap(
    lambda name: st.fixed_dictionaries({name: {**shared, "addTags": tags, "removeTags": tags}[name]})
)


def check_errors(reply: Reply, payloads: list[Any]) -> None:
    assert [error["extensions"]["code"] for error in reply.errors if error["extensions"]["code"] == "INTERNAL"] == []
    for place, payload in enumerate(payloads):
        for error in payload["errors"]:
            assert error["code"] not in {"INTERNAL", "BAD_RESPONSE", "UNAVAILABLE"}, error
            assert error["message"]
            assert error["path"] is None or error["path"][:2] == ["inputs", str(place)]


@settings(max_examples=40)
@given(inputs=st.lists(creations, min_size=1, max_size=3))
async def test_any_input_creates_a_link_or_has_errors(inputs: list[dict[str, Any]]) -> None:
    gateway = open_gateway()
    asked = [{**new_link(account), **each} for each in inputs for account in FOUR]
    reply = await gateway.ask(CREATE_MANY, inputs=asked)
    payloads = reply.data["payload"]
    check_errors(reply, payloads)
    for payload in payloads:
        assert payload["link"] is not None or (payload["errors"] and not payload["created"])
        assert {error["path"][-1] for error in payload["errors"] if payload["created"]} <= {"ifExists"}


@settings(max_examples=40)
@given(inputs=st.lists(changes | one_change, min_size=1, max_size=3))
async def test_every_field_of_any_change_is_applied_or_failed(inputs: list[dict[str, Any]]) -> None:
    gateway = open_gateway()
    links = {account: await a_new_link(gateway, account) for account in FOUR}
    asked = [{"id": link, **each} for each in inputs for link in links.values()]
    reply = await gateway.ask(UPDATE_MANY, inputs=asked)
    payloads = reply.data["payload"]
    check_errors(reply, payloads)
    for given_input, payload in zip(asked, payloads, strict=True):
        assert sorted([*payload["applied"], *payload["failed"]]) == sorted(given_input.keys() - {"id"})
        assert bool(payload["failed"]) <= bool(payload["errors"])


@settings(max_examples=25)
@given(handles=st.lists(texts, min_size=1, max_size=4))
async def test_any_unknown_id_is_not_found_or_rejected(handles: list[str]) -> None:
    gateway = open_gateway()
    ids = [encode_id("Link", account, handle) for handle in handles for account in FOUR]
    reply = await gateway.ask(DELETE, ids=ids)
    assert reply.errors == []
    for payload in reply.data["payload"]:
        assert not payload["deleted"]
        assert {error["code"] for error in payload["errors"]} <= {"NOT_FOUND", "REJECTED"}, payload


@pytest.mark.parametrize("account", FOUR)
@pytest.mark.parametrize(
    "fields", [{"utm": {}}, {"expiry": {}}, {"preview": {}}, {"deviceTargets": []}, {"variants": []}, {"tags": []}]
)
async def test_an_empty_field_is_accepted_or_rejected_and_never_an_internal_error(
    account: str, fields: dict[str, Any]
) -> None:
    reply = await open_gateway().ask(CREATE_MANY, inputs=[new_link(account, **fields)])
    check_errors(reply, reply.data["payload"])
