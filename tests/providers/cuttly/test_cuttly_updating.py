"""Cutt.ly: changing and deleting links, each example of the document with the request that it shows."""

from datetime import date

import pytest

from harness.cuttly_vendor import SPRING_SALE, change, get, shown, vendor
from linkweave.errors import NotFoundError
from linkweave.models import DeviceTarget, Expiry, Platform, Variant
from linkweave.models.changes import LinkPatch
from linkweave.providers.cuttly.emulator import links as kept
from linkweave.providers.cuttly.updating import renamed

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

# One call each.
EXAMPLES = [
    ("GET", "action=edit&url={{shortURL}}&tag={{tag}}", LinkPatch(add_tags=("spring & sale",))),
    ("GET", "action=edit&url={{shortURL}}&name={{name}}", LinkPatch(slug="summer-sale")),
    ("GET", "action=edit&url={{shortURL}}&source={{sourceURL}}", LinkPatch(destination=NEW_SOURCE)),
    ("GET", "action=edit&url={{shortURL}}&unique=1", LinkPatch(unique_window_minutes=1)),
    ("GET", "action=edit&url={{shortURL}}&unique=1440", LinkPatch(unique_window_minutes=1440)),
    ("GET", "action=edit&url={{shortURL}}&unique=0", LinkPatch(unique_window_minutes=0)),
    ("GET", "action=edit&url={{shortURL}}&unique=0", LinkPatch(unique_window_minutes=None)),
    ("GET", "action=edit&url={{shortURL}}&title={{title}}", LinkPatch(title="Spring – 50 %")),
    (
        "GET",
        "url={{shortURL}}&action=edit&abtest=1&abtest_b=70&abtest_bvariation={{B_variationURL}}",
        LinkPatch(variants=(Variant(B, 70),)),
    ),
    (
        "GET",
        "url={{shortURL}}&action=edit&abtest=2&abtest_b=30&abtest_bvariation={{B_variationURL}}&abtest_c=40&abtest_cvariation={{C_variationURL}}",
        LinkPatch(variants=(Variant(B, 30), Variant(C, 40))),
    ),
    ("GET", "url={{shortURL}}&action=edit&abtest=0", LinkPatch(variants=None)),
    ("GET", "url={{shortURL}}&action=edit&abtest=0", LinkPatch(variants=())),
    (
        "GET",
        "url={{shortURL}}&action=edit&expire=0&expireCond=10&expireRedirect={{redirectURL}}&expireUnique=1",
        LinkPatch(expiry=Expiry(after_clicks=10, redirect_to=C, count_unique_only=True)),
    ),
    (
        "GET",
        "url={{shortURL}}&action=edit&expire=0&expireCond=10&expireRedirect={{redirectURL}}",
        LinkPatch(expiry=Expiry(after_clicks=10, redirect_to_after_clicks=C)),
    ),
    (
        "GET",
        "url={{shortURL}}&action=edit&expire=1&expireCond=2026-12-24&expireRedirect={{redirectURL}}&expireUnique=1",
        LinkPatch(expiry=Expiry(at=CHRISTMAS, redirect_to=C, count_unique_only=True)),
    ),
    (
        "GET",
        "url={{shortURL}}&action=edit&expire=1&expireCond=2026-12-24&expireRedirect={{redirectURL}}&expireUnique=0",
        LinkPatch(expiry=Expiry(at=CHRISTMAS, redirect_to=C, count_unique_only=False)),
    ),
    ("GET", "url={{shortURL}}&action=edit&expire=0&expireCond=0", LinkPatch(expiry=None)),
    ("POST", "action=edit&url={{shortURL}}&password=1", LinkPatch(password="open sesame")),
    ("POST", "action=edit&url={{shortURL}}&password=1", LinkPatch(password=None)),
]


@pytest.mark.parametrize(("method", "example", "patch"), EXAMPLES)
async def test_each_example_of_the_document_is_sent_as_it_shows(method: str, example: str, patch: LinkPatch) -> None:
    account = vendor()
    await change(account, patch)
    assert account.asked == [shown(method, example, **PLACES)]


async def test_deleting_is_sent_as_the_document_shows() -> None:
    account = vendor()
    await account.adapter.delete_link(SPRING_SALE)
    assert account.asked == [shown("GET", "action=edit&url={{shortURL}}&delete=1", **PLACES)]
    assert SPRING_SALE not in account.team.links
    assert await account.adapter.get_links([SPRING_SALE], frozenset()) == {}


async def test_setting_and_removing_a_mobile_are_sent_as_the_document_shows() -> None:
    account = vendor()
    await change(account, LinkPatch(device_targets=(DeviceTarget(Platform.ANDROID, B),)))
    assert account.asked[0] == shown(
        "GET", "action=edit&url={{shortURL}}&mobile=android&destination={{destinationURL}}", **PLACES
    )
    account.calls.clear()
    await change(account, LinkPatch(device_targets=None))
    assert account.asked[0] == shown("GET", "action=edit&url={{shortURL}}&mobile=android", **PLACES)


@pytest.mark.parametrize("password", ["open sesame", 'quote"s\r\nand lines', "pässwörd"])
async def test_a_password_travels_as_form_data_and_not_in_the_url(password: str) -> None:
    account = vendor()
    await change(account, LinkPatch(password=password))
    (call,) = account.calls
    boundary = call.headers["content-type"].removeprefix("multipart/form-data; boundary=")
    assert call.body.decode() == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="password"\r\n\r\n{password}\r\n--{boundary}--\r\n'
    )
    assert password not in str(account.asked)
    assert account.link().password == password


