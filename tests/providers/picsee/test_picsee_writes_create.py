"""PicSee: making links, over the emulator and over answers written by hand."""

import asyncio
import json

import pytest

from harness.emulators import Bench, answering, bench
from harness.picsee_vendor import SEEDED, adapter_of, links_of, over, saying
from linkweave.errors import AmbiguousError, ConflictError, PlanRequiredError, QuotaExhaustedError, RejectedError
from linkweave.models import DeviceTarget, ExternalIdUsage, Period, Platform, Utm
from linkweave.models.changes import NewLink, Objection, Preview
from linkweave.providers.picsee.adapter import PicseeAdapter
from linkweave.providers.picsee.emulator import FREE_TOKEN, MAIN_TOKEN

PLAIN = NewLink("https://www.example.com/spring")
SHOWN = frozenset({"title", "tags", "starred"})
TOLD = frozenset({"handle", "short_url", "slug", "domain", "destination", "external_id", "tags"})
EVERYTHING = NewLink(
    destination="https://www.example.com/spring",
    slug="spring-26",
    domain="pse.is",
    title="Spring sale",
    tags=("sale", "spring"),
    external_id="20260301_campaign",
    utm=Utm("line", "social", "spring", "shoes", "footer"),
    device_targets=(DeviceTarget(Platform.IOS, "https://apps.example.com/ios"),),
    preview=Preview(description="Everything must go", image_url="https://www.example.com/spring.png"),
    pixel="1234567890",
    tag_manager="GTM-ABC123",
)


def body_of(account: Bench) -> object:
    (call,) = account.calls
    assert (call.method, call.path, call.query) == ("POST", "/v1/links", {})
    assert call.headers["content-type"] == "application/json"
    return json.loads(call.body)


async def test_a_plain_link_needs_its_destination_only() -> None:
    account = bench("picsee")
    written = await adapter_of(account).create_link(PLAIN)
    assert body_of(account) == {"url": "https://www.example.com/spring"}
    assert written.created
    assert written.told == TOLD
    assert (written.link.domain, written.link.tags, written.link.external_id) == ("go.example.com", (), None)
    assert written.link.short_url == f"https://go.example.com/{written.link.handle}"


async def test_everything_that_picsee_takes_is_said_in_one_call() -> None:
    account = bench("picsee")
    written = await adapter_of(account).create_link(EVERYTHING)
    assert body_of(account) == {
        "url": "https://www.example.com/spring",
        "encodeId": "spring-26",
        "domain": "pse.is",
        "externalId": "20260301_campaign",
        "title": "Spring sale",
        "description": "Everything must go",
        "imageUrl": "https://www.example.com/spring.png",
        "tags": ["sale", "spring"],
        "targets": [{"target": "ios", "url": "https://apps.example.com/ios"}],
        "fbPixel": "1234567890",
        "gTag": "GTM-ABC123",
        "utm": {
            "source": "line",
            "medium": "social",
            "campaign": "spring",
            "term": "shoes",
            "content": "footer",
        },
    }
    assert written.told == TOLD | {"title", "device_targets", "utm"}
    link = written.link
    assert (link.handle, link.slug, link.short_url) == ("spring-26", "spring-26", "https://pse.is/spring-26")
    assert (link.title, link.tags, link.external_id) == ("Spring sale", ("sale", "spring"), "20260301_campaign")
    assert (link.device_targets, link.utm) == (EVERYTHING.device_targets, EVERYTHING.utm)
    assert (link.created_at, link.included) == (None, None)


async def test_what_was_made_is_read_back() -> None:
    adapter = adapter_of(bench("picsee"))
    told = (await adapter.create_link(EVERYTHING)).link
    link = (await links_of(adapter, ["spring-26"], SHOWN))["spring-26"]
    for name in TOLD | {"title"}:
        assert getattr(link, name) == getattr(told, name)
    assert (link.created_at, link.starred) == (adapter.clock.now(), False)


async def test_what_was_made_is_counted_and_remembered() -> None:
    adapter = adapter_of(bench("picsee"))
    used = (await adapter.usage()).quotas[0].used
    await adapter.create_link(EVERYTHING)
    today = adapter.today()
    assert (await adapter.usage()).quotas[0].used == used + 1
    assert ExternalIdUsage("20260301_campaign", 1) in await adapter.external_id_usage(Period(today, today))
    presets = await adapter.tracking_presets()
    assert (presets.utm_sources[-1], presets.utm_mediums) == ("line", ("cpc", "email", "social"))
    assert "spring" in await adapter.list_tags()


