"""ShortenWorld's noes and nonsense, in our words."""

import json

import pytest

from harness.shortenworld_vendor import (
    LINKS,
    OK,
    TEAMS,
    Answer,
    Vendor,
    account_of,
    adapter_of,
    good,
    link_row,
    refused,
)
from linkweave.errors import (
    BadResponseError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)
from linkweave.providers.read_capabilities import Lane

SHOWN = Lane("shown", {"hidden": "false"})


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (refused(401, "Unauthorized"), UnauthenticatedError, "401"),
        (refused(403, "permission denied"), ForbiddenError, "403"),
        (refused(403, "permission denied", http=403), ForbiddenError, "403"),
        ((403, b""), ForbiddenError, None),
        (refused(429), RateLimitedError, "429"),
        (refused(7, http=429), RateLimitedError, "7"),
        (refused(1, "Domain not found"), NotFoundError, "1"),
        (refused(1, "LINK NOT FOUND", http=404), NotFoundError, "1"),
        (refused(1, "Domain is taken"), RejectedError, "1"),
        (refused(1, "Code already exists"), ConflictError, "1"),
        (refused(1, "The code has been taken"), ConflictError, "1"),
        (refused(1, "Your explanation is too long"), RejectedError, "1"),
        (refused(1, "Please upgrade"), PlanRequiredError, "1"),
        (refused(1, "Not available on free plan"), PlanRequiredError, "1"),
        (refused(1, "You have reached the limit of your plan"), QuotaExhaustedError, "1"),
        (refused(1, None), RejectedError, "1"),  # type: ignore[arg-type]
        (refused("12", "no"), RejectedError, "12"),
        (refused(-3, "no"), RejectedError, "-3"),
        (refused(5, "no", http=400), RejectedError, "5"),
        ((404, b"<html>Not Found</html>"), RejectedError, "404"),
        ((500, {"status": {"code": 1, "message": "Link not found", "timestamp": 1}}), UnavailableError, None),
        ((302, b""), BadResponseError, None),
    ],
)
async def test_a_no_is_of_our_kind_and_keeps_the_vendors_number(
    answer: Answer,
    kind: type[VendorError],
    code: str | None,
) -> None:
    adapter = adapter_of(account_of(Vendor({TEAMS: answer})))

    with pytest.raises(VendorError) as refusal:
        await adapter.list_teams()

    assert type(refusal.value) is kind
    assert refusal.value.provider_code == code
    assert (refusal.value.account, refusal.value.operation) == ("sw", "list teams")


async def test_the_vendors_words_are_shown_without_anything_that_may_be_a_secret() -> None:
    message = "Token eyJhbGciOiJIUzI1NiJ9.eyJzdWIi at https://u:p@x.example\n\x1b[2J is wrong " + "very " * 99

    with pytest.raises(RejectedError) as refusal:
        await adapter_of(account_of(Vendor({TEAMS: refused(8, message)}))).list_teams()

    shown = refusal.value.message
    assert shown.startswith('sw: says "Token … at … … is wrong very very')
    assert len(shown) < 160


async def test_a_no_without_words_tells_its_number() -> None:
    with pytest.raises(RejectedError, match="code 8"):
        await adapter_of(account_of(Vendor({TEAMS: refused(8)}))).list_teams()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>secret-body</html>",
        b'{"status": {"code": 0}, "links": [',
        b"null",
        b"[]",
        b'"secret-body"',
        b"{}",
        b'{"links": []}',
        b'{"status": null, "links": []}',
        b'{"status": {}, "links": []}',
        b'{"status": {"code": null}, "links": []}',
        b'{"status": {"code": true}, "links": []}',
        b'{"status": {"code": [1]}, "links": []}',
        b'{"status": {"code": 0.5}, "links": []}',
        b'{"status": {"code": NaN}, "links": []}',
        b'{"status": {"code": 0}}',
        b'{"status": {"code": 0}, "links": null}',
        b'{"status": {"code": 0}, "links": {}}',
        b'{"status": {"code": 0}, "links": "secret-body"}',
        b'{"status": {"code": 0}, "links": [null]}',
        b'{"status": {"code": 0}, "links": ["secret-body"]}',
        b'{"status": {"code": 0}, "links": [], "links": 5}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
async def test_an_answer_of_another_shape_is_a_bad_response_that_does_not_quote_it(body: bytes) -> None:
    adapter = adapter_of(account_of(Vendor({LINKS: (200, body)})))

    with pytest.raises(BadResponseError) as failure:
        await adapter.list_links(SHOWN, None)

    assert "secret-body" not in str(failure.value)
    assert failure.value.operation == "list links"


@pytest.mark.parametrize(
    "changed",
    [
        {"id": ...},
        {"id": ""},
        {"id": None},
        {"id": ["secret-body"]},
        {"code": ""},
        {"code": {"secret-body": 1}},
        {"linkShort": ...},
        {"linkShort": "go.example.com/secret-body"},
        {"linkShort": "https://[secret-body"},
        {"linkShort": "javascript://go.example.com/secret-body"},
        {"destination": ...},
        {"destination": None},
        {"title": ["secret-body"]},
        {"tags": None},
        {"tags": "secret-body"},
        {"tags": [{"name": "secret-body"}]},
        {"tags": [None]},
        {"hidden": "secret-body"},
        {"hidden": []},
        {"clicks": -1},
        {"clicks": 1.5},
        {"clicks": "secret-body"},
        {"clicks": True},
        {"clicks": 10**30},
        {"createdTime": "secret-body"},
        {"createdTime": -1},
        {"createdTime": 10**18},
        {"createdTime": 1e300},
        {"createdTime": True},
        {"teamId": []},
        {"campaignId": {}},
    ],
)
async def test_a_link_of_another_shape_is_a_bad_response_that_does_not_quote_it(changed: dict[str, object]) -> None:
    rows = [link_row(1), link_row(2, **changed)]
    adapter = adapter_of(account_of(Vendor({LINKS: good(links=rows)})))

    with pytest.raises(BadResponseError) as failure:
        await adapter.list_links(SHOWN, None)

    assert "secret-body" not in str(failure.value)


@pytest.mark.parametrize("row", [{"id": 1}, {"name": "x"}, {"id": "1", "name": None}, 7])
async def test_teams_of_another_shape_are_a_bad_response(row: object) -> None:
    with pytest.raises(BadResponseError):
        await adapter_of(account_of(Vendor({TEAMS: good(teams=[row])}))).list_teams()


async def test_a_byte_order_mark_or_a_long_answer_is_a_bad_response() -> None:
    whole = json.dumps({"status": OK, "teams": []}).encode()
    for body in (b"\xef\xbb\xbf" + whole, whole + b" " * 1_000_000):
        with pytest.raises(BadResponseError):
            await adapter_of(account_of(Vendor({TEAMS: (200, body)}))).list_teams()
