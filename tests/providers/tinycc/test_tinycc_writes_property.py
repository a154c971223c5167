"""tiny.cc's writes: whatever stands anywhere in an answer, each input has a link or an error of ours."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.odd_answers import odd_values, replaced, value_paths
from harness.tinycc_vendor import canned, entry, failed
from linkweave.errors import AmbiguousError, VendorError
from linkweave.models import Webhook
from linkweave.models.changes import LinkPatch, NewLink, NewWebhook, WrittenLink
from linkweave.providers.tinycc.adapter import TinyccAdapter

Write: TypeAlias = Callable[[TinyccAdapter], Awaitable[object]]

ANSWER: Any = {
    "error": {"code": 0, "message": ""},
    "urls": [entry(hash="a"), failed(1215, custom_hash="b", long_url="http://google.com")],
    "tags": [{"label": "pear"}],
    "webhooks": [
        {
            "id": "3",
            "event": "click",
            "type": "url",
            "url_hash": "a",
            "url_domain": "m.tiny.cc",
            "url": "https://example.com/endpoint.php",
            "method": "get",
            "headers": ["Cache-control: no-cache"],
            "encoding": "form",
            "ignore_errors": False,
        }
    ],
}
NEW = (NewLink("http://google.com", slug="a"), NewLink("http://google.com", slug="b"))
TWO = ("m.tiny.cc/a", "m.tiny.cc/b")
WRITES: dict[str, Write] = {
    "create": lambda adapter: adapter.create_links(NEW),
    "update alike": lambda adapter: adapter.update_links([(handle, LinkPatch(note="n")) for handle in TWO]),
    "update": lambda adapter: adapter.update_links([(handle, LinkPatch(note=handle)) for handle in TWO]),
    "delete": lambda adapter: adapter.delete_links(TWO),
    "reset": lambda adapter: adapter.reset_stats(TWO),
    "tag": lambda adapter: adapter.create_tag("pear"),
    "webhook": lambda adapter: adapter.create_webhook(NewWebhook("https://e.com", tag="pear")),
}


async def results(write: Write, body: bytes) -> list[object]:
    try:
        result = await write(canned(body))
    except VendorError as error:
        return [error]
    if isinstance(result, dict):
        return list(result.values())
    return list(result) if isinstance(result, list) else [result]


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@given(place=st.sampled_from(list(value_paths(ANSWER))), value=odd_values)
@settings(max_examples=40)
def test_any_value_anywhere_leads_to_a_result_or_to_an_error_of_the_gateway(
    write: Write, place: tuple[Any, ...], value: object
) -> None:
    body = json.dumps(replaced(ANSWER, place, value)).encode("utf-8", "replace")
    found = asyncio.run(results(write, body))
    assert found
    assert all(isinstance(each, WrittenLink | Webhook | VendorError | str | None) for each in found)


async def test_a_complete_answer_is_read_completely() -> None:
    body = json.dumps(ANSWER).encode()
    made, taken = await results(WRITES["create"], body)
    assert isinstance(made, WrittenLink)
    assert isinstance(taken, VendorError)
    assert (made.link.handle, taken.field) == ("m.tiny.cc/a", "slug")
    assert await results(WRITES["tag"], body) == ["pear"]
    (hook,) = await results(WRITES["webhook"], body)
    assert isinstance(hook, Webhook)
    assert await results(WRITES["reset"], body) == [None, None]
    (kept, gone) = await results(WRITES["delete"], json.dumps({**ANSWER, "urls": [entry(hash="a")]}).encode())
    assert isinstance(kept, VendorError)
    assert not isinstance(kept, AmbiguousError)
    assert gone is None
