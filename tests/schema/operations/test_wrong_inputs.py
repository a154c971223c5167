"""A wrong input of a mutation is an error in the payload, with the path of the field. No vendor is called."""

from collections.abc import Mapping
from typing import Any

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import CREATE, DELETE, RESET, RESTORE, UPDATE, UPDATE_MANY, new_link, only_error
from harness.graphql_writes import CREATE_MANY as CREATE_LINKS
from harness.multipart_client import UPLOAD
from linkweave.schema.global_ids import encode_id
from linkweave.testing.mutations import (
    ADD_TRACKER,
    CREATE_TAG,
    CREATE_WEBHOOK,
    DELETE_TAG,
    DELETE_WEBHOOKS,
    REMOVE_TRACKER,
    RENAME_TAG,
    REPORT_ABUSE,
    UPDATE_WEBHOOK,
    WEBHOOK,
)

URL = "https://hooks.example.com/new"
NONSENSE = "nonsense"
LINK = encode_id("Link", "shortenworld", "65a10001")
TINYCC_LINK = encode_id("Link", "tinycc", "go.shopdemo.example/card")
TEAM = encode_id("Team", "shortenworld", "team-apac")
TEAM_TRACKER = encode_id("Tracker", "shortenworld", "TEAM", "team-apac", "tt-1")
CATALOG_TRACKER = encode_id("Tracker", "shortenworld", "CATALOG", "", "1")
BY_CODE = {"tracker": CATALOG_TRACKER, "code": "100200300400"}
NO_LINKS = [
    NONSENSE,
    "",
    "link\u00e4",
    "A" * 5000,
    encode_id("Account", "tinycc"),
    encode_id("Link", "nobody", "x"),
]

# A mutation, its variables, and the path of the error.
Case = tuple[str, Mapping[str, Any], list[str]]


def create(*path: str, **fields: object) -> Case:
    return CREATE, {"input": {**new_link("tinycc"), **fields}}, ["input", *path]


def update(*path: str, **fields: object) -> Case:
    return UPDATE, {"input": {"id": TINYCC_LINK, **fields}}, ["input", *path]


def upload(*path: str, **fields: object) -> Case:
    return UPLOAD, {"input": {"account": "chevereto", "base64": "aaaa", **fields}}, ["input", *path]


def webhook(*path: str, **fields: object) -> Case:
    return CREATE_WEBHOOK, {"input": {"account": "tinycc", "url": URL, **fields}}, ["input", *path]


def tracker(*path: str, **fields: object) -> Case:
    return ADD_TRACKER, {"input": {"link": LINK, **fields}}, ["input", *path]


