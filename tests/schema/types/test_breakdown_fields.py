"""Breakdowns of several vendors have one vocabulary, and say which account counts what."""

from typing import Any

import pytest

from harness.gateway import open_gateway

QUERY = """query ($by: Dimension!, $first: Int) {
  stats(filter: { tags: { any: ["webinar"] } }, range: { from: "2026-11-01", to: "2026-11-15" }) {
    breakdown(by: $by, first: $first) {
      measures accounts { key }
      buckets { key label clicks uniqueClicks counts { account { key } clicks uniqueClicks } }
      remainder { clicks uniqueClicks counts { account { key } clicks uniqueClicks } }
    }
    byAccount { account { key } breakdown(by: $by, first: 1000) { measures buckets { key clicks uniqueClicks } } }
  }
}"""
DEVICES = {"mobile", "tablet", "desktop", "console", "tv", "bot", "other"}


async def breakdown_by(dimension: str, first: int = 1_000) -> Any:
    return (await open_gateway().data(QUERY, by=dimension, first=first))["stats"]


@pytest.mark.parametrize("dimension", ["COUNTRY", "DEVICE", "OS"])
async def test_a_bucket_says_how_much_of_it_is_of_which_account(dimension: str) -> None:
    stats = await breakdown_by(dimension)
    merged = stats["breakdown"]
    assert merged["measures"] == ["CLICKS", "UNIQUE_CLICKS"]
    assert {each["key"] for each in merged["accounts"]} == {"picsee-main", "shortenworld"}
    own = {
        part["account"]["key"]: {bucket["key"]: bucket for bucket in part["breakdown"]["buckets"]}
        for part in stats["byAccount"]
        if part["breakdown"] is not None
    }
    for bucket in merged["buckets"]:
        counts = {each["account"]["key"]: each for each in bucket["counts"]}
        assert set(counts) == {key for key, buckets in own.items() if bucket["key"] in buckets}
        for key, each in counts.items():
            assert (each["clicks"], each["uniqueClicks"]) == (
                own[key][bucket["key"]]["clicks"],
                own[key][bucket["key"]]["uniqueClicks"],
            )
        # ShortenWorld counts clicks, and PicSee unique clicks.
        assert bucket["clicks"] == counts.get("shortenworld", {"clicks": None})["clicks"]
        assert bucket["uniqueClicks"] == counts.get("picsee-main", {"uniqueClicks": None})["uniqueClicks"]


async def test_devices_of_all_vendors_have_one_vocabulary() -> None:
    stats = await breakdown_by("DEVICE")
    buckets = {bucket["key"]: bucket for bucket in stats["breakdown"]["buckets"]}
    assert buckets.keys() <= DEVICES
    # PicSee's iphone and android, and ShortenWorld's Mobile.
    assert {each["account"]["key"] for each in buckets["mobile"]["counts"]} == {"picsee-main", "shortenworld"}
    assert buckets["mobile"]["label"] == "Mobile"


async def test_platforms_answer_systems_too() -> None:
    stats = await breakdown_by("OS")
    picsee = next(part for part in stats["byAccount"] if part["account"]["key"] == "picsee-main")
    assert {bucket["key"] for bucket in picsee["breakdown"]["buckets"]} == {"ios", "android", "windows", "macos"}
    assert picsee["breakdown"]["measures"] == ["UNIQUE_CLICKS"]


async def test_the_remainder_keeps_the_accounts_apart_too() -> None:
    rest = (await breakdown_by("COUNTRY", first=2))["breakdown"]["remainder"]
    counts = {each["account"]["key"]: each for each in rest["counts"]}
    assert (rest["clicks"], rest["uniqueClicks"]) == (
        counts["shortenworld"]["clicks"],
        counts["picsee-main"]["uniqueClicks"],
    )
