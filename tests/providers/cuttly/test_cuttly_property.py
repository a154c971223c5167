"""Cutt.ly: whatever the answer to a write is, the outcome is a result or an error of the gateway."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.cuttly_vendor import SPRING_SALE, adapter_answering
from harness.odd_answers import odd_values
from linkweave.errors import AmbiguousError, VendorError
from linkweave.models import DeviceTarget, Platform
from linkweave.models.changes import LinkPatch, NewLink, WrittenLink
from linkweave.providers.cuttly.adapter import CuttlyAdapter
from linkweave.providers.short_urls import escaped_blanks


async def create(adapter: CuttlyAdapter) -> object:
    return await adapter.create_link(NewLink("https://www.example.com/", slug="new"))


async def delete(adapter: CuttlyAdapter) -> None:
    await adapter.delete_link(SPRING_SALE)


async def update(adapter: CuttlyAdapter, patch: LinkPatch) -> object:
    (step,) = adapter.plan_update(patch)
    return await step.run(SPRING_SALE)


TARGETS = (DeviceTarget(Platform.IOS, "https://b.example.com"),)
WRITES: list[Callable[[CuttlyAdapter], Awaitable[object]]] = [
    create,
    delete,
    lambda adapter: update(adapter, LinkPatch(slug="new")),
    lambda adapter: update(adapter, LinkPatch(password="open sesame")),
    lambda adapter: update(adapter, LinkPatch(device_targets=TARGETS)),
]


def outcome_of(call: Callable[[CuttlyAdapter], Awaitable[object]], data: object, status: int = 200) -> object:
    async def run() -> object:
        try:
            return await call(adapter_answering(data, status))
        except VendorError as error:
            return error

    return asyncio.run(run())


@pytest.mark.parametrize("write", WRITES)
@given(data=odd_values, status=st.sampled_from([200, 200, 200, 201, 401, 409]))
def test_whatever_is_answered_a_write_is_done_or_fails_with_an_error_of_the_gateway(
    data: object, status: int, write: Callable[[CuttlyAdapter], Awaitable[object]]
) -> None:
    outcome = outcome_of(write, data, status)
    assert outcome is None or isinstance(outcome, WrittenLink | str | VendorError)
    assert not isinstance(outcome, VendorError) or "sesame" not in repr(outcome)


@example("https://[")
@example("https://cutt.ly/a?b")
@example("https://cutt.ly/a\r")
@given(link=st.one_of(st.text(), st.from_regex(r"https?://[^\s/]+/.*")))
def test_a_created_link_is_found_again_by_its_handle_or_the_create_is_ambiguous(link: str) -> None:
    outcome = outcome_of(create, {"shortLink": link})
    if isinstance(outcome, WrittenLink):
        assert outcome.link.handle == f"{outcome.link.domain or ''}/{outcome.link.slug}"
        assert outcome.link.short_url == escaped_blanks(link)
    else:
        assert isinstance(outcome, AmbiguousError)