GOOD_HEADER = {"name": "X-Test", "value": "1"}
CUTTLY_LINK = encode_id("Link", "cuttly", "cutt.ly/spring-sale")
PICSEE_LINK = encode_id("Link", "picsee-main", "p0an11")
SHORTENWORLD_LINK = encode_id("Link", "shortenworld", "1")
VARIANT = {"destination": "https://b.example", "percentage": 60}
EXPIRY = {"redirectTo": "https://b.example"}
NOT_NULLABLE = ["destination", "slug", "addTags", "removeTags", "archived", "starred", "protected", "emailReports"]
CASES: list[Case] = [
    create("slug", slug=""),
    create("slug", slug="  "),
    create("domain", domain=" "),
    create("smsHeader", smsHeader=""),
    create("tags", tags=["print", ""]),
    update("addTags", addTags=[" "]),
    (CREATE_TAG, {"account": "tinycc", "name": " "}, ["name"]),
    (RENAME_TAG, {"account": "tinycc", "name": "print", "newName": ""}, ["newName"]),
    create("idempotencyKey", idempotencyKey=""),
    create("team", team=NONSENSE),
    create("team", team=encode_id("Campaign", "tinycc", "1")),
    create("team", team=TEAM),
    create("team", team=TEAM, accounts=["shortenworld", "tinycc"]),
    create("campaign", campaign=encode_id("Campaign", "shortenworld", "camp-101")),
    create("accounts", accounts=[]),
    create("accounts", accounts=["nobody"]),
    create("accounts", accounts=["tinycc", "nobody"]),
    create("accounts", accounts=[encode_id("Team", "tinycc", "x")]),
    create("accounts", accounts=[encode_id("Account", "nobody")]),
    create("slug", slug="s" * 26),
    update("slug", slug="s" * 26),
    *(update("uniqueWindowMinutes", id=CUTTLY_LINK, uniqueWindowMinutes=wrong) for wrong in (14, 1441)),
    update("variants", "0", "percentage", id=CUTTLY_LINK, variants=[{**VARIANT, "percentage": 101}]),
    update("variants", id=CUTTLY_LINK, variants=[VARIANT, VARIANT]),
    update("expiry", "afterClicks", id=CUTTLY_LINK, expiry={**EXPIRY, "afterClicks": -5}),
    *(create("expiry", "afterClicks", expiry={"afterClicks": wrong}) for wrong in (-5, 0)),
    update("expiry", "afterClicks", id=SHORTENWORLD_LINK, expiry={"afterClicks": -5}),
    update("expiry", "at", id=PICSEE_LINK, expiry={"at": "2026-11-19"}),
    update("expiry", "at", id=CUTTLY_LINK, expiry={**EXPIRY, "at": "2020-01-01"}),
    *(wrong(name, **{name: {}}) for wrong in (create, update) for name in ("expiry", "utm", "preview")),
    update(),
    *(update(name, **{name: None}) for name in NOT_NULLABLE),
    *((UPDATE, {"input": {"id": wrong, "title": "x"}}, ["input", "id"]) for wrong in NO_LINKS),
    *((RESTORE, {"id": wrong}, ["id"]) for wrong in NO_LINKS),
    *((DELETE, {"ids": [wrong]}, ["ids", "0"]) for wrong in NO_LINKS),
    *((RESET, {"ids": [wrong]}, ["ids", "0"]) for wrong in NO_LINKS),
    upload(base64=None),
    upload(url="https://www.example.com/a.png"),
    upload("width", width=0),
    upload("width", width=-5),
    *(upload("expiresIn", expiresIn=wrong) for wrong in ("", "P", "PT", "3D", "P3", "P-3D", "P3DT", "P3D\n")),
    upload("expiresIn", expiresIn="P\u0663D"),
    upload("account", account="nobody"),
    upload("shorten", "accounts", shorten={"accounts": []}),
    upload("shorten", "accounts", shorten={"accounts": ["nobody"]}),
    upload("shorten", "slug", shorten={"accounts": ["tinycc"], "slug": " "}),
    upload("shorten", "domain", shorten={"accounts": ["tinycc"], "domain": ""}),
    (CREATE_TAG, {"account": "nobody", "name": "Expo"}, ["account"]),
    (RENAME_TAG, {"account": "nobody", "name": "a", "newName": "b"}, ["account"]),
    (DELETE_TAG, {"account": "nobody", "name": "a"}, ["account"]),
    webhook(),
    webhook(domain="go.shopdemo.example", tag="print"),
    webhook(tag="print", link="x"),
    *(webhook("method", tag="print", method=wrong) for wrong in ("put", "", "GET\r\n")),
    *(webhook("encoding", tag="print", encoding=wrong) for wrong in ("xml", "")),
    *(
        webhook("headers", "1", part, tag="print", headers=[GOOD_HEADER, {**GOOD_HEADER, part: f"X{wrong}Y"}])
        for part in ("name", "value")
        for wrong in "\r\n\0"
    ),
    *(
        webhook("headers", "0", "name", tag="print", headers=[{**GOOD_HEADER, "name": wrong}])
        for wrong in ("", "X A", "X:")
    ),
    webhook("link", link=encode_id("Link", "picsee-main", "x")),
    *(
        (UPDATE_WEBHOOK, {"input": {"id": wrong, "url": URL}}, ["input", "id"])
        for wrong in (NONSENSE, TINYCC_LINK, encode_id("Webhook", "nobody", "1"))
    ),
    (DELETE_WEBHOOKS, {"ids": [NONSENSE]}, ["ids", "0"]),
    tracker(),
    tracker(allTeamTrackers=False),
    tracker(allTeamTrackers=True, teamTrackers=[TEAM_TRACKER]),
    tracker(teamTrackers=[TEAM_TRACKER], **BY_CODE),
    tracker(tracker=CATALOG_TRACKER),
    tracker(code="100200300400"),
    tracker("teamTrackers", teamTrackers=[encode_id("Tracker", "tinycc", "TEAM", "team", "1")]),
    tracker("teamTrackers", teamTrackers=[CATALOG_TRACKER]),
    tracker("tracker", tracker=encode_id("Tracker", "shortenworld", "LINK", "65a10001", "1"), code="1"),
    tracker("tracker", tracker=NONSENSE, code="1"),
    *(
        tracker("link", link=wrong, allTeamTrackers=True)
        for wrong in (NONSENSE, encode_id("Link", "nobody", "x"), encode_id("Team", "tinycc", "x"))
    ),
    *(
        (REMOVE_TRACKER, {"id": wrong}, ["id"])
        for wrong in (NONSENSE, LINK, TEAM_TRACKER, encode_id("Tracker", "nobody", "LINK", "x", "1"))
    ),
    (REPORT_ABUSE, {"input": {"account": "nobody", "shortUrl": "https://pse.is/a"}}, ["input", "account"]),
]


