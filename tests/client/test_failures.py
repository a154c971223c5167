"""What the Python client makes of failures, and which requests it sends again. The transport is a function."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import httpx2
import pytest
import stamina

from linkweave.client import (
    CreateLinkInput,
    HttpStatusError,
    LinkweaveClient,
    LinkweaveError,
    OperationError,
    SyncLinkweaveClient,
    TopLinks,
    UnreachableError,
    UpdateLinkInput,
    Upload,
    UploadFileInput,
)

ADDRESS = "http://gateway.example/graphql"
CREATE = CreateLinkInput(accounts=["tinycc"], destination="https://www.example.com/")
ERROR = {"message": "gone", "path": ["links", "edges", 0], "extensions": {"code": "UNAVAILABLE"}}
PAYLOAD: dict[str, Any] = {"createLink": {"link": None, "created": False, "errors": []}}

Call = Callable[[SyncLinkweaveClient], object]


@dataclass
class Gateway:
    """Answers each request by the next of `answers`; the last one stays."""

    answers: list[httpx2.Response | httpx2.TransportError]
    requests: list[httpx2.Request] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, httpx2.TransportError):
            raise answer
        return answer

    def sent(self) -> list[Any]:
        return [json.loads(request.content)["variables"] for request in self.requests]


@pytest.fixture(autouse=True)
def _without_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


def answered(data: object, *errors: object, status: int = 200, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json={"data": data, "errors": errors} if errors else {"data": data}, headers=headers)


def find(client: SyncLinkweaveClient) -> object:
    return client.find_links()


def create(client: SyncLinkweaveClient) -> object:
    return client.create_link(CREATE)


def update(client: SyncLinkweaveClient) -> object:
    return client.update_link(UpdateLinkInput(id="a", title="b"))


@pytest.mark.parametrize(
    ("call", "failure", "times"),
    [
        (find, httpx2.ReadError("broken"), 3),
        (find, httpx2.Response(502, text="<html>"), 3),
        (find, answered(None, ERROR, status=503), 3),
        (find, answered(None, ERROR, status=401), 1),
        (find, httpx2.Response(404, text="nothing"), 1),
        (create, httpx2.ReadError("broken"), 3),
        (update, httpx2.ReadError("broken"), 1),
        (update, httpx2.Response(502, text="<html>"), 1),
        (update, httpx2.ConnectError("refused"), 3),
    ],
)
def test_a_request_is_sent_again_only_if_it_may_arrive_twice(
    call: Call, failure: httpx2.Response | httpx2.TransportError, times: int
) -> None:
    gateway = Gateway([failure])
    with (
        SyncLinkweaveClient(ADDRESS, transport=httpx2.MockTransport(gateway)) as client,
        pytest.raises(UnreachableError if isinstance(failure, Exception) else (OperationError, HttpStatusError)),
    ):
        call(client)
    assert len(gateway.requests) == times


async def test_a_create_that_is_sent_again_has_the_same_idempotency_key() -> None:
    gateway = Gateway([httpx2.ReadError("broken"), answered(PAYLOAD)])
    async with LinkweaveClient(ADDRESS, token="secret", transport=httpx2.MockTransport(gateway)) as client:
        await client.create_link(CREATE)
        await client.create_link(CREATE.model_copy(update={"idempotency_key": "mine"}))
    first, second, other = gateway.sent()
    assert first == second
    assert first["input"].keys() == {"accounts", "destination", "idempotencyKey"}
    assert other["input"]["idempotencyKey"] == "mine"
    assert {request.headers["authorization"] for request in gateway.requests} == {"Bearer secret"}


def failure_of(answer: httpx2.Response, call: Call) -> LinkweaveError:
    with (
        SyncLinkweaveClient(ADDRESS, transport=httpx2.MockTransport(Gateway([answer]))) as client,
        pytest.raises(LinkweaveError) as failure,
    ):
        call(client)
    return failure.value


@pytest.mark.parametrize("token", ["lw_a\n", "lw_\xe9"])
@pytest.mark.parametrize("kind", [LinkweaveClient, SyncLinkweaveClient])
def test_a_token_that_no_header_can_hold_is_refused_and_not_shown(
    kind: type[LinkweaveClient | SyncLinkweaveClient], token: str
) -> None:
    with pytest.raises(ValueError, match="the token has characters") as caught:
        kind(ADDRESS, token=token)
    assert token not in str(caught.value)


def test_the_data_beside_an_error_has_the_type_of_the_result() -> None:
    data = {
        "links": {"edges": [], "sources": [{"account": {"key": "dub"}, "status": "OK", "asOf": None, "notice": None}]}
    }
    failure = failure_of(answered(data, ERROR), lambda client: client.top_links())
    assert isinstance(failure, OperationError)
    assert failure.errors[0].path == ("links", "edges", 0)
    partial = failure.partial(TopLinks)
    assert partial is not None
    assert partial.links.sources[0].account.key == "dub"


def test_a_refusal_says_when_to_try_again() -> None:
    failure = failure_of(answered(None, ERROR, status=429, **{"Retry-After": "7"}), find)
    assert isinstance(failure, OperationError)
    assert (failure.status, failure.retry_after_seconds, failure.data) == (429, 7.0, None)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (answered(None, ERROR), "UNAVAILABLE: gone"),
        (httpx2.Response(403, text="<html>"), "status 403"),
        (httpx2.Response(200, text="not a stream"), "status 200"),
        (
            httpx2.Response(200, text="event: next\ndata: {}\n\n", headers={"content-type": "text/event-stream"}),
            "status 200",
        ),
    ],
)
def test_a_subscription_that_is_refused_says_why(answer: httpx2.Response, expected: str) -> None:
    assert expected in str(failure_of(answer, lambda client: list(client.link_changes())))


def test_a_file_is_sent_whole_again_if_the_gateway_was_not_reached() -> None:
    picture = UploadFileInput(account="chevereto", file=Upload("a.png", BytesIO(b"the bytes"), "image/png"))
    gateway = Gateway([httpx2.ConnectError("refused"), httpx2.ReadError("broken")])
    with (
        SyncLinkweaveClient(ADDRESS, transport=httpx2.MockTransport(gateway)) as client,
        pytest.raises(UnreachableError),
    ):
        client.upload_file(picture)
    assert len(gateway.requests) == 2
    for request in gateway.requests:
        assert request.headers["graphql-require-preflight"]
        assert b'{"0": ["variables.input.file"]}' in request.content
        assert b'"variables": {"input": {"account": "chevereto", "file": null}}' in request.content
        assert b'filename="a.png"' in request.content
        assert b"the bytes" in request.content
