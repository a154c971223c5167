"""Vendors' names of countries, referrers, languages and devices become the same keys, and sums stay sums."""

from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkweave.gather.statistics.breakdowns import Counts, MergedBucket, break_down
from linkweave.gather.statistics.buckets import Bucket, add, normalise
from linkweave.models import Dimension, Measure, RawBucket


def key(dimension: Dimension, name: str, code: str | None = None) -> str:
    return normalise(dimension, RawBucket(name, code)).key


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("Taiwan", None, "TW"),
        ("TAIWAN", None, "TW"),
        ("TW", None, "TW"),
        ("tw", None, "TW"),
        (" tw ", None, "TW"),
        ("whatever", "tw", "TW"),
        ("", "TW", "TW"),
        ("Unknown", "TW", "TW"),
        ("Taiwan, Province of China", None, "TW"),
        ("USA", None, "US"),
        ("United States of America", None, "US"),
        ("UK", None, "GB"),
        ("United Kingdom", "UK", "GB"),
        ("Korea, Republic of", None, "KR"),
        ("Korea (Republic of)", None, "KR"),
        ("South Korea", None, "KR"),
        ("Iran, Islamic Republic of", None, "IR"),
        ("Bolivia (Plurinational State of)", None, "BO"),
        ("Turkey", None, "TR"),
        ("Türkiye", None, "TR"),
        ("Turkiye", None, "TR"),
        ("Czechia", None, "CZ"),
        ("Czech Republic", None, "CZ"),
        ("Viet Nam", None, "VN"),
        ("Hong Kong", None, "HK"),
        ("Hong Kong SAR China", None, "HK"),
        ("Bosnia and Herzegovina", None, "BA"),
        ("Bosnia & Herzegovina", None, "BA"),
        ("Saint Lucia", None, "LC"),
        ("St. Lucia", None, "LC"),
        ("St Lucia", None, "LC"),
        ("Cote d'Ivoire", None, "CI"),
        ("Côte d’Ivoire", None, "CI"),
        ("Ivory Coast", None, "CI"),
        ("The Netherlands", None, "NL"),
        ("Myanmar", None, "MM"),
        ("Burma", None, "MM"),
        ("Congo", None, "CG"),
        ("Congo, the Democratic Republic of the", None, "CD"),
        ("Namibia", "NA", "NA"),
        ("Kosovo", "XK", "XK"),
    ],
)
def test_countries_get_their_iso_code(name: str, code: str | None, expected: str) -> None:
    assert key(Dimension.COUNTRY, name, code) == expected


def test_a_country_has_its_english_name_as_label() -> None:
    assert normalise(Dimension.COUNTRY, RawBucket("twn", "tw", 3, 2)) == Bucket("TW", "Taiwan", 3, 2)


@pytest.mark.parametrize("name", ["Atlantis", "TWN", "Europe", "EU", "QO", "ﬁ", "ß", "((("])
def test_a_name_of_no_country_stays_unchanged(name: str) -> None:
    assert normalise(Dimension.COUNTRY, RawBucket(name)) == Bucket(name, name)


def test_a_name_that_is_too_long_for_a_country_costs_no_time() -> None:
    # Looking for the end of each bracket would take minutes.
    brackets = "(" * 200_000

    assert key(Dimension.COUNTRY, brackets) == brackets


@pytest.mark.parametrize("name", ["Others", "other", " OTHERS ", "rest"])
@pytest.mark.parametrize("dimension", Dimension)
def test_vendors_names_of_the_remaining_rows_become_other(dimension: Dimension, name: str) -> None:
    assert key(dimension, name) == "other"


@pytest.mark.parametrize("name", ["", " ", "-", "Unknown", "undefined", "null", "N/A", "(not set)"])
@pytest.mark.parametrize("dimension", Dimension)
def test_vendors_names_of_unknown_values_become_unknown(dimension: Dimension, name: str) -> None:
    assert key(dimension, name) == "unknown"


