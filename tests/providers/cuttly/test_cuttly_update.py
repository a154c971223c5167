"""Cutt.ly: changing and deleting links, each example of the document with the request that it shows."""

from datetime import date, timedelta

import pytest

from harness.cuttly_vendor import SPRING_SALE, adapter_answering, change, get, shown, vendor
from harness.emulators import NOW
from linkweave.errors import NotFoundError, RejectedError, VendorError
from linkweave.models import DeviceTarget, Expiry, Platform, Variant
from linkweave.models.changes import LinkPatch
from linkweave.providers.cuttly.edits import renamed

B, C = "https://b.example.com/?a=1&b=2", "https://c.example.com"
NEW_SOURCE = "https://www.example.com/new?a=1&b=ü"
PLACES = {
    "shortURL": f"https://{SPRING_SALE}",
    "tag": "spring & sale",
    "name": "summer-sale",
    "sourceURL": NEW_SOURCE,
    "title": "Spring – 50 %",
    "destinationURL": B,
    "B_variationURL": B,
    "C_variationURL": C,
    "redirectURL": C,
}
CHRISTMAS = date(2026, 12, 24)
TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)
TARGET = DeviceTarget(Platform.IOS, B)
TWO_VARIANTS = (
    "url={{shortURL}}&action=edit&abtest=2&abtest_b=30&abtest_bvariation={{B_variationURL}}"
    "&abtest_c=40&abtest_cvariation={{C_variationURL}}"
)

# The request that the document shows, and the change; one call each.
EXAMPLES = [
    ("action=edit&url={{shortURL}}&tag={{tag}}", LinkPatch(add_tags=("spring & sale",))),
    ("action=edit&url={{shortURL}}&name={{name}}", LinkPatch(slug="summer-sale")),
    ("action=edit&url={{shortURL}}&source={{sourceURL}}", LinkPatch(destination=NEW_SOURCE)),
    ("action=edit&url={{shortURL}}&unique=1", LinkPatch(unique_window_minutes=1)),
    ("action=edit&url={{shortURL}}&unique=1440", LinkPatch(unique_window_minutes=1440)),
    ("action=edit&url={{shortURL}}&unique=0", LinkPatch(unique_window_minutes=0)),
    ("action=edit&url={{shortURL}}&unique=0", LinkPatch(unique_window_minutes=None)),
    ("action=edit&url={{shortURL}}&title={{title}}", LinkPatch(title="Spring – 50 %")),
    (
        "url={{shortURL}}&action=edit&abtest=1&abtest_b=70&abtest_bvariation={{B_variationURL}}",
        LinkPatch(variants=(Variant(B, 70),)),
    ),
    (TWO_VARIANTS, LinkPatch(variants=(Variant(B, 30), Variant(C, 40)))),
    ("url={{shortURL}}&action=edit&abtest=0", LinkPatch(variants=None)),
    ("url={{shortURL}}&action=edit&abtest=0", LinkPatch(variants=())),
    (
        "url={{shortURL}}&action=edit&expire=0&expireCond=10&expireRedirect={{redirectURL}}&expireUnique=1",
        LinkPatch(expiry=Expiry(after_clicks=10, redirect_to=C, count_unique_only=True)),
    ),
    (
        "url={{shortURL}}&action=edit&expire=0&expireCond=10&expireRedirect={{redirectURL}}",
        LinkPatch(expiry=Expiry(after_clicks=10, redirect_to_after_clicks=C)),
    ),
    (
        "url={{shortURL}}&action=edit&expire=1&expireCond=2026-12-24&expireRedirect={{redirectURL}}&expireUnique=1",
        LinkPatch(expiry=Expiry(at=CHRISTMAS, redirect_to=C, count_unique_only=True)),
    ),
    (
        "url={{shortURL}}&action=edit&expire=1&expireCond=2026-12-24&expireRedirect={{redirectURL}}&expireUnique=0",
        LinkPatch(expiry=Expiry(at=CHRISTMAS, redirect_to=C, count_unique_only=False)),
    ),
    ("url={{shortURL}}&action=edit&expire=0&expireCond=0", LinkPatch(expiry=None)),
    ("action=edit&url={{shortURL}}&password=1", LinkPatch(password="open sesame")),
    ("action=edit&url={{shortURL}}&password=1", LinkPatch(password=None)),
]


