"""Making, changing and deleting webhooks of tiny.cc."""

import pytest

from harness.tinycc_vendor import Server, asked, body_of, failed, saying, server
from linkweave.errors import NotFoundError, RejectedError, UnsupportedError, VendorError
from linkweave.models import Webhook
from linkweave.models.changes import NewWebhook, WebhookPatch

URL = "https://example.com/endpoint.php"


async def listed(tiny: Server) -> dict[str, Webhook]:
    page = await tiny.adapter.list_webhooks(0, 100)
    tiny.calls.pop()
    return {hook.id: hook for hook in page.items}


async def test_every_field_of_a_webhook_is_sent() -> None:
    tiny = server()
    new = NewWebhook(
        URL,
        tag="print",
        method="GET",
        headers=(("Cache-control", "no-cache"), ("X-Empty", "")),
        encoding="form",
        ignore_errors=True,
    )
    made = await tiny.adapter.create_webhook(new)
    (entry,) = body_of(tiny.calls[0])["webhooks"]
    assert entry["headers"] == ["Cache-control: no-cache", "X-Empty: "]
    assert (entry["method"], entry["encoding"], entry["ignore_errors"]) == ("get", "form", True)
    assert (made.method, made.headers, made.ignore_errors) == ("get", new.headers, True)


async def test_a_webhook_is_changed_and_its_target_stays() -> None:
    tiny = server()
    before = (await listed(tiny))["3"]
    changed = await tiny.adapter.update_webhook("3", WebhookPatch(method="post", headers=(), ignore_errors=True))
    (call,) = tiny.calls
    assert (asked(call), body_of(call)) == (
        ("PATCH", "/webhooks/3", {}),
        {"webhooks": [{"method": "post", "headers": [], "ignore_errors": True}]},
    )
    assert (await listed(tiny))["3"] == changed
    assert (changed.link_handle, changed.url, changed.encoding) == (before.link_handle, before.url, before.encoding)
    assert (changed.method, changed.headers, changed.ignore_errors) == ("post", (), True)


@pytest.mark.parametrize("headers", [(("Authorization", "***"),), (("Accept", "*/*"), ("X-Key", " *** "))])
async def test_a_masked_header_is_never_written_back(headers: tuple[tuple[str, str], ...]) -> None:
    tiny = server()
    for write in (
        tiny.adapter.update_webhook("3", WebhookPatch(headers=headers)),
        tiny.adapter.create_webhook(NewWebhook(URL, tag="print", headers=headers)),
    ):
        with pytest.raises(UnsupportedError) as caught:
            await write
        assert caught.value.field == "headers"
    assert tiny.calls == []


async def test_more_webhooks_than_one_call_takes_are_several_calls() -> None:
    tiny = server()
    results = await tiny.adapter.delete_webhooks([str(n) for n in range(1500)])
    assert set(results.values()) == {None}
    assert [len(call.query["ids"].split(",")) for call in tiny.calls] == [1000, 500]


@pytest.mark.parametrize("webhook_id", ["", "1,2", "../urls/card", "2?ids=3"])
async def test_an_impossible_id_is_not_found_without_a_call(webhook_id: str) -> None:
    tiny = server()
    (error,) = (await tiny.adapter.delete_webhooks([webhook_id])).values()
    assert isinstance(error, NotFoundError)
    with pytest.raises(NotFoundError):
        await tiny.adapter.update_webhook(webhook_id, WebhookPatch(url=URL))
    assert tiny.calls == []


@pytest.mark.parametrize(
    ("new", "kind", "code"),
    [
        (NewWebhook(URL, link_handle="card"), NotFoundError, None),
        (NewWebhook(URL, tag="nope"), NotFoundError, "1309"),
        (NewWebhook(URL, tag="print", event="sunrise"), RejectedError, "1314"),
        (NewWebhook(URL, tag="print", encoding="xml"), RejectedError, "1314"),
    ],
)
async def test_a_webhook_that_the_vendor_refuses_is_an_error(
    new: NewWebhook, kind: type[VendorError], code: str | None
) -> None:
    tiny = server()
    with pytest.raises(kind) as caught:
        await tiny.adapter.create_webhook(new)
    assert caught.value.provider_code == code
    assert list(await listed(tiny)) == ["2", "3"]


async def test_a_refusal_inside_an_answer_is_a_refusal() -> None:
    with pytest.raises(RejectedError) as caught:
        await saying({"webhooks": [failed(1314)]}).adapter.update_webhook("7", WebhookPatch(url=URL))
    assert caught.value.provider_code == "1314"
