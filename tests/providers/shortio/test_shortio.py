"""Short.io: two hosts, a list for each domain, existing links, batches, and clicks of people."""

import json
from collections.abc import Mapping
from datetime import date
from itertools import count

import httpx2
import pytest

from harness.failure_cases.shortio import DOMAIN, HANDLE, LINK
from harness.shortio_answers import answering, links_of
from harness.shortio_vendor import adapter_over, shortio
from harness.whole_lists import listed
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    ConflictError,
    NotFoundError,
    RejectedError,
    UnavailableError,
    UnsupportedError,
)
from linkweave.models import (
    TOTALS,
    DeviceTarget,
    Expiry,
    LinkFilter,
    Platform,
    Variant,
)
from linkweave.models.changes import LinkPatch, NewLink, WrittenLink
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.shortio import PROVIDER
from linkweave.providers.shortio.emulator.seed import FREE_DOMAIN, MAIN_DOMAIN, SECOND_DOMAIN
from linkweave.providers.shortio.emulator.store import ONE_DOMAIN_KEY
from linkweave.providers.shortio.inferred import TAG_PAGES
from linkweave.providers.shortio.wire import LinksAnswer, drop_personal
from linkweave.providers.tolerant_reader import read_tolerantly

SECRET = "s3cret-in-the-body"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "https://statistics.short.io"),
        ({"base_url": "https://api.short.io"}, "https://statistics.short.io"),
        ({"base_url": "https://proxy.example/shortio"}, "https://proxy.example/shortio"),
        ({"base_url": "https://proxy.example/shortio/api/"}, "https://proxy.example/shortio"),
        ({"base_url": "https://api.short.io/api"}, "https://statistics.short.io"),
        ({"statistics_url": "https://api-v2.short.io/statistics"}, "https://api-v2.short.io"),
        ({"base_url": "https://proxy.example", "statistics_url": "https://other.example/"}, "https://other.example"),
    ],
)
def test_statistics_have_a_host_of_their_own(given: Mapping[str, str], expected: str) -> None:
    settings = PROVIDER.settings.model_validate({"key": "a", "provider": "shortio", "api_key": "k", **given})
    assert PROVIDER.further_hosts(settings) == (expected,)


async def test_each_call_goes_to_its_host_with_the_bare_key() -> None:
    requests: list[tuple[str, str]] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append((f"{request.url.host}{request.url.path}", request.headers["authorization"]))
        return httpx2.Response(500, stream=httpx2.ByteStream(b"{}"), request=request)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
    adapter = adapter_over(http, statistics_url="http://statistics/statistics", api_key="bare")
    for call in (adapter.list_domains(), adapter.read_stats(HANDLE, None, None, frozenset({TOTALS}))):
        with pytest.raises(UnavailableError):
            await call
    assert set(requests) == {
        ("emulator/api/domains", "bare"),
        (f"statistics/statistics/link/{HANDLE}", "bare"),
    }


@pytest.mark.parametrize("chosen", [(), (SECOND_DOMAIN,)])
async def test_the_account_has_the_links_of_its_domains_and_no_others(chosen: tuple[str, ...]) -> None:
    vendor = shortio(domains=chosen)
    expected = {link.id for link in vendor.store.links if not chosen or link.domain.hostname in chosen}
    handles = [link.handle for link in await listed(vendor.adapter)]
    assert (len(handles), set(handles)) == (len(expected), expected)
    other = vendor.store.links[0]
    assert [link.handle for link in await links_of(vendor, other)] == ([] if chosen else [other.id])
    found = await vendor.adapter.find_link(MAIN_DOMAIN, other.path.upper(), frozenset())
    assert (found is None) == bool(chosen)
    if chosen:
        patches = (LinkPatch(title="t"), LinkPatch(add_tags=("a",)))
        updates = [vendor.adapter.plan_update(patch)[0].run for patch in patches]
        for write in (vendor.adapter.delete_link, *updates):
            with pytest.raises(NotFoundError):
                await write(other.id)
        with pytest.raises(NotFoundError):
            await vendor.adapter.read_stats(other.id, None, None, frozenset({TOTALS}))
        assert {call.method for call in vendor.calls} == {"GET"}
    assert await vendor.adapter.probe() == ()


@pytest.mark.parametrize(
    ("plan", "missing"),
    [
        (None, ()),
        ("small", ()),
        ("large", ("plan is 'large' in the configuration, but 'small' at Short.io",)),
    ],
)
async def test_the_check_compares_the_plan_where_the_settings_have_one(
    plan: str | None, missing: tuple[str, ...]
) -> None:
    vendor = shortio(plan=plan)
    assert await vendor.adapter.probe() == missing
    assert len(vendor.calls) == (1 if plan is None else 2)


async def test_a_domain_that_the_key_may_not_use_is_missing() -> None:
    vendor = shortio(domains=(MAIN_DOMAIN, SECOND_DOMAIN), api_key=ONE_DOMAIN_KEY)
    assert await vendor.adapter.probe() == (f"domains: the API key may not use {SECOND_DOMAIN}",)
    assert [domain.name for domain in await vendor.adapter.list_domains()] == [MAIN_DOMAIN]
    nothing = adapter_over(answering({"GET /api/domains": []}))
    assert await nothing.probe() == ("domains: the API key may not use any domain",)
    with pytest.raises(RejectedError):
        await nothing.create_link(NewLink("https://e.com"))


