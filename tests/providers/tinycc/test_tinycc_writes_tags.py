"""Making, renaming and deleting tags of tiny.cc."""

import pytest

from harness.tinycc_vendor import DEFAULT, OK, asked, body_of, read_back, refusal, saying, scripted, server
from linkweave.errors import AmbiguousError, NotFoundError, RejectedError
from linkweave.providers.tinycc.adapter import TinyccAdapter


def tags(*labels: str) -> dict[str, object]:
    return {"error": OK, "tags": [{"label": label} for label in labels]}


async def test_an_existing_tag_is_returned_as_it_is_spelled() -> None:
    tiny = server()
    before = await tiny.adapter.list_tags()
    assert await tiny.adapter.create_tag("PRINT") == "print"
    assert await tiny.adapter.list_tags() == before


async def test_a_refused_duplicate_of_a_tag_returns_the_existing_one() -> None:
    answers = iter([(400, refusal(1311)), (200, tags("apple", "Pear"))])
    assert await scripted(lambda _: next(answers)).create_tag("pear") == "Pear"


@pytest.mark.parametrize("code", [1311, 1305])
async def test_a_refused_label_that_does_not_exist_is_rejected(code: int) -> None:
    answers = iter([(400, refusal(code)), (200, tags("apple"))])
    with pytest.raises(RejectedError) as caught:
        await scripted(lambda _: next(answers)).create_tag("pear")
    assert caught.value.provider_code == str(code)


async def test_an_empty_label_is_refused_by_the_vendor() -> None:
    tiny = server()
    with pytest.raises(RejectedError):
        await tiny.adapter.create_tag(" ")


@pytest.mark.parametrize(
    ("answer", "own"),
    [(tags(" Pear "), " Pear "), (tags("apple", "PEAR"), "PEAR")],
)
async def test_the_vendor_decides_how_a_tag_is_spelled(answer: object, own: str) -> None:
    vendor = saying(answer)
    assert await vendor.adapter.create_tag("pear") == own
    assert await vendor.adapter.rename_tag("apple", "pear") == own
    assert len(vendor.requests) == 2


async def test_a_tag_that_the_answer_leaves_out_is_read_from_the_list() -> None:
    assert await saying(tags(), tags("apple", "Pear")).adapter.create_tag("pear") == "Pear"
    assert await saying(tags(), tags("apple", "Pear")).adapter.rename_tag("plum", "pear") == "Pear"


@pytest.mark.parametrize("second", [tags("apple"), {"tags": None}, refusal(1303)])
async def test_a_new_tag_that_is_in_no_list_is_ambiguous(second: object) -> None:
    with pytest.raises(AmbiguousError):
        await saying(tags(), second).adapter.create_tag("pear")


async def test_a_tag_is_renamed_also_on_its_links_and_webhooks() -> None:
    tiny = server()
    assert await tiny.adapter.rename_tag("PRINT", "Paper/ink") == "Paper/ink"
    (call,) = tiny.calls
    assert (asked(call), body_of(call)) == (("PATCH", "/tags/PRINT", {}), {"label": "Paper/ink"})
    link = await read_back(tiny, f"{DEFAULT}/card")
    assert link is not None
    assert link.tags == ("Paper/ink",)
    assert (await tiny.adapter.list_webhooks(0, 1)).items[0].tag == "Paper/ink"
    assert await tiny.adapter.rename_tag("paper/ink", "print") == "print"
    assert "Paper/ink" not in await tiny.adapter.list_tags()


async def test_a_tag_cannot_take_the_label_of_another() -> None:
    with pytest.raises(RejectedError) as caught:
        await server().adapter.rename_tag("print", "Packaging")
    assert caught.value.provider_code == "1311"


async def test_a_tag_is_deleted_also_from_its_links() -> None:
    tiny = server()
    await tiny.adapter.delete_tag("print")
    (call,) = tiny.calls
    assert asked(call) == ("DELETE", "/tags/print", {})
    link = await read_back(tiny, f"{DEFAULT}/card")
    assert link is not None
    assert link.tags == ()
    assert "print" not in await tiny.adapter.list_tags()
    assert [hook.id for hook in (await tiny.adapter.list_webhooks(0, 10)).items] == ["3"]


@pytest.mark.parametrize("label", ["nope", "", " "])
async def test_an_unknown_tag_is_not_found(label: str) -> None:
    tiny = server()
    with pytest.raises(NotFoundError):
        await tiny.adapter.rename_tag(label, "new")
    with pytest.raises(NotFoundError):
        await tiny.adapter.delete_tag(label)
    assert len(tiny.calls) == (2 if label.strip() else 0)


@pytest.mark.parametrize("label", [".", ".."])
async def test_a_label_that_would_be_another_path_is_refused_before_any_call(label: str) -> None:
    tiny = server()
    with pytest.raises(RejectedError):
        await tiny.adapter.delete_tag(label)
    assert tiny.calls == []


async def write(adapter: TinyccAdapter, name: str) -> None:
    if name == "create":
        await adapter.create_tag("pear")
    elif name == "rename":
        await adapter.rename_tag("pear", "plum")
    else:
        await adapter.delete_tag("pear")