def test_what_can_be_said_is_listed() -> None:
    assert PicseeAdapter.creatable == EVERYTHING.given()
    assert not PicseeAdapter.finds_existing


@pytest.mark.parametrize(
    ("platform", "word"),
    [
        (Platform.IOS, "ios"),
        (Platform.ANDROID, "android"),
        (Platform.ALL_MOBILE, "ios_android"),
        (Platform.DESKTOP, "pc_mac"),
        (Platform.WINDOWS, "pc"),
        (Platform.MAC, "mac"),
        (Platform.FACEBOOK, "facebook"),
        (Platform.TWITTER, "twitter"),
    ],
)
async def test_each_platform_has_its_word(platform: Platform, word: str) -> None:
    account = bench("picsee")
    adapter = adapter_of(account)
    new = NewLink("https://example.com/", device_targets=(DeviceTarget(platform, "https://m.example.com/"),))
    assert adapter.object_to(new) == ()
    await adapter.create_link(new)
    assert body_of(account) == {
        "url": "https://example.com/",
        "targets": [{"target": word, "url": "https://m.example.com/"}],
    }


@pytest.mark.parametrize("platform", [Platform.WINDOWS_MOBILE, Platform.OTHER_MOBILE])
def test_platforms_without_a_word_are_objected_to(platform: Platform) -> None:
    targets = (DeviceTarget(Platform.MAC, "https://a.example/"), DeviceTarget(platform, "https://b.example/"))
    (objection,) = adapter_of(bench("picsee")).object_to(NewLink("https://example.com/", device_targets=targets))
    assert objection.path == ("device_targets", "1", "platform")
    assert "allowed: IOS, ANDROID, ALL_MOBILE, DESKTOP, WINDOWS, MAC, FACEBOOK, TWITTER" in objection.message


@pytest.mark.parametrize(
    ("title", "preview", "sent"),
    [
        ("Spring", None, {"title": "Spring"}),
        (None, Preview(title="Spring"), {"title": "Spring"}),
        ("Spring", Preview(title="Spring"), {"title": "Spring"}),
        ("Spring", Preview(description="Sale"), {"title": "Spring", "description": "Sale"}),
        (None, Preview(), {}),
    ],
)
async def test_a_link_and_its_preview_have_one_title(
    title: str | None, preview: Preview | None, sent: dict[str, str]
) -> None:
    account = bench("picsee")
    new = NewLink("https://example.com/", title=title, preview=preview)
    assert adapter_of(account).object_to(new) == ()
    written = await adapter_of(account).create_link(new)
    assert body_of(account) == {"url": "https://example.com/", **sent}
    assert (written.link.title, "title" in written.told) == (sent.get("title"), "title" in sent)


def test_two_different_titles_are_objected_to() -> None:
    new = NewLink("https://example.com/", title="Spring", preview=Preview(title="Sale"))
    assert adapter_of(bench("picsee")).object_to(new) == (
        Objection(("preview", "title"), "PicSee has one title for the link and its preview: give one of the two"),
    )


async def test_campaign_parameters_that_are_not_given_are_not_mentioned() -> None:
    account = bench("picsee")
    await adapter_of(account).create_link(NewLink("https://example.com/", utm=Utm(source="line")))
    assert body_of(account) == {"url": "https://example.com/", "utm": {"source": "line"}}


async def test_a_domain_of_somebody_elses_becomes_the_default_one_and_that_is_told() -> None:
    adapter = adapter_of(bench("picsee"))
    written = await adapter.create_link(NewLink("https://example.com/", domain="go.example.org", slug="abc"))
    assert (written.link.domain, written.link.short_url) == ("go.example.com", "https://go.example.com/abc")


@pytest.mark.parametrize(
    "advanced",
    [
        NewLink("https://example.com/", title="Spring"),
        NewLink("https://example.com/", preview=Preview(description="Sale")),
        NewLink("https://example.com/", preview=Preview(image_url="https://example.com/a.png")),
        NewLink("https://example.com/", tags=("sale",)),
        NewLink("https://example.com/", device_targets=()),
        NewLink("https://example.com/", pixel="1234567890"),
        NewLink("https://example.com/", tag_manager="GTM-ABC123"),
    ],
)
async def test_what_the_plan_lacks_is_sent_and_refused_by_picsee(advanced: NewLink) -> None:
    account = bench("picsee", sandbox_account=1)
    with pytest.raises(PlanRequiredError) as caught:
        await adapter_of(account).create_link(advanced)
    assert caught.value.provider_code == "PUB00201"
    assert len(account.calls) == 1