@pytest.mark.parametrize("blank", [None, ""])
async def test_a_blank_password_removes_it(blank: str | None) -> None:
    account = vendor()
    account.link().password = "open sesame"
    await change(account, LinkPatch(password=blank))
    assert b'name="password"\r\n\r\n\r\n--' in account.calls[0].body
    assert account.link().password is None


async def test_a_password_is_in_no_error_and_in_no_plan() -> None:
    account = vendor()
    patch = LinkPatch(password="open sesame")
    with pytest.raises(NotFoundError) as caught:
        await change(account, patch, "cutt.ly/nobody-has-this")
    assert "sesame" not in f"{caught.value!r} {caught.value.extensions} {account.adapter.plan_update(patch)!r}"


async def test_what_the_vendor_tells_is_read_back_after_a_change() -> None:
    account = vendor()
    handle = await change(account, LinkPatch(title="New", destination=NEW_SOURCE, slug="summer-sale"))
    link = await get(account.adapter, handle)
    assert (link.title, link.destination) == ("New", NEW_SOURCE)
    assert (link.handle, link.short_url) == ("cutt.ly/summer-sale", "https://cutt.ly/summer-sale")
    assert await account.adapter.get_links([SPRING_SALE], frozenset()) == {}


async def test_a_new_alias_keeps_the_clicks() -> None:
    account = vendor()
    before = (await get(account.adapter, SPRING_SALE)).included
    after = (await get(account.adapter, await change(account, LinkPatch(slug="summer-sale")))).included
    assert before is not None
    assert after is not None
    assert before.clicks == after.clicks


async def test_what_the_vendor_does_not_tell_is_kept_there_all_the_same() -> None:
    account = vendor()
    patch = LinkPatch(
        add_tags=("spring",),
        unique_window_minutes=30,
        variants=(Variant(B, 30), Variant(C, 40)),
        expiry=Expiry(after_clicks=10, redirect_to=C, count_unique_only=True),
    )
    await change(account, patch)
    link = account.link()
    assert (link.tag, link.unique_minutes, link.variations) == ("spring", 30, ((30, B), (40, C)))
    assert link.expiry == kept.Expiry(10, C, unique=True)


async def test_what_is_cleared_is_gone_there() -> None:
    account = vendor()
    link = account.link()
    link.unique_minutes, link.variations, link.expiry = 30, ((30, B),), kept.Expiry(10, C, unique=True)
    await change(account, LinkPatch(unique_window_minutes=None, variants=None, expiry=None))
    assert [link.unique_minutes, link.variations, link.expiry] == [0, (), None]


async def test_an_expiry_takes_the_place_of_the_one_before() -> None:
    account = vendor()
    account.link().expiry = kept.Expiry(10, B, unique=True)
    await change(account, LinkPatch(expiry=Expiry(at=CHRISTMAS, redirect_to=C)))
    assert account.link().expiry == kept.Expiry(CHRISTMAS, C, unique=False)


async def test_mobiles_are_afterwards_exactly_those_that_were_given() -> None:
    account = vendor()
    account.link().mobile = {"redirect": "https://old.example.com", "android": "https://old.example.com"}
    targets = (DeviceTarget(Platform.IOS, B), DeviceTarget(Platform.ANDROID, C))
    await change(account, LinkPatch(device_targets=targets))
    assert account.link().mobile == {"ios": B, "android": C}
    assert [dict(query)["mobile"] for _, query in account.asked] == ["ios", "android", "windowsMobile", "redirect"]
    assert ["destination" in dict(query) for _, query in account.asked] == [True, True, False, False]


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


ALL = LinkPatch(
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


async def test_each_field_is_a_step_of_its_own_in_a_fixed_order_with_the_alias_last() -> None:
    account = vendor()
    steps = account.adapter.plan_update(ALL)
    assert [set(step.fields) for step in steps] == [
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
    assert await change(account, ALL) == "cutt.ly/summer-sale"
    assert {call.query["url"] for call in account.calls} == {f"https://{SPRING_SALE}"}


async def test_what_is_not_given_is_not_planned() -> None:
    adapter = vendor().adapter
    assert adapter.plan_update(LinkPatch()) == ()
    assert ALL.given() == adapter.updatable
    assert adapter.clearable == {"unique_window_minutes", "device_targets", "variants", "expiry", "password"}


async def test_no_tag_at_all_is_no_call() -> None:
    account = vendor()
    await change(account, LinkPatch(add_tags=()))
    assert account.calls == []


async def test_a_header_stays_when_the_alias_changes() -> None:
    account = vendor()
    account.team.add("2s.ms", "MYBRND", "abc", NEW_SOURCE, "A title")
    handle = await change(account, LinkPatch(slug="sale"), "2s.ms/MYBRND/abc")
    assert handle == "2s.ms/MYBRND/sale"
    assert (await get(account.adapter, handle)).destination == NEW_SOURCE


@pytest.mark.parametrize(
    ("handle", "alias", "after"),
    [
        ("cutt.ly/abc", "New", "cutt.ly/New"),
        ("cutt.ly/abc", "/new/", "cutt.ly/new"),
        ("2s.ms/HEADER/abc", "new", "2s.ms/HEADER/new"),
    ],
)
def test_an_alias_is_the_last_part_of_a_handle(handle: str, alias: str, after: str) -> None:
    assert renamed(handle, alias) == after