@pytest.mark.parametrize(("example", "patch"), EXAMPLES)
async def test_each_example_of_the_document_is_sent_as_shown(example: str, patch: LinkPatch) -> None:
    account = vendor()
    await change(account, patch)
    assert account.sent == [shown("POST" if "password" in example else "GET", example, **PLACES)]


async def test_deleting_is_sent_as_the_document_shows() -> None:
    account = vendor()
    await account.adapter.delete_link(SPRING_SALE)
    assert account.sent == [shown("GET", "action=edit&url={{shortURL}}&delete=1", **PLACES)]


async def test_a_mobile_is_set_and_removed_as_the_document_shows() -> None:
    account = vendor()
    await change(account, LinkPatch(device_targets=(DeviceTarget(Platform.ANDROID, B),)))
    await change(account, LinkPatch(device_targets=None))
    setting = "action=edit&url={{shortURL}}&mobile=android&destination={{destinationURL}}"
    assert account.sent[0] == shown("GET", setting, **PLACES)
    assert account.sent[4] == shown("GET", "action=edit&url={{shortURL}}&mobile=android", **PLACES)


@pytest.mark.parametrize("password", ["open sesame", 'quote"s\r\nand lines', "pässwörd", "", None])
async def test_a_password_is_sent_as_form_data_and_a_blank_one_removes_it(password: str | None) -> None:
    account = vendor()
    account.link().password = "the old one"
    await change(account, LinkPatch(password=password))
    (call,) = account.calls
    boundary = call.headers["content-type"].removeprefix("multipart/form-data; boundary=")
    part = f'Content-Disposition: form-data; name="password"\r\n\r\n{password or ""}\r\n'
    assert call.body.decode() == f"--{boundary}\r\n{part}--{boundary}--\r\n"
    assert not password or password not in str(account.sent)
    assert account.link().password == (password or None)


async def test_a_password_is_in_no_error_and_in_no_plan() -> None:
    account = vendor()
    patch = LinkPatch(password="open sesame")
    with pytest.raises(NotFoundError) as caught:
        await change(account, patch, "cutt.ly/nobody-has-this")
    assert "sesame" not in f"{caught.value!r} {caught.value.extensions} {account.adapter.plan_update(patch)!r}"


async def test_a_new_alias_is_a_new_handle_and_keeps_the_clicks() -> None:
    account = vendor()
    before = await get(account.adapter, SPRING_SALE)
    after = await get(account.adapter, await change(account, LinkPatch(slug="summer-sale")))
    assert (after.handle, after.short_url) == ("cutt.ly/summer-sale", "https://cutt.ly/summer-sale")
    assert before.included is not None
    assert after.included is not None
    assert before.included.clicks == after.included.clicks
    assert await account.adapter.get_links([SPRING_SALE], frozenset()) == {}


async def test_mobiles_are_afterwards_exactly_the_given_ones() -> None:
    account = vendor()
    account.link().mobile = {"redirect": "https://old.example.com", "android": "https://old.example.com"}
    await change(account, LinkPatch(device_targets=(TARGET, DeviceTarget(Platform.ANDROID, C))))
    assert account.link().mobile == {"ios": B, "android": C}
    assert [dict(query)["mobile"] for _, query in account.sent] == ["ios", "android", "windowsMobile", "redirect"]
    assert ["destination" in dict(query) for _, query in account.sent] == [True, True, False, False]