async def test_the_basic_plan_has_slugs_domains_external_ids_and_campaign_parameters() -> None:
    account = bench("picsee", sandbox_account=1)
    adapter = adapter_of(account)
    new = NewLink("https://example.com/", slug="base", domain="pse.is", external_id="crm", utm=Utm("line"))
    written = await adapter.create_link(new)
    assert written.told == TOLD
    assert (written.link.short_url, written.link.external_id) == ("https://pse.is/base", "crm")


async def test_below_the_advanced_plan_accepted_tags_are_read_again() -> None:
    http = answering(200, b'{"data": {"picseeUrl": "https://pse.is/5b93x9"}}')
    adapter = over(http, plan="basic")
    written = await adapter.create_link(NewLink("https://example.com/", tags=("sale",), title="Spring"))
    assert written.told == TOLD - {"tags"}


@pytest.mark.parametrize("slug", [SEEDED[0].encode_id, SEEDED[3].encode_id])
@pytest.mark.parametrize(("token", "plan"), [(MAIN_TOKEN, "advanced"), (FREE_TOKEN, "free")])
async def test_a_slug_that_anybody_has_is_taken(slug: str, token: str, plan: str) -> None:
    account = bench("picsee", token=token, plan=plan)
    with pytest.raises(ConflictError) as caught:
        await adapter_of(account).create_link(NewLink("https://example.com/", slug=slug))
    assert (caught.value.field, caught.value.provider_code) == ("slug", "PUB00503")
    assert len(account.calls) == 1


async def test_a_free_account_has_800_links_a_year() -> None:
    adapter = adapter_of(bench("picsee", token=FREE_TOKEN, plan="free"))
    assert (await adapter.create_link(PLAIN)).link.domain == "pse.is"
    with pytest.raises(QuotaExhaustedError):
        await adapter.create_link(PLAIN)


async def test_links_made_at_the_same_time_are_not_held_up() -> None:
    account = bench("picsee")
    adapter = adapter_of(account)
    written = await asyncio.gather(*(adapter.create_link(PLAIN) for _ in range(5)))
    assert len({each.link.handle for each in written}) == 5
    assert account.clock.elapsed == 0


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewLink("ftp://example.com/"), "PUB01001"),
        (NewLink("https://example.com/", slug="a b"), "PUB00002"),
        (NewLink("https://example.com/", tags=("a", "b", "c", "d")), "PUB00513"),
        (NewLink("https://example.com/", preview=Preview(image_url="x")), "PUB00512"),
        (NewLink("https://example.com/", pixel="not saved"), "PUB00002"),
    ],
)
async def test_picsees_own_limits_are_left_to_picsee(new: NewLink, code: str) -> None:
    account = bench("picsee")
    assert adapter_of(account).object_to(new) == ()
    with pytest.raises(RejectedError) as caught:
        await adapter_of(account).create_link(new)
    assert (caught.value.provider_code, len(account.calls)) == (code, 1)


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        ({"picseeUrl": "https://pse.is/5b93x9"}, "5b93x9"),
        ({"picseeUrl": "https://pse.is/5b93x9/"}, "5b93x9"),
        ({"picseeUrl": "https://pse.is/%E6%98%A5%E5%AD%A3"}, "春季"),
        ({"picseeUrl": "https://pse.is/anything", "encodeId": "5b93x9"}, "5b93x9"),
    ],
)
async def test_the_slug_is_told_or_read_off_the_short_url(data: dict[str, str], slug: str) -> None:
    written = await saying(data).create_link(PLAIN)
    assert (written.link.handle, written.link.slug, written.link.domain) == (slug, slug, "pse.is")
    assert written.link.short_url == data["picseeUrl"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        None,
        {"picseeUrl": None},
        {"picseeUrl": "5b93x9"},
        {"picseeUrl": "https://pse.is"},
        {"picseeUrl": "https://pse.is/"},
        {"picseeUrl": "https://pse.is/.."},
        {"picseeUrl": "https://pse.is/5b93x9", "encodeId": ""},
        {"picseeUrl": "https://pse.is/5b93x9", "encodeId": ["5b93x9"]},
        {"picseeUrl": "https://pse.is/5b93x9", "encodeId": ".."},
    ],
)
async def test_an_answer_that_names_no_link_leaves_open_whether_there_is_one(data: object) -> None:
    with pytest.raises(AmbiguousError, match="may have been made"):
        await saying(data).create_link(PLAIN)


async def test_a_link_of_201_is_made_too() -> None:
    adapter = over(answering(201, b'{"data": {"picseeUrl": "https://pse.is/5b93x9"}}'))
    assert (await adapter.create_link(PLAIN)).link.handle == "5b93x9"