async def test_filters_choose_the_lists_and_their_days() -> None:
    vendor = shortio()
    middle = sorted(link.created_at for link in vendor.store.links)[100]
    wanted = LinkFilter(domains=(MAIN_DOMAIN.upper(), "nobodys.example"), created_after=middle)
    expected = {
        link.id for link in vendor.store.links if link.domain.hostname == MAIN_DOMAIN and link.created_at >= middle
    }
    assert {link.handle for link in await listed(vendor.adapter, wanted)} == expected
    assert (await vendor.adapter.plan_links(LinkFilter(starred=True))).lanes == ()


async def test_a_list_that_does_not_go_on_is_a_bad_response() -> None:
    adapter = adapter_over(answering({"GET /api/links": {"links": [LINK], "nextPageToken": "same"}}))
    with pytest.raises(BadResponseError):
        await adapter.list_links(Lane("a", {"domain_id": "1"}), "same")


async def test_tags_are_those_of_all_links_or_not_told() -> None:
    vendor = shortio()
    assert set(await vendor.adapter.list_tags()) == {tag for link in vendor.store.links for tag in link.fields["tags"]}
    pages = count()

    def respond(request: httpx2.Request) -> httpx2.Response:
        is_list = request.url.path == "/api/links"
        body = {"links": [LINK], "nextPageToken": f"page {next(pages)}"} if is_list else [DOMAIN]
        return httpx2.Response(200, stream=httpx2.ByteStream(json.dumps(body).encode()), request=request)

    with pytest.raises(UnsupportedError):
        await adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond))).list_tags()
    assert next(pages) == TAG_PAGES


def test_a_link_has_every_part_but_its_password_and_the_people_who_made_it() -> None:
    data = drop_personal({"links": [LINK, {**LINK, "createdAt": "soon"}]})
    assert SECRET not in json.dumps(data)
    answer = read_tolerantly(LinksAnswer, data)
    link, odd = (row.to_link(shortio().clock.now()) for row in answer.links)
    assert (link.short_url, link.domain, link.password_protected) == (
        "https://go.example.com/promo",
        "go.example.com",
        True,
    )
    assert link.expiry == Expiry(date(2026, 12, 31), after_clicks=100, redirect_to="https://example.com/over")
    assert link.device_targets == (DeviceTarget(Platform.IOS, "https://apps.example.com/ios"),)
    assert link.variants == (Variant("https://example.com/b", 30),)
    assert odd.created_at is None


@pytest.mark.parametrize(
    ("new", "created"),
    [
        (NewLink("DESTINATION"), True),
        (NewLink("DESTINATION", reuse=True), False),
        (NewLink("https://www.example.com/other", reuse=True), True),
        (NewLink("DESTINATION", slug="SLUG"), False),
    ],
)
async def test_an_existing_link_is_returned_where_the_caller_asks_for_it_or_the_slug_is_its_own(
    new: NewLink, *, created: bool
) -> None:
    vendor = shortio()
    present = vendor.store.links[0]
    slug = None if new.slug is None else present.path
    destination = new.destination.replace("DESTINATION", present.fields["originalURL"])
    written = await vendor.adapter.create_link(NewLink(destination, slug=slug, reuse=new.reuse))
    assert (written.created, written.link.handle == present.id) == (created, not created)


async def test_a_batch_has_each_result_in_its_place_over_several_domains() -> None:
    vendor = shortio()
    taken = vendor.store.links[0]
    new = [
        NewLink("https://www.example.com/a", slug=taken.path),
        NewLink("https://www.example.com/b", domain=SECOND_DOMAIN),
        NewLink("https://www.example.com/c", title="C"),
        NewLink("https://www.example.com/d", domain=FREE_DOMAIN),
        NewLink("https://www.example.com/e", domain=FREE_DOMAIN, reuse=True),
    ]
    results = await vendor.adapter.create_links(new)
    assert isinstance(results[0], ConflictError)
    made = [each.link for each in results[1:] if isinstance(each, WrittenLink)]
    assert [link.destination for link in made] == [each.destination for each in new[1:]]
    assert [link.domain for link in made] == [SECOND_DOMAIN, MAIN_DOMAIN, FREE_DOMAIN, FREE_DOMAIN]
    assert sorted(call.path for call in vendor.calls if call.method == "POST") == ["/links"] * 3 + ["/links/bulk"]


async def test_deleted_links_are_told_from_unknown_ones() -> None:
    vendor = shortio()
    known, unknown = [link.id for link in vendor.store.links[:2]], "lnk_4sGe_gone"
    results = await vendor.adapter.delete_links([*known, unknown, "../tags"])
    assert [type(results[handle]) for handle in results] == [type(None)] * 2 + [NotFoundError] * 2
    assert known[0] not in {link.id for link in vendor.store.links}
    alone = await vendor.adapter.delete_links([unknown])
    assert isinstance(alone[unknown], NotFoundError)


