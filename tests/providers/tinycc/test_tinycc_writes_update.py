"""Changing links at tiny.cc, in its three styles."""

from datetime import date
from typing import Any

import pytest

from harness.tinycc_vendor import (
    DEFAULT,
    OTHER,
    Server,
    asked,
    body_of,
    canned,
    entry,
    failed,
    read_back,
    refusal,
    saying,
    scripted,
    server,
    urls,
    wrote,
)
from linkweave.errors import (
    AmbiguousError,
    NotFoundError,
    RejectedError,
    VendorError,
)
from linkweave.models import Expiry, Link
from linkweave.models.changes import LinkPatch, WrittenLink
from linkweave.providers.tinycc.adapter import TinyccAdapter

CARD = f"{DEFAULT}/card"
ABC = [f"m.tiny.cc/{slug}" for slug in "abc"]


async def change(tiny: Server, handle: str, patch: LinkPatch) -> Link:
    """Apply the plan of a patch and read the link back."""
    for step in tiny.adapter.plan_update(patch):
        handle = await step.run(handle)
    found = await read_back(tiny, handle)
    assert found is not None
    return found


async def outcome(adapter: TinyccAdapter, patches: list[tuple[str, LinkPatch]]) -> list[str]:
    """The slug of each link that was changed, the name of the error of each that was not."""
    results = await adapter.update_links(patches)
    return [result.link.slug if isinstance(result, WrittenLink) else type(result).__name__ for result in results]


@pytest.mark.parametrize(
    ("patch", "keys"),
    [
        (LinkPatch(slug="s"), {"custom_hash": "s"}),
        (LinkPatch(destination="https://e.com"), {"long_url": "https://e.com"}),
        (LinkPatch(note="n"), {"note": "n"}),
        (LinkPatch(note=None), {"note": ""}),
        (LinkPatch(email_reports=False), {"email_stats": False}),
        (LinkPatch(expiry=Expiry(at=date(2016, 1, 2))), {"expiration_date": "2016-01-02"}),
        (LinkPatch(expiry=Expiry(after_clicks=3)), {"max_clicks": 3}),
        (LinkPatch(expiry=None), {"expiration_date": None, "max_clicks": 0}),
        (LinkPatch(add_tags=("a", "b c")), {"tags": ["+a", "+b c"]}),
        (LinkPatch(remove_tags=("a",)), {"tags": ["-a"]}),
        (LinkPatch(add_tags=("a",), remove_tags=("b",)), {"tags": ["+a", "-b"]}),
        (LinkPatch(add_tags=(), remove_tags=()), {}),
        (LinkPatch(protected=True), {"protected": True}),
        (LinkPatch(archived=False), {"archived": False}),
    ],
)
async def test_each_change_is_sent_in_the_vendors_keys_and_nothing_else(
    patch: LinkPatch, keys: dict[str, object]
) -> None:
    tiny = server()
    await change(tiny, CARD, patch)
    (call,) = tiny.calls
    assert body_of(call) == {"urls": [keys]}


def test_a_plan_is_one_step_for_all_fields_and_empty_for_no_field() -> None:
    adapter = server().adapter
    (step,) = adapter.plan_update(LinkPatch(note="n", archived=True))
    assert step.fields == {"note", "archived"}
    assert adapter.plan_update(LinkPatch()) == ()


def test_parts_of_an_expiry_are_input_problems_in_a_patch_as_in_a_new_link() -> None:
    adapter = server().adapter
    (objection,) = adapter.check_patch(LinkPatch(expiry=Expiry(after_clicks=1, redirect_to="https://e.com")))
    assert objection.path == ("expiry", "redirect_to")
    assert adapter.check_patch(LinkPatch()) == ()
    assert adapter.check_patch(LinkPatch(expiry=None)) == ()


async def test_each_domain_is_a_call_and_results_have_the_order_of_the_input() -> None:
    tiny = server()
    patch = LinkPatch(note="n")
    other = tiny.state.urls_of(OTHER)[0].hash
    handles = [f"{OTHER}/card", CARD, f"{OTHER}/{other}"]
    results = await tiny.adapter.update_links([(handle, patch) for handle in handles])
    assert [result.link.handle for result in results if isinstance(result, WrittenLink)] == handles
    assert [asked(call) for call in tiny.calls] == [
        ("PATCH", "/urls", {"domain": OTHER, "hashes": f"card,{other}"}),
        ("PATCH", "/urls/card", {"domain": DEFAULT}),
    ]


async def test_one_link_twice_gets_both_changes_in_order() -> None:
    tiny = server()
    assert await outcome(tiny.adapter, [(CARD, LinkPatch(note="1")), (CARD, LinkPatch(note="2"))]) == ["card", "card"]
    assert tiny.state.url(DEFAULT, "card").note == "2"
    await outcome(tiny.adapter, [(CARD, LinkPatch(note="3"))] * 2)
    assert len(tiny.calls) == 2
    assert body_of(tiny.calls[1]) == {"urls": [{"hash": "card", "note": "3"}] * 2}


async def test_a_failed_link_of_a_batch_fails_alone_and_in_its_place() -> None:
    tiny = server()
    patches = [
        (f"{DEFAULT}/nope", LinkPatch(note="n")),
        (CARD, LinkPatch(note="n", slug="card")),
        ("no handle", LinkPatch(note="n")),
        (CARD, LinkPatch(destination="nowhere")),
    ]
    assert await outcome(tiny.adapter, patches) == ["NotFoundError", "card", "NotFoundError", "RejectedError"]
    assert len(tiny.calls) == 1


