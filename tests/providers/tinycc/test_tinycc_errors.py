"""How tiny.cc says no, and what becomes of answers that are not as documented."""

from typing import Any

import pytest

from harness.tinycc_vendor import canned, entry, refusal, server, urls
from linkweave.errors import (
    BadResponseError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)
from linkweave.models import LinkFilter
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.tinycc.refusals import classify

LANE = Lane("m.tiny.cc", {"domain": "m.tiny.cc"})

KINDS: dict[int, type[VendorError]] = {
    101: RejectedError,
    1102: UnauthenticatedError,
    1204: NotFoundError,
    1206: RejectedError,
    1215: ConflictError,
    1216: RejectedError,
    1217: ForbiddenError,
    1218: RejectedError,
    1219: RateLimitedError,
    1220: QuotaExhaustedError,
    1221: RejectedError,
    1300: UnauthenticatedError,
    1301: NotFoundError,
    1302: RejectedError,
    1303: QuotaExhaustedError,
    1305: RejectedError,
    1306: NotFoundError,
    1307: RejectedError,
    1308: RejectedError,
    1309: NotFoundError,
    1310: RejectedError,
    1311: RejectedError,
    1312: RejectedError,
    1313: NotFoundError,
    1314: RejectedError,
    4711: RejectedError,
}


@pytest.mark.parametrize("status", [200, 400, 404, 429])
@pytest.mark.parametrize(("code", "kind"), KINDS.items())
def test_the_code_decides_whatever_the_http_status(status: int, code: int, kind: type[VendorError]) -> None:
    for said in (code, str(code)):
        refused = classify(status, {"error": {"code": said, "message": ""}})
        assert refused is not None
        assert (refused.kind, refused.provider_code) == (kind, str(code))


@pytest.mark.parametrize("code", [101, 1308])
def test_a_breakdown_with_a_server_error_is_the_vendor_being_unavailable(code: int) -> None:
    refused = classify(500, refusal(code))
    assert refused is not None
    assert (refused.kind, refused.provider_code) == (UnavailableError, str(code))


@pytest.mark.parametrize(
    "data",
    [
        {"error": {"code": 0, "message": ""}},
        {"error": {"code": "0"}},
        {"error": {"code": True}},
        {"error": {"code": None}},
        {"error": {"code": "9" * 5000}},
        {"error": {"code": [1300]}},
        {"error": "Invalid API key"},
        {"urls": []},
        [],
        None,
    ],
)
def test_without_a_code_only_the_http_status_tells(data: object) -> None:
    assert classify(200, data) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, UnauthenticatedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (422, RejectedError),
        (429, RateLimitedError),
        (502, UnavailableError),
    ],
)
async def test_an_http_error_without_a_code_is_told_by_its_status(status: int, kind: type[VendorError]) -> None:
    with pytest.raises(kind) as caught:
        await canned({"error": {"code": 0, "message": ""}}, status).list_tags()
    assert caught.value.provider_code is None


async def test_an_error_names_account_operation_and_code_and_nothing_of_the_vendors_text() -> None:
    body = {"error": {"code": 1300, "message": "Invalid API key sandbox-tinycc-key at http://x"}}
    with pytest.raises(UnauthenticatedError) as caught:
        await canned(body, 400).list_tags()
    assert caught.value.message == "print: invalid API key (list tags)"
    assert caught.value.extensions == {"code": "UNAUTHENTICATED", "account": "print", "providerCode": "1300"}


@pytest.mark.parametrize(("changed", "code"), [({"username": "nobody"}, "1102"), ({"api_key": "wrong"}, "1300")])
async def test_wrong_credentials_are_unauthenticated(changed: dict[str, object], code: str) -> None:
    with pytest.raises(UnauthenticatedError) as caught:
        await server(**changed).adapter.usage()
    assert caught.value.provider_code == code