async def test_a_change_of_tags_of_an_unknown_link_is_not_found() -> None:
    (step,) = shortio().adapter.plan_update(LinkPatch(add_tags=("a",)))
    for handle in ("lnk_4sGe_gone", "../tags"):
        with pytest.raises(NotFoundError):
            await step.run(handle)


@pytest.mark.parametrize(
    ("new", "path", "is_invalid"),
    [
        (NewLink("https://e.com", expiry=Expiry(redirect_to="https://e.com")), ("expiry",), False),
        (NewLink("https://e.com", expiry=Expiry(after_clicks=0)), ("expiry", "after_clicks"), True),
        (
            NewLink("https://e.com", expiry=Expiry(after_clicks=1, count_unique_only=True)),
            ("expiry", "count_unique_only"),
            False,
        ),
        (
            NewLink("https://e.com", device_targets=(DeviceTarget(Platform.MAC, "https://e.com"),)),
            ("device_targets", "0", "platform"),
            False,
        ),
        (NewLink("https://e.com", variants=(Variant("https://e.com", 0),)), ("variants", "0", "percentage"), True),
        (NewLink("https://e.com", variants=(Variant("https://e.com", 30),) * 2), ("variants", "1"), False),
    ],
)
def test_a_value_that_short_io_cannot_express_is_found_before_any_call(
    new: NewLink, path: tuple[str, ...], *, is_invalid: bool
) -> None:
    adapter = shortio().adapter
    patch = LinkPatch(expiry=new.expiry, device_targets=new.device_targets, variants=new.variants)
    (problem,) = adapter.check_new_link(new)
    assert (problem.path, problem.is_invalid) == (path, is_invalid)
    assert path == ("expiry",) or list(adapter.check_patch(patch)) == [problem]


async def test_links_that_change_alike_go_together_and_unknown_ones_are_not_found() -> None:
    vendor = shortio()
    first, second, third = vendor.store.links[:3]
    first.fields["tags"], second.fields["tags"], third.fields["tags"] = ["Sale"], [], ["old"]
    patch = LinkPatch(add_tags=("sale", "SALE", "Expo"))
    assert vendor.adapter.takes_together(patch)
    assert not vendor.adapter.takes_together(LinkPatch(remove_tags=("sale",)))
    handles = [first.id, "lnk_4sGe_gone", second.id, third.id, "../tags"]
    results = await vendor.adapter.update_links([(handle, patch) for handle in handles])
    assert [type(result) for result in results] == [type(None), NotFoundError, type(None), type(None), NotFoundError]
    assert [each.fields["tags"] for each in (first, second, third)] == [
        ["Sale", "Expo"],
        ["sale", "Expo"],
        ["old", "sale", "Expo"],
    ]
    to_archive, back = LinkPatch(archived=True), LinkPatch(archived=False)
    archived = await vendor.adapter.update_links([(first.id, to_archive), (second.id, to_archive), (first.id, back)])
    assert archived == [None] * 3
    assert (first.fields["archived"], second.fields["archived"]) == (False, True)
    writes = [call.path for call in vendor.calls if call.method == "POST"]
    assert writes == ["/tags/bulk"] * 2 + ["/links/archive_bulk", "/links/unarchive_bulk"]


async def test_tags_that_are_added_in_part_and_a_half_renamed_tag_are_ambiguous() -> None:
    asked = count()
    link = {**LINK, "tags": ["Sale"]}

    def respond(request: httpx2.Request) -> httpx2.Response:
        answers = {"/api/domains": [DOMAIN], "/api/links": {"links": [link, link]}}
        if request.method == "POST" and next(asked) % 2:
            return httpx2.Response(400, stream=httpx2.ByteStream(b"{}"), request=request)
        body = json.dumps(answers.get(request.url.path, link)).encode()
        return httpx2.Response(200, stream=httpx2.ByteStream(body), request=request)

    adapter = adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    (result,) = await adapter.update_links([(HANDLE, LinkPatch(add_tags=("a", "b")))])
    assert isinstance(result, AmbiguousError)
    with pytest.raises(AmbiguousError, match="1 of 2 links"):
        await adapter.rename_tag("sale", "Expo")


async def test_a_tag_is_renamed_on_its_links_unless_the_name_is_taken_or_they_are_too_many() -> None:
    vendor = shortio()
    for at, link in enumerate(vendor.store.links):
        link.fields["tags"] = ["many", *(["Few"] if at < 3 else [])]
    refused = {("Few", "MANY"): ConflictError, ("many", "x"): UnsupportedError, ("no", "x"): NotFoundError}
    for names, error in refused.items():
        with pytest.raises(error):
            await vendor.adapter.rename_tag(*names)
    assert {call.method for call in vendor.calls} == {"GET"}
    assert await vendor.adapter.rename_tag("few", "FEW") == "FEW"
    await vendor.adapter.delete_tag("few")
    assert {tuple(link.fields["tags"]) for link in vendor.store.links} == {("many",)}
