"""PicSee: how a new link is sent, and what is known of it afterwards."""

import json

import pytest

from harness.emulators import Bench, answering, bench
from harness.picsee_vendor import adapter_answering, adapter_of, adapter_over
from linkweave.errors import RejectedError, VendorError
from linkweave.models import DeviceTarget, Platform, Utm
from linkweave.models.changes import InputProblem, NewLink, Preview
from linkweave.providers.picsee.adapter import PicseeAdapter

URL = "https://www.example.com/spring"
CERTAIN = frozenset({"handle", "short_url", "slug", "domain", "destination", "external_id", "tags"})
EVERYTHING = NewLink(
    destination=URL,
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


async def test_all_fields_are_sent_in_one_call_and_known_of_the_link() -> None:
    account = bench("picsee")
    written = await adapter_of(account).create_link(EVERYTHING)
    assert body_of(account) == {
        "url": URL,
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
        "utm": {"source": "line", "medium": "social", "campaign": "spring", "term": "shoes", "content": "footer"},
    }
    assert PicseeAdapter.creatable == EVERYTHING.given()
    assert not PicseeAdapter.finds_existing
    assert (written.created, written.known_fields) == (True, CERTAIN | {"title", "device_targets", "utm"})
    link = written.link
    assert (link.handle, link.slug, link.short_url) == ("spring-26", "spring-26", "https://pse.is/spring-26")
    assert (link.title, link.tags, link.external_id) == ("Spring sale", ("sale", "spring"), "20260301_campaign")
    assert (link.device_targets, link.utm) == (EVERYTHING.device_targets, EVERYTHING.utm)
    assert (link.created_at, link.included) == (None, None)


async def test_a_link_needs_its_destination_only() -> None:
    account = bench("picsee")
    written = await adapter_of(account).create_link(NewLink(URL))
    assert body_of(account) == {"url": URL}
    assert written.known_fields == CERTAIN
    assert (written.link.domain, written.link.tags, written.link.external_id) == ("go.example.com", (), None)
    assert written.link.short_url == f"https://go.example.com/{written.link.handle}"


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
    new = NewLink(URL, device_targets=(DeviceTarget(platform, "https://m.example.com/"),))
    assert adapter_of(account).check_new_link(new) == ()
    await adapter_of(account).create_link(new)
    assert body_of(account) == {"url": URL, "targets": [{"target": word, "url": "https://m.example.com/"}]}


@pytest.mark.parametrize("platform", [Platform.WINDOWS_MOBILE, Platform.OTHER_MOBILE])
def test_a_platform_without_a_word_is_an_input_problem(platform: Platform) -> None:
    targets = (DeviceTarget(Platform.MAC, "https://a.example/"), DeviceTarget(platform, "https://b.example/"))
    (problem,) = adapter_of(bench("picsee")).check_new_link(NewLink(URL, device_targets=targets))
    assert problem.path == ("device_targets", "1", "platform")
    assert "allowed: IOS, ANDROID, ALL_MOBILE, DESKTOP, WINDOWS, MAC, FACEBOOK, TWITTER" in problem.message


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
    new = NewLink(URL, title=title, preview=preview)
    assert adapter_of(account).check_new_link(new) == ()
    written = await adapter_of(account).create_link(new)
    assert body_of(account) == {"url": URL, **sent}
    assert (written.link.title, "title" in written.known_fields) == (sent.get("title"), "title" in sent)


def test_two_different_titles_are_an_input_problem() -> None:
    new = NewLink(URL, title="Spring", preview=Preview(title="Sale"))
    assert adapter_of(bench("picsee")).check_new_link(new) == (
        InputProblem(("preview", "title"), "PicSee has one title for the link and its preview: give one of the two"),
    )


async def test_campaign_parameters_that_are_not_given_are_not_sent() -> None:
    account = bench("picsee")
    await adapter_of(account).create_link(NewLink(URL, utm=Utm(source="line")))
    assert body_of(account) == {"url": URL, "utm": {"source": "line"}}


async def test_the_link_has_the_default_domain_where_the_given_one_is_not_the_accounts() -> None:
    adapter = adapter_of(bench("picsee"))
    written = await adapter.create_link(NewLink(URL, domain="go.example.org", slug="abc"))
    assert (written.link.domain, written.link.short_url) == ("go.example.com", "https://go.example.com/abc")


async def test_the_basic_plan_has_slugs_domains_external_ids_and_campaign_parameters() -> None:
    adapter = adapter_of(bench("picsee", sandbox_account=1))
    new = NewLink(URL, slug="base", domain="pse.is", external_id="crm", utm=Utm("line"))
    written = await adapter.create_link(new)
    assert written.known_fields == CERTAIN
    assert (written.link.short_url, written.link.external_id) == ("https://pse.is/base", "crm")


async def test_tags_that_picsee_accepts_on_the_basic_plan_are_not_certain() -> None:
    # HTTP 201 is a success as well.
    http = answering(201, b'{"data": {"picseeUrl": "https://pse.is/5b93x9"}}')
    written = await adapter_over(http, plan="basic").create_link(NewLink(URL, tags=("sale",), title="Spring"))
    assert written.known_fields == CERTAIN - {"tags"}


@pytest.mark.parametrize(
    ("new", "code", "field"),
    [
        (NewLink("ftp://example.com/"), "PUB01001", "destination"),
        (NewLink(URL, slug="a b"), "PUB00002", "slug"),
        (NewLink(URL, external_id="x" * 101), "PUB00002", "external_id"),
        (NewLink(URL, title="ab"), "PUB00002", "title"),
        (NewLink(URL, tags=("a", "b", "c", "d")), "PUB00513", "tags"),
        (NewLink(URL, preview=Preview(title="ab")), "PUB00002", "preview"),
        (NewLink(URL, preview=Preview(description="ab")), "PUB00002", "preview"),
        (NewLink(URL, preview=Preview(image_url="x")), "PUB00512", "preview"),
        (NewLink(URL, pixel="not saved"), "PUB00002", "pixel"),
        (NewLink(URL, tag_manager="not saved"), "PUB00002", "tag_manager"),
    ],
)
async def test_picsees_own_limits_are_left_to_picsee_and_its_refusal_names_the_field(
    new: NewLink, code: str, field: str
) -> None:
    account = bench("picsee")
    assert adapter_of(account).check_new_link(new) == ()
    with pytest.raises(RejectedError) as caught:
        await adapter_of(account).create_link(new)
    assert (caught.value.provider_code, caught.value.field, len(account.calls)) == (code, field, 1)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("encodeId must have 3 characters", "slug"),
        ("title and encodeId", None),
        ("encodeIdentity", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
async def test_an_unknown_refusal_is_about_the_one_field_that_it_names(message: object, field: str | None) -> None:
    body = {"error": {"status": 400, "code": "PUB09999", "message": message}}
    with pytest.raises(RejectedError) as caught:
        await adapter_over(answering(400, json.dumps(body).encode())).create_link(NewLink(URL))
    assert (caught.value.field, caught.value.provider_code) == (field, "PUB09999")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 429])
async def test_an_unknown_code_is_in_the_error_whatever_the_http_status(status: int) -> None:
    body = {"error": {"status": status, "code": "PUB09999", "message": "no"}}
    adapter = adapter_over(answering(status, json.dumps(body).encode()))
    for ask in (adapter.create_link(NewLink(URL)), adapter.list_tags()):
        with pytest.raises(VendorError) as caught:
            await ask
        assert caught.value.provider_code == "PUB09999"


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        ({"picseeUrl": "https://pse.is/5b93x9"}, "5b93x9"),
        ({"picseeUrl": "https://pse.is/5b93x9/"}, "5b93x9"),
        ({"picseeUrl": "https://pse.is/%E6%98%A5%E5%AD%A3"}, "春季"),
        ({"picseeUrl": "https://pse.is/anything", "encodeId": "5b93x9"}, "5b93x9"),
    ],
)
async def test_the_slug_is_in_the_answer_or_in_its_short_url(data: dict[str, str], slug: str) -> None:
    link = (await adapter_answering(data).create_link(NewLink(URL))).link
    assert (link.handle, link.slug, link.domain, link.short_url) == (slug, slug, "pse.is", data["picseeUrl"])