@pytest.mark.parametrize(("name", "code"), [("ZZ", None), ("xx", None), ("", "ZZ"), ("Unknown", "XX")])
def test_the_codes_of_no_country_are_unknown(name: str, code: str | None) -> None:
    assert key(Dimension.COUNTRY, name, code) == "unknown"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("https://www.Example.com/path?q=1#x", "example.com"),
        ("http://example.com:8080/", "example.com"),
        ("//example.com/x", "example.com"),
        ("example.com", "example.com"),
        ("EXAMPLE.com:443", "example.com"),
        ("example.com.", "example.com"),
        ("www.example.com/path", "example.com"),
        ("example.com/path?next=https://other.example/", "example.com"),
        ("https://user:password@example.com/", "example.com"),
        ("android-app://com.google.android.gm", "com.google.android.gm"),
        ("http://[2001:DB8::1]:80/x", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("http://192.0.2.1/", "192.0.2.1"),
        ("http://bücher.example/", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("direct", "direct"),
        ("Direct", "direct"),
        ("(none)", "direct"),
        ("no referrer", "direct"),
        ("https://", "https://"),
        ("https:///path", "https:///path"),
        ("http://[broken", "http://[broken"),
        ("[::1", "[::1"),
        ("www.", "www"),
        ("www..", "www.."),
        ("#¡", "#¡"),
        ("@-", "@-"),
        ("a b", "a b"),
        ("Google Search", "google search"),
    ],
)
def test_referrers_are_host_names(name: str, expected: str) -> None:
    assert key(Dimension.REFERRER, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("zh-TW", "zh-TW"),
        ("zh_TW", "zh-TW"),
        ("ZH-tw", "zh-TW"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("zh_Hant", "zh-Hant"),
        ("pt-BR", "pt-BR"),
        ("en_US", "en-US"),
        ("en-us", "en-US"),
        ("en", "en"),
        ("EN", "en"),
        ("es-419", "es-419"),
        ("iw", "he"),
        ("und", "unknown"),
        ("nonsense", "nonsense"),
        ("English", "English"),
        ("x-private", "x-private"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("*", "*"),
        ("\ud800", "\ud800"),
    ],
)
def test_languages_are_tags_as_short_as_they_came(name: str, expected: str) -> None:
    assert key(Dimension.LANGUAGE, name) == expected


def test_a_referrer_that_is_no_host_keeps_its_name_as_label() -> None:
    assert normalise(Dimension.REFERRER, RawBucket("Google Search")) == Bucket("google search", "Google Search")


def test_a_language_has_its_english_name_as_label() -> None:
    assert normalise(Dimension.LANGUAGE, RawBucket("pt-BR")).label == "Portuguese (Brazil)"


@pytest.mark.parametrize("dimension", [Dimension.OS, Dimension.BROWSER, Dimension.BRAND])
def test_systems_and_browsers_and_brands_are_in_lower_case_with_the_vendors_label(dimension: Dimension) -> None:
    assert normalise(dimension, RawBucket("KaiOS 3", clicks=1)) == Bucket("kaios 3", "KaiOS 3", 1)


@pytest.mark.parametrize(
    ("name", "device", "system"),
    [
        ("iphone", "mobile", "ios"),
        ("iPad", "tablet", "ios"),
        ("Android", "mobile", "android"),
        ("Android Tablet", "tablet", "android"),
        ("macintosh", "desktop", "macos"),
        ("Mac OS X", "desktop", "macos"),
        ("Windows", "desktop", "windows"),
        ("Chrome OS", "desktop", "chromeos"),
        ("Linux", "desktop", "linux"),
        ("Mobile", "mobile", "unknown"),
        ("Smart-TV", "tv", "unknown"),
        ("game_console", "console", "unknown"),
        ("Desktop", "desktop", "unknown"),
        ("Bot", "bot", "unknown"),
        ("iPhone 13 Pro", "mobile", "iphone 13 pro"),
        ("Fridge", "other", "fridge"),
        ("others", "other", "other"),
        ("", "unknown", "unknown"),
    ],
)
def test_a_system_that_is_named_as_device_counts_as_its_kind_of_device(name: str, device: str, system: str) -> None:
    assert (key(Dimension.DEVICE, name), key(Dimension.OS, name)) == (device, system)


def test_devices_and_systems_have_labels_for_people() -> None:
    labels = [normalise(Dimension.DEVICE, RawBucket(name)).label for name in ("iphone", "smarttv", "Fridge")]
    assert labels == ["Mobile", "TV", "Other"]
    assert [normalise(Dimension.OS, RawBucket(name)).label for name in ("ipad", "macintosh")] == ["iOS", "macOS"]


@pytest.mark.parametrize("dimension", [Dimension.INTEREST, Dimension.BRAND_AFFINITY])
def test_labels_of_audiences_stay_as_they_are(dimension: Dimension) -> None:
    assert normalise(dimension, RawBucket("Home & Garden")) == Bucket("Home & Garden", "Home & Garden")


@settings(max_examples=60)
@given(st.sampled_from(Dimension), st.text(), st.none() | st.text())
def test_any_name_gets_a_key_and_a_label(dimension: Dimension, name: str, code: str | None) -> None:
    bucket = normalise(dimension, RawBucket(name, code, 1, 2))

    assert bucket.key
    assert bucket.label
    assert (bucket.clicks, bucket.unique_clicks) == (1, 2)


@settings(max_examples=60)
@given(st.sampled_from(Dimension), st.text())
def test_a_key_is_its_own_key(dimension: Dimension, name: str) -> None:
    once = key(dimension, name)
    is_address = dimension is Dimension.REFERRER and ":" in once
    if once.isascii() and not is_address:
        assert key(dimension, once) == once


numbers = st.none() | st.integers(0, 1_000)


@settings(max_examples=60)
@given(st.lists(numbers, max_size=5))
def test_known_numbers_are_added_and_unknown_numbers_stay_unknown(told: list[int | None]) -> None:
    known = [number for number in told if number is not None]

    assert reduce(add, told, None) == (sum(known) if known else None)


def rows_of(*rows: RawBucket) -> list[tuple[str, RawBucket]]:
    return [("one", row) for row in rows]


async def test_rows_under_one_key_are_one_bucket_and_measures_stay_apart() -> None:
    told = [RawBucket("Taiwan", clicks=3), RawBucket("x", "TW", unique_clicks=2), RawBucket("tw", clicks=4)]
    breakdown = await break_down(Dimension.COUNTRY, rows_of(*told), first=10)
    assert breakdown.buckets == (MergedBucket("TW", "Taiwan", 7, 2, {"one": Counts(7, 2)}),)
    assert breakdown.remainder is None


async def test_the_largest_buckets_come_first_and_equal_ones_by_key() -> None:
    told = [RawBucket("b", clicks=1), RawBucket("a", clicks=1), RawBucket("c", clicks=2), RawBucket("d")]
    breakdown = await break_down(Dimension.BROWSER, rows_of(*told, RawBucket("e", unique_clicks=1)), first=9)
    assert [bucket.key for bucket in breakdown.buckets] == ["c", "a", "b", "e", "d"]


async def test_buckets_beyond_the_first_are_summed_in_the_remainder() -> None:
    told = [RawBucket(name, clicks=number) for number, name in enumerate("abcd")]
    breakdown = await break_down(Dimension.BROWSER, rows_of(*told), first=1)
    assert [bucket.key for bucket in breakdown.buckets] == ["d"]
    assert breakdown.remainder == MergedBucket("other", "All others", 3, None, {"one": Counts(3)})


async def test_no_rows_are_no_buckets_of_the_accounts_that_were_asked() -> None:
    breakdown = await break_down(Dimension.OS, [], 5, ("one",))
    assert (breakdown.buckets, breakdown.measures, breakdown.accounts) == ((), frozenset(), ("one",))


@settings(max_examples=60)
@given(
    st.sampled_from([Dimension.COUNTRY, Dimension.REFERRER, Dimension.DEVICE]),
    st.lists(
        st.tuples(
            st.sampled_from(["one", "other"]),
            st.builds(
                RawBucket,
                st.sampled_from(["TW", "Taiwan", "direct", "Others", "Mobile", "mobile", ""]) | st.text(max_size=3),
                clicks=numbers,
                unique_clicks=numbers,
            ),
        )
    ),
    st.integers(1, 8),
)
async def test_buckets_and_remainder_add_up_to_the_whole_also_per_account(
    dimension: Dimension, told: list[tuple[str, RawBucket]], first: int
) -> None:
    breakdown = await break_down(dimension, told, first)
    parts = [*breakdown.buckets, *([breakdown.remainder] if breakdown.remainder else [])]
    for measure in ("clicks", "unique_clicks"):
        known = [(account, getattr(row, measure)) for account, row in told if getattr(row, measure) is not None]
        given_out = [getattr(part, measure) for part in parts if getattr(part, measure) is not None]
        assert sum(given_out) == sum(number for _, number in known)
        assert bool(given_out) == bool(known)
        for account in ("one", "other"):
            own = [getattr(part.counts.get(account, Counts()), measure) or 0 for part in parts]
            assert sum(own) == sum(number for key, number in known if key == account)
    assert len(breakdown.buckets) <= first
    keys = [bucket.key for bucket in breakdown.buckets]
    assert len(keys) == len(set(keys))


async def test_buckets_of_bots_count_clicks_by_bots() -> None:
    rows = [("one", RawBucket("googlebot", clicks=3))]
    assert (await break_down(Dimension.BOT, rows, 5)).measures == {Measure.BOT_CLICKS}
    assert (await break_down(Dimension.BROWSER, rows, 5)).measures == {Measure.CLICKS}