async def test_an_inactive_account_is_forbidden() -> None:
    tiny = server()
    tiny.state.active = False
    with pytest.raises(ForbiddenError):
        await tiny.adapter.plan_links(LinkFilter())


async def test_calls_over_the_daily_limit_are_an_exhausted_quota_until_the_next_day() -> None:
    tiny = server()
    tiny.state.call_limit = 2
    await tiny.adapter.list_tags()
    await tiny.adapter.list_tags()
    with pytest.raises(QuotaExhaustedError) as caught:
        await tiny.adapter.list_tags()
    assert caught.value.provider_code == "1303"
    tiny.clock.advance(24 * 3600)
    assert await tiny.adapter.list_tags()


@pytest.mark.parametrize(
    "changed",
    [
        {"hash": ""},
        {"hash": None},
        {"hash": True},
        {"long_url": None},
        {"short_url": "h"},
        {"short_url": "/h"},
        {"short_url": "user@m.tiny.cc/h"},
        {"total_clicks": None},
        {"total_clicks": -1},
        {"total_clicks": 1.5},
        {"unique_clicks": False},
        {"unique_clicks": "many"},
        {"last_visit": "yesterday"},
        {"last_visit": 5},
        {"last_visit": ""},
        {"last_visit": "0001-01-01T00:00:00+14:00"},
        {"expiration_date": "2016-13-40"},
        {"expiration_date": 5},
        {"max_clicks": "none"},
        {"tags": None},
        {"tags": [{"label": "a"}]},
        {"tags": "a"},
        {"links": []},
        {"archived": "perhaps"},
        {"note": ["secret body"]},
    ],
)
async def test_a_link_of_another_shape_is_a_bad_response_that_tells_where_and_never_what(
    changed: dict[str, object],
) -> None:
    body = urls(entry(**{"long_url": "http://secret body", "note": "secret body", **changed}))
    with pytest.raises(BadResponseError) as caught:
        await canned(body).list_links(LANE, None)
    assert "secret body" not in str(caught.value)
    assert "list links" in caught.value.message
    assert caught.value.account == "print"


@pytest.mark.parametrize("missing", ["hash", "long_url", "short_url", "total_clicks", "unique_clicks", "tags"])
async def test_a_link_without_what_every_link_has_is_a_bad_response(missing: str) -> None:
    broken = entry()
    del broken[missing]
    with pytest.raises(BadResponseError):
        await canned(urls(broken)).list_links(LANE, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"urls": null}',
        b'{"urls": {}}',
        b'{"urls": [null]}',
        b'{"urls": [], "page": []}',
        b'{"urls": [], "page": {"total_count": null}}',
        b'{"urls": [NaN]}',
        b'{"urls": [',
        b'{"urls": [], "urls": 5}',
        b"\xff\xfe",
    ],
)
async def test_an_answer_that_is_no_list_is_a_bad_response(body: bytes) -> None:
    with pytest.raises(BadResponseError):
        await canned(body).list_links(LANE, None)


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("list_tags", {"tags": None}),
        ("list_tags", {"tags": ["banana"]}),
        ("list_tags", {"tags": [{"label": None}]}),
        ("list_domains", {"domains": [{"domain": "", "status": "active"}]}),
        ("list_domains", {"domains": [{"domain": "a.example"}]}),
        ("list_domains", {"domains": [{"domain": "a.example", "status": "active", "redirect_code": "soon"}]}),
        ("usage", {"account": None}),
        ("usage", {"account": {"subscription_plan": "x", "account_expiration_date": "never", "counters": {}}}),
        ("usage", {"account": {"subscription_plan": "x", "counters": {"urls": 13}}}),
        ("usage", {"account": {"subscription_plan": "x", "counters": {"urls": {"count": None}}}}),
        ("usage", {"account": {"subscription_plan": "x", "counters": None}}),
    ],
)
async def test_other_answers_of_another_shape_are_bad_responses(method: str, body: Any) -> None:
    with pytest.raises(BadResponseError):
        await getattr(canned(body), method)()