async def test_each_platform_has_its_word() -> None:
    account = vendor()
    platforms = (Platform.ANDROID, Platform.IOS, Platform.WINDOWS_MOBILE, Platform.ALL_MOBILE)
    await change(account, LinkPatch(device_targets=tuple(DeviceTarget(platform, B) for platform in platforms)))
    assert account.link().mobile == dict.fromkeys(("android", "ios", "windowsMobile", "redirect"), B)
    assert len(account.calls) == 4


@pytest.mark.parametrize("none", [None, ()])
async def test_no_mobiles_at_all_removes_all_four(none: tuple[DeviceTarget, ...] | None) -> None:
    account = vendor()
    account.link().mobile = {"redirect": B, "windowsMobile": B}
    await change(account, LinkPatch(device_targets=none))
    assert account.link().mobile == {}
    assert len(account.calls) == 4


async def test_a_mobile_that_fails_stops_the_later_ones() -> None:
    account = vendor()
    with pytest.raises(RejectedError):
        await change(account, LinkPatch(device_targets=(TARGET, DeviceTarget(Platform.ANDROID, "x"))))
    assert account.link().mobile == {"ios": B}
    assert len(account.calls) == 2


async def test_each_field_is_a_step_in_a_fixed_order_with_the_alias_last() -> None:
    account = vendor()
    patch = LinkPatch(
        slug="summer-sale",
        password="open sesame",
        expiry=None,
        variants=None,
        device_targets=(),
        unique_window_minutes=0,
        destination=NEW_SOURCE,
        add_tags=("spring",),
        title="New",
    )
    assert [set(step.fields) for step in account.adapter.plan_update(patch)] == [
        {"title"},
        {"add_tags"},
        {"destination"},
        {"unique_window_minutes"},
        {"device_targets"},
        {"variants"},
        {"expiry"},
        {"password"},
        {"slug"},
    ]
    assert patch.given() == account.adapter.updatable
    assert account.adapter.clearable == {"unique_window_minutes", "device_targets", "variants", "expiry", "password"}
    assert await change(account, patch) == "cutt.ly/summer-sale"
    assert {call.query["url"] for call in account.calls} == {f"https://{SPRING_SALE}"}


@pytest.mark.parametrize("patch", [LinkPatch(), LinkPatch(add_tags=())])
async def test_a_patch_without_changes_is_no_call(patch: LinkPatch) -> None:
    account = vendor()
    await change(account, patch)
    assert account.calls == []


@pytest.mark.parametrize(
    ("handle", "alias", "after"),
    [
        ("cutt.ly/abc", "New", "cutt.ly/New"),
        ("cutt.ly/abc", "/new/", "cutt.ly/new"),
        ("2s.ms/abc/HEADER", "new", "2s.ms/new/HEADER"),
    ],
)
def test_an_alias_is_the_first_part_of_a_handle_after_the_domain(handle: str, alias: str, after: str) -> None:
    assert renamed(handle, alias) == after


