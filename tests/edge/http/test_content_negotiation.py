"""The format that an `Accept` header asks for."""

import pytest

from linkweave.edge.http.content_negotiation import GRAPHQL_JSON, JSON, accept_of, negotiate, prefers_html
from linkweave.edge.http.incremental_delivery import IncrementalFormat

MODERN = [
    GRAPHQL_JSON,
    f"{GRAPHQL_JSON}, {JSON}",
    f"{JSON}, {GRAPHQL_JSON}",
    f"{GRAPHQL_JSON},{JSON};q=0.9",
    f"{GRAPHQL_JSON}; charset=utf-8, {JSON}; charset=utf-8",
    f"{GRAPHQL_JSON}, */*",
    f"{GRAPHQL_JSON};q=0.1, {JSON};q=0",
    f"{JSON};q=0.5, {GRAPHQL_JSON};q=0.6",
    f"{JSON};q=0, */*",
    f"application/*, {JSON};q=0.3",
    "APPLICATION/GraphQL-Response+JSON",
    f"text/html;q=0.9, {GRAPHQL_JSON};q=0.2",
    f"{GRAPHQL_JSON};q=nonsense",
    f"{GRAPHQL_JSON};Q=0.5, {JSON};q=0.4",
    f"{GRAPHQL_JSON};q=7, {JSON};q=1",
]
PLAIN = [
    None,
    "",
    " , ,",
    "*/*",
    "*",
    "application/*",
    JSON,
    "Application/JSON",
    f"{JSON}, text/plain, */*",
    f"{JSON};q=0.9, */*;q=0.1",
    f"{JSON};q=0.9, {GRAPHQL_JSON};q=0.8",
    f"{GRAPHQL_JSON};q=0, {JSON}",
    f"{GRAPHQL_JSON};q=-1, {JSON};q=0.1",
    f"{GRAPHQL_JSON};q=0, */*",
    f"{GRAPHQL_JSON};q=0.5, */*",
    "text/html, image/gif, *; q=.2",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    'application/json;profile="a, b"',
]
NOTHING = [
    "text/html",
    "application/xml",
    "application/graphql+json",
    "*/*;q=0",
    f"{JSON};q=0",
    f"{JSON};q=0.0, {GRAPHQL_JSON};q=0",
    "multipart/mixed;q=0",
    "multipart/form-data",
    "json",
    "\u00e4\u00f6",
]


@pytest.mark.parametrize("accept", MODERN)
def test_a_client_that_prefers_graphqls_own_type_gets_it(accept: str) -> None:
    found = negotiate(accept)
    assert found
    assert (found.media_type, found.uses_status) == (GRAPHQL_JSON, True)


@pytest.mark.parametrize("accept", PLAIN)
def test_every_other_client_gets_plain_json(accept: str | None) -> None:
    found = negotiate(accept)
    assert found
    assert (found.media_type, found.uses_status) == (JSON, False)


@pytest.mark.parametrize("accept", NOTHING)
def test_a_client_that_accepts_neither_gets_no_format(accept: str) -> None:
    assert negotiate(accept) is None


NEWEST, DEFER_2022, BOTH = IncrementalFormat.NEWEST, IncrementalFormat.DEFER_2022, IncrementalFormat.BOTH


@pytest.mark.parametrize(
    ("accept", "media_type", "incremental"),
    [
        ("multipart/mixed", JSON, BOTH),
        ("multipart/*", JSON, BOTH),
        # Apollo Client 3 and 4, Relay's examples, urql.
        (f"multipart/mixed; deferSpec=20220824, {JSON}", JSON, DEFER_2022),
        (f"multipart/mixed;deferSpec=20220824,{GRAPHQL_JSON},{JSON};q=0.9", GRAPHQL_JSON, DEFER_2022),
        (f"multipart/mixed;incrementalSpec=v0.2,{GRAPHQL_JSON},{JSON};q=0.9", GRAPHQL_JSON, NEWEST),
        (f'multipart/mixed; DeferSpec="20220824"; boundary=x, {JSON}', JSON, DEFER_2022),
        (f"{GRAPHQL_JSON}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed", GRAPHQL_JSON, BOTH),
        ("*/*;q=0, multipart/mixed;q=0.1", JSON, BOTH),
        ("multipart/mixed;deferSpec=20220824;q=0.5, multipart/mixed;incrementalSpec=v0.2", JSON, NEWEST),
        ("multipart/mixed;deferSpec=20990101, multipart/mixed;deferSpec=20220824;q=0.1", JSON, DEFER_2022),
    ],
)
def test_parts_are_for_clients_that_name_them_in_the_format_that_they_name(
    accept: str, media_type: str, incremental: IncrementalFormat
) -> None:
    found = negotiate(accept)
    assert found
    assert (found.media_type, found.incremental) == (media_type, incremental)


@pytest.mark.parametrize("spec", ["deferSpec=20990101", "incrementalSpec=v9", "subscriptionSpec=1.0"])
def test_a_format_that_the_gateway_does_not_write_means_an_answer_in_one_piece(spec: str) -> None:
    found = negotiate(f"multipart/mixed;{spec}, {JSON}")
    assert found
    assert found.incremental is None


@pytest.mark.parametrize("accept", [None, "*/*", JSON, GRAPHQL_JSON, f"multipart/mixed;q=0, {JSON}"])
def test_no_other_client_gets_parts(accept: str | None) -> None:
    found = negotiate(accept)
    assert found
    assert not found.incremental


@pytest.mark.parametrize(
    "accept", ["text/html", "*/*", "text/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"]
)
def test_a_page_is_for_browsers_and_for_clients_that_accept_anything(accept: str) -> None:
    assert prefers_html(accept)


@pytest.mark.parametrize(
    "accept", [None, "", JSON, "text/xml", f"{JSON}, text/plain, */*", f"{JSON}, text/html;q=0.9", "text/html;q=0, */*"]
)
def test_a_page_is_not_for_programs(accept: str | None) -> None:
    assert not prefers_html(accept)


@pytest.mark.parametrize(
    ("values", "together"),
    [([], None), ([b""], None), ([b"a/b"], "a/b"), ([b"a/b", b"c/d;q=0"], "a/b, c/d;q=0"), ([b"\xe4"], "\u00e4")],
)
def test_repeated_accept_headers_are_joined(values: list[bytes], together: str | None) -> None:
    headers = [(b"host", b"x"), *((b"accept", value) for value in values)]
    assert accept_of({"type": "http", "headers": headers}) == together