@pytest.mark.parametrize("handle", [f"{DEFAULT}/nope", "no handle", f"{DEFAULT}/a,b"])
async def test_an_unknown_link_is_not_found(handle: str) -> None:
    (step,) = server().adapter.plan_update(LinkPatch(note="n"))
    with pytest.raises(NotFoundError):
        await step.run(handle)


async def test_a_hash_is_percent_encoded_in_the_path() -> None:
    vendor = saying(wrote(entry(hash="a/b?c")))
    await vendor.adapter.update_links([("m.tiny.cc/a/b?c", LinkPatch(note="n"))])
    assert vendor.lines == [("PATCH", "/urls/a%2Fb%3Fc?domain=m.tiny.cc")]


async def test_an_update_returns_the_link_of_the_vendors_answer() -> None:
    (result,) = await canned(wrote(entry(protected=True))).update_links([("m.tiny.cc/h", LinkPatch(protected=True))])
    assert isinstance(result, WrittenLink)
    assert {"protected", "archived", "last_click_at"} <= result.known_fields
    short = {key: value for key, value in entry().items() if key not in {"protected", "max_clicks", "links", "note"}}
    (result,) = await canned(wrote(short)).update_links([("m.tiny.cc/h", LinkPatch(protected=True))])
    assert isinstance(result, WrittenLink)
    assert result.known_fields.isdisjoint({"protected", "expiry", "qr_small", "qr_large", "note"})
    assert {"handle", "short_url", "slug", "destination", "domain", "archived", "title"} <= result.known_fields


SAME = [(handle, LinkPatch(note="n")) for handle in ABC]
EACH = [(handle, LinkPatch(note=handle)) for handle in ABC]


@pytest.mark.parametrize(
    ("patches", "items", "expected"),
    [
        (SAME, [entry(hash="c"), entry(hash="a"), entry(hash="b")], ["a", "b", "c"]),
        (SAME, [entry(hash="c"), failed(1306, hash="b"), entry(hash="a")], ["a", "NotFoundError", "c"]),
        (SAME, [entry(hash="a"), failed(1306, note="n"), entry(hash="c")], ["a", "NotFoundError", "c"]),
        (SAME, [entry(hash="b"), failed(1306, note="n"), entry(hash="a")], ["AmbiguousError"] * 3),
        (SAME, [entry(hash="a"), failed(1306, note="n")], ["AmbiguousError"] * 3),
        (EACH, [entry(hash="a"), failed(1216, hash="b"), entry(hash="c")], ["a", "RejectedError", "c"]),
        (EACH, [entry(hash="c"), entry(hash="a"), entry(hash="b")], ["AmbiguousError"] * 3),
        (EACH, [entry(hash="a"), entry(hash="b")], ["AmbiguousError"] * 3),
        (EACH, [entry(hash="a"), entry(hash=["b"]), entry(hash="c")], ["a", "AmbiguousError", "c"]),
        (EACH[:1], [entry(hash="x")], ["x"]),
        (EACH[:1], [], ["AmbiguousError"]),
    ],
)
async def test_an_item_is_matched_to_its_link_or_makes_the_links_ambiguous(
    patches: list[tuple[str, LinkPatch]], items: list[Any], expected: list[str]
) -> None:
    assert await outcome(canned(wrote(*items)), patches) == expected


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        ((200, urls()), "NotFoundError"),
        ((404, refusal(1306)), "NotFoundError"),
        ((404, refusal(1313)), "AmbiguousError"),
        ((200, urls(entry(hash="b"))), "AmbiguousError"),
        ((500, {}), "AmbiguousError"),
    ],
)
async def test_a_link_that_the_answer_leaves_out_is_read(look: tuple[int, object], expected: str) -> None:
    answers = iter([(200, wrote(entry(hash="c"), entry(hash="a"))), look])
    assert await outcome(scripted(lambda _: next(answers)), SAME) == ["a", expected, "c"]


async def test_two_links_may_swap_their_slugs() -> None:
    patches = [(ABC[0], LinkPatch(slug="b")), (ABC[1], LinkPatch(slug="a"))]
    assert await outcome(canned(wrote(entry(hash="b"), entry(hash="a"))), patches) == ["b", "a"]


async def test_more_links_than_a_url_holds_are_several_calls() -> None:
    def names(call: Any) -> int:
        return len(call.query["hashes"].split(","))

    tiny = server()
    template = tiny.state.urls[0]
    slugs = [f"{n:0200}" for n in range(300)]
    tiny.state.urls = [
        type(template)(DEFAULT, slug, "https://e.com", template.created, template.modified) for slug in slugs
    ]
    patches = [(f"{DEFAULT}/{slug}", LinkPatch(archived=True)) for slug in slugs]
    assert await outcome(tiny.adapter, patches) == slugs
    assert sum(names(call) for call in tiny.calls) == 300
    assert len(tiny.calls) == 3


@pytest.mark.parametrize("error", [AmbiguousError, RejectedError])
async def test_a_step_raises_the_error_of_its_link(error: type[VendorError]) -> None:
    items = [failed(1216)] if error is RejectedError else [{}]
    (step,) = canned(wrote(*items)).plan_update(LinkPatch(note="n"))
    with pytest.raises(error):
        await step.run("m.tiny.cc/h")