@pytest.mark.parametrize(
    ("patch", "path", "words"),
    [
        (LinkPatch(add_tags=("a", "b")), ("add_tags",), "no more than one"),
        (
            LinkPatch(device_targets=(TARGET, DeviceTarget(Platform.DESKTOP, B))),
            ("device_targets", "1", "platform"),
            "does not know DESKTOP; allowed: ANDROID, IOS, WINDOWS_MOBILE, ALL_MOBILE",
        ),
        (LinkPatch(device_targets=(TARGET, TARGET)), ("device_targets", "1", "platform"), "IOS is named twice"),
        (LinkPatch(variants=(Variant(B, 1), Variant(B, 1), Variant(C, 1))), ("variants",), "at most 2"),
        (LinkPatch(expiry=Expiry(redirect_to=C)), ("expiry",), "either a day (at) or a number of clicks"),
        (LinkPatch(expiry=Expiry(CHRISTMAS, 5, redirect_to=C)), ("expiry",), "one of them"),
        (
            LinkPatch(expiry=Expiry(CHRISTMAS, redirect_to_after_clicks=C)),
            ("expiry", "redirect_to_after_clicks"),
            "put it into redirectTo",
        ),
        (
            LinkPatch(expiry=Expiry(after_clicks=5, redirect_to=B, redirect_to_after_clicks=C)),
            ("expiry", "redirect_to_after_clicks"),
            "one redirect for an expired link",
        ),
        (LinkPatch(expiry=Expiry(after_clicks=5)), ("expiry", "redirect_to"), "needs a redirect"),
    ],
)
def test_a_value_that_the_document_has_no_words_for_is_an_input_problem(
    patch: LinkPatch, path: tuple[str, ...], words: str
) -> None:
    (problem,) = adapter_answering(b"").check_patch(patch)
    assert problem.path == path
    assert words in problem.message


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        *((LinkPatch(unique_window_minutes=wrong), ("unique_window_minutes",)) for wrong in (-1, 2, 14, 1441)),
        *((LinkPatch(variants=(Variant(B, wrong),)), ("variants", "0", "percentage")) for wrong in (-1, 101)),
        (LinkPatch(variants=(Variant(B, 60), Variant(C, 41))), ("variants",)),
        *((LinkPatch(expiry=Expiry(None, wrong, redirect_to=C)), ("expiry", "after_clicks")) for wrong in (-5, 0)),
        (LinkPatch(expiry=Expiry(YESTERDAY, redirect_to=C)), ("expiry", "at")),
    ],
)
def test_a_value_that_the_document_excludes_is_an_invalid_input(patch: LinkPatch, path: tuple[str, ...]) -> None:
    (problem,) = adapter_answering(b"").check_patch(patch)
    assert (problem.path, problem.is_invalid) == (path, True)


@pytest.mark.parametrize(
    "patch",
    [
        *(LinkPatch(unique_window_minutes=allowed) for allowed in (None, 0, 1, 15, 1440)),
        LinkPatch(variants=(Variant(B, 0), Variant(C, 100))),
        LinkPatch(expiry=Expiry(after_clicks=1, redirect_to=C)),
        LinkPatch(expiry=Expiry(TODAY, redirect_to=C)),
    ],
)
def test_a_value_at_the_edge_of_what_the_document_allows_is_no_problem(patch: LinkPatch) -> None:
    assert adapter_answering(b"").check_patch(patch) == ()


@pytest.mark.parametrize(
    ("patch", "kind", "field", "code"),
    [
        (LinkPatch(destination="example"), RejectedError, "destination", "4"),
        (LinkPatch(device_targets=(DeviceTarget(Platform.IOS, "x"),)), RejectedError, "device_targets", "4"),
    ],
)
async def test_a_refusal_names_the_field(
    patch: LinkPatch, kind: type[VendorError], field: str | None, code: str
) -> None:
    account = vendor()
    with pytest.raises(VendorError) as caught:
        await change(account, patch)
    assert (type(caught.value), caught.value.field, caught.value.provider_code) == (kind, field, code)
    assert len(account.calls) == 1


@pytest.mark.parametrize(("handle", "calls"), [("cutt.ly/nobody-has-this", 1), ("no handle", 0)])
async def test_a_link_that_does_not_exist_can_be_neither_changed_nor_deleted(handle: str, calls: int) -> None:
    account = vendor()
    with pytest.raises(NotFoundError):
        await change(account, LinkPatch(title="x"), handle)
    with pytest.raises(NotFoundError):
        await account.adapter.delete_link(handle)
    assert len(account.calls) == 2 * calls


@pytest.mark.parametrize("body", [{"status": 1}, {"status": "1"}, {"url": {"status": 1}}])
async def test_a_status_of_1_is_a_success_however_it_comes(body: object) -> None:
    await adapter_answering(body).delete_link(SPRING_SALE)