@pytest.mark.parametrize(("mutation", "variables", "path"), CASES)
async def test_a_wrong_input_is_an_error_with_its_path_before_any_call(
    mutation: str, variables: Mapping[str, Any], path: list[str]
) -> None:
    gateway = open_gateway()
    payload = await gateway.payload(mutation, **variables)
    payload = payload[0] if isinstance(payload, list) else payload
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", path)
    assert not any(payload.get(name) for name in ("link", "upload", "webhook", "tag", "trackers", "applied", "deleted"))
    assert payload.get("failed", []) == sorted(variables["input"].keys() - {"id"} if mutation == UPDATE else [])
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    ("mutation", "variables"),
    [
        (CREATE_LINKS, {"inputs": [new_link("tinycc")] * 1001}),
        (UPDATE_MANY, {"inputs": [{"id": TINYCC_LINK, "note": "x"}] * 1001}),
        (DELETE, {"ids": [TINYCC_LINK] * 1001}),
        (RESET, {"ids": [TINYCC_LINK] * 1001}),
        (DELETE_WEBHOOKS, {"ids": [encode_id("Webhook", "tinycc", str(index)) for index in range(1001)]}),
        *((CREATE, {"input": new_link("tinycc", destination=wrong)}) for wrong in (NONSENSE, "ftp://a.example")),
        *((CREATE, {"input": new_link("tinycc", destination=wrong)}) for wrong in ("javascript:alert(1)", "https://")),
        *(
            (UPLOAD, {"input": {"account": "chevereto", "file": wrong}})
            for wrong in ("picture.png", 5, {"name": "x"}, [1], True)
        ),
    ],
)
async def test_a_batch_that_is_too_large_or_a_value_of_a_wrong_type_fails_the_whole_mutation(
    mutation: str, variables: Mapping[str, Any]
) -> None:
    gateway = open_gateway()
    reply = await gateway.ask(mutation, **variables)
    assert (reply.data, reply.codes) == (None, ["INVALID_INPUT"])
    assert ("multipart" in reply.error["message"]) == (mutation == UPLOAD)
    assert gateway.calls() == {}


async def test_a_mutation_without_inputs_returns_no_payloads() -> None:
    gateway = open_gateway()
    assert await gateway.payload(CREATE_LINKS, inputs=[]) == []
    assert gateway.calls() == {}


async def test_the_mask_of_a_header_is_not_accepted_as_its_value() -> None:
    gateway = open_gateway()
    listed = await gateway.data(f'{{ account(key: "tinycc") {{ webhooks {{ nodes {{ {WEBHOOK} }} }} }} }}')
    webhooks = listed["account"]["webhooks"]["nodes"]
    masked = next(each for each in webhooks if any(header["value"] == "***" for header in each["headers"]))
    index = next(str(at) for at, header in enumerate(masked["headers"]) if header["value"] == "***")
    gateway.forget_calls()
    hook = {"account": "tinycc", "url": URL, "tag": "print", "headers": masked["headers"]}
    for payload in (
        await gateway.payload(UPDATE_WEBHOOK, input={"id": masked["id"], "headers": masked["headers"]}),
        await gateway.payload(CREATE_WEBHOOK, input=hook),
    ):
        error = only_error(payload)
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "headers", index, "value"])
        assert payload["webhook"] is None
    assert gateway.calls() == {}
