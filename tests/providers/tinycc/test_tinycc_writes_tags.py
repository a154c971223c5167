"""Making, renaming and deleting tags of tiny.cc."""

import pytest

from harness.tinycc_vendor import OK, refusal, saying, scripted, server
from linkweave.errors import AmbiguousError, NotFoundError, RejectedError


def tags(*labels: str) -> dict[str, object]:
    return {"error": OK, "tags": [{"label": label} for label in labels]}


async def test_a_refused_duplicate_of_a_tag_returns_the_existing_one() -> None:
    answers = iter([(400, refusal(1311)), (200, tags("apple", "Pear"))])
    assert await scripted(lambda _: next(answers)).create_tag("pear") == "Pear"


@pytest.mark.parametrize("code", [1311, 1305])
async def test_a_refused_label_that_does_not_exist_is_rejected(code: int) -> None:
    answers = iter([(400, refusal(code)), (200, tags("apple"))])
    with pytest.raises(RejectedError) as caught:
        await scripted(lambda _: next(answers)).create_tag("pear")
    assert caught.value.provider_code == str(code)


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
