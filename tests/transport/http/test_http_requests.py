"""The wire: what is sent, and what cannot be sent."""

from dataclasses import replace

import httpx2
import pytest

from harness.wires import SECRET, over
from linkweave.errors import RejectedError
from linkweave.transport.call import Call

PLAIN = Call("ask", "GET", "/v1/a")


async def sent(call: Call, base_url: str = "http://vendor") -> httpx2.Request:
    requests: list[httpx2.Request] = []

    async def respond(request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        requests.append(request)
        return httpx2.Response(200, stream=httpx2.ByteStream(b"{}"))

    await over(httpx2.MockTransport(respond), base_url).send(call)
    (request,) = requests
    return request


async def test_a_plain_call_is_its_method_and_path_and_accepts_json() -> None:
    request = await sent(PLAIN)
    assert (request.method, str(request.url), request.content) == ("GET", "http://vendor/v1/a", b"")
    assert (request.headers["accept"], request.headers["accept-encoding"]) == ("application/json", "gzip")
    assert "content-type" not in request.headers


@pytest.mark.parametrize("base_url", ["http://vendor/tiny/api/3", "http://vendor/tiny/api/3/"])
async def test_the_path_is_appended_to_the_base_url(base_url: str) -> None:
    assert str((await sent(PLAIN, base_url)).url) == "http://vendor/tiny/api/3/v1/a"


async def test_the_query_keeps_its_order_and_its_repetitions_and_is_encoded() -> None:
    request = await sent(replace(PLAIN, query=(("b", "1"), ("b", "ł"), ("a", "x y&z"), ("c", ""))))
    assert request.url.raw_path == b"/v1/a?b=1&b=%C5%82&a=x+y%26z&c="


async def test_an_encoded_path_stays_as_it_is() -> None:
    request = await sent(replace(PLAIN, path="/v1/a%2Fb%3Fc/%2e%2ex/%F0%9F%98%80"))
    assert request.url.raw_path == b"/v1/a%2Fb%3Fc/%2e%2ex/%F0%9F%98%80"


async def test_headers_of_a_call_are_sent() -> None:
    request = await sent(replace(PLAIN, headers=(("x-token", "t"), ("x-more", "m"))))
    assert (request.headers["x-token"], request.headers["x-more"]) == ("t", "m")


async def test_json_is_sent_as_json() -> None:
    request = await sent(replace(PLAIN, method="POST", json={"a": ["ł", None]}))
    assert request.headers["content-type"] == "application/json"
    assert request.content == '{"a":["ł",null]}'.encode()


async def test_a_form_is_sent_with_every_field_even_those_that_share_a_name() -> None:
    request = await sent(replace(PLAIN, method="POST", form=(("tag", "a b"), ("tag", "c&d"))))
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.content == b"tag=a+b&tag=c%26d"


async def test_an_empty_form_is_a_form() -> None:
    request = await sent(replace(PLAIN, method="POST", form=()))
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.content == b""


@pytest.mark.parametrize(
    "change",
    [
        {"path": "/v1/links/../account"},
        {"path": "/v1/links/%2e%2E/account"},
        {"path": "/v1/links/..%2Faccount"},
        {"path": "/v1/links/%252e%252e/account"},
        {"path": "/v1/links/a%00b"},
        {"path": "/v1/links/..%5Caccount"},
        {"path": "/v1/links/.."},
        {"path": "/v1/./account"},
        {"path": "/v1/\x00"},
        {"path": "/v1/\ud800"},
        {"query": (("a", "\ud800"),)},
        {"query": (("a", "x" * 70_000),)},
        {"headers": (("x-token", "ł"),)},
        {"json": {"a": "\ud800"}},
        {"json": float("nan")},
        {"form": (("a", "\ud800"),)},
        {"form": (("a", "\ud800"),), "multipart": True},
    ],
)
@pytest.mark.parametrize("writes", [True, False])
async def test_a_call_that_does_not_fit_into_a_request_is_rejected_before_anything_is_sent(
    change: dict[str, object], *, writes: bool
) -> None:
    call = replace(PLAIN, **{"headers": (("x-token", SECRET),), "writes": writes, **change})  # type: ignore[arg-type]
    with pytest.raises(RejectedError) as caught:
        await sent(call)
    assert str(caught.value) == "main cannot be sent this call: it does not fit into an HTTP request (ask)"
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def test_a_base_url_that_is_no_url_is_rejected_too() -> None:
    with pytest.raises(RejectedError):
        await sent(PLAIN, "http://[::1")
