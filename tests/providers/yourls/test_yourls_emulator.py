"""The emulator of YOURLS answers as the recorded site, byte by byte where nothing depends on the time."""

import hashlib
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.yourls.emulator import create_emulator, emulate
from linkweave.providers.yourls.emulator.logins import SIGNATURE
from linkweave.providers.yourls.emulator.site import Site, StoredLink

SAMPLES = Path(__file__).parent / "samples"
FIRST = "https://example.com/page?a=1&b=2"
TITLE = 'First "link" & é 😀'


def recorded(name: str) -> bytes:
    """A recorded body, at the emulator's address and time."""
    body = (SAMPLES / f"{name}.body").read_bytes()
    for old, new in (
        (b"http:\\/\\/127.0.0.1:8192", b"https:\\/\\/go.coats-demo.example"),
        (b"http://127.0.0.1:8192", b"https://go.coats-demo.example"),
        (b"http://127.0.0.1:8192", b"https://go.coats-demo.example"),
        (b"127.0.0.1:8192", b"go.coats-demo.example"),
        (b"2026-11-30 06:52:45", b"2026-11-20 10:30:00"),
        (b'"ip":"127.0.0.1"', b'"ip":"192.0.2.7"'),
        (b"<ip>127.0.0.1", b"<ip>192.0.2.7"),
    ):
        body = body.replace(old, new)
    return body


def site() -> Site:
    clock = ManualClock()
    first = StoredLink("first", FIRST, TITLE, clock.now(), 5)
    return Site(clock, [first, StoredLink("1", "https://example.com/two", "Two", clock.now())])


async def ask(target: Site, fields: dict[str, str]) -> httpx2.Response:
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=emulate(target)), base_url="http://emulator")
    fields = {"format": "json", "signature": SIGNATURE, **fields}
    return await http.post("/yourls-api.php", data={name: value for name, value in fields.items() if value != "-"})


LOGIN = {"username": "sandbox-yourls", "password": "sandbox-yourls-password"}
NEW = {"action": "shorturl", "title": "x", "url": "https://example.com/new"}


@pytest.mark.parametrize(
    ("name", "fields", "status"),
    [
        ("version", {"action": "version"}, 200),
        ("version-db", {"action": "version", "db": "1"}, 200),
        ("no-format", {"action": "version", "format": ""}, 200),
        ("jsonp", {"action": "version", "format": "jsonp", "callback": "cb"}, 200),
        ("xml", {"action": "url-stats", "shorturl": "first", "format": "-"}, 200),
        ("login", {"action": "version", "signature": "-", **LOGIN}, 200),
        ("bad-login", {"action": "version", "username": "owner", "password": "wrong"}, 403),
        ("bad-signature", {"action": "version", "signature": "0000000000"}, 403),
        ("no-auth", {"action": "version", "signature": "-"}, 403),
        ("sig-time-md5", {"action": "version", "timestamp": "1796021565", "hash": "md5"}, 403),
        ("no-action", {}, 400),
        ("unknown-action", {"action": "nosuch"}, 400),
        ("expand", {"action": "expand", "shorturl": "first"}, 200),
        ("expand-url", {"action": "expand", "shorturl": "https://go.coats-demo.example/first"}, 200),
        ("expand-unknown", {"action": "expand", "shorturl": "nosuch"}, 404),
        ("url-stats", {"action": "url-stats", "shorturl": "first"}, 200),
        ("url-stats-unknown", {"action": "url-stats", "shorturl": "nosuch"}, 404),
        ("url-stats-missing", {"action": "url-stats"}, 404),
        ("stats-negative", {"action": "stats", "filter": "last", "limit": "2", "start": "-1"}, 500),
        ("url-missing", {"action": "shorturl"}, 400),
        ("url-bad", {**NEW, "url": "javascript:alert(1)"}, 400),
        ("url-loop", {**NEW, "url": "https://go.coats-demo.example/first"}, 400),
        ("url-taken", {**NEW, "url": "https://example.com/two"}, 400),
        ("url-taken-other-slug", {**NEW, "url": "https://example.com/two", "keyword": "otherslug"}, 400),
        ("slug-taken", {**NEW, "keyword": "first"}, 400),
        ("slug-reserved", {**NEW, "keyword": "porn"}, 400),
        ("slug-case", {**NEW, "keyword": "FIRST"}, 400),
        ("slug-odd", {**NEW, "url": "https://example.com/five", "keyword": "A b-C!9"}, 200),
        ("url-unicode", {**NEW, "url": "https://example.com/ünï?q=ä ö", "keyword": "4"}, 200),
        ("url-text", {**NEW, "url": "not a url", "keyword": "3"}, 200),
    ],
)
async def test_an_answer_is_the_recorded_one(name: str, fields: dict[str, str], status: int) -> None:
    answer = await ask(site(), fields)
    assert (answer.status_code, answer.content.decode()) == (status, recorded(name).decode().rstrip("\n"))


async def test_a_signature_with_a_time_is_valid_for_twelve_hours() -> None:
    target, now = site(), int(ManualClock().now().timestamp())
    for age, status in ((0, 200), (11 * 3600, 200), (13 * 3600, 403)):
        signed = hashlib.sha512(f"{now - age}{SIGNATURE}".encode()).hexdigest()
        fields = {"action": "version", "timestamp": str(now - age), "hash": "sha512", "signature": signed}
        assert (await ask(target, fields)).status_code == status


async def listed(target: Site, **fields: str) -> Any:
    answer = json.loads((await ask(target, {"action": "stats", "filter": "last", **fields})).content)
    assert answer["stats"] == {"total_links": len(target.links), "total_clicks": 5}
    return [link["shorturl"].rpartition("/")[2] for link in answer["links"].values()] if "links" in answer else None


async def test_a_list_is_numbered_anew_on_each_page_and_has_no_links_beyond_its_end_or_without_a_limit() -> None:
    target = site()
    assert sorted(await listed(target, limit="100000")) == ["1", "first"]
    assert len(await listed(target, limit="1", start="1")) == 1
    for fields in ({"limit": "2", "start": "2"}, {"limit": "0"}, {}, {"limit": "many"}):
        assert await listed(target, **fields) is None
    for order, first in (("top", "first"), ("bogus", "first"), ("bottom", "1")):
        assert (await listed(target, limit="2", filter=order))[0] == first


async def test_a_link_without_a_slug_gets_the_next_free_number_and_without_a_title_the_pages() -> None:
    target = site()
    answers = [await ask(target, {**NEW, "url": f"https://example.com/{at}", "title": ""}) for at in range(2)]
    assert [answer.json()["url"]["keyword"] for answer in answers] == ["2", "3"]
    assert answers[0].json()["title"] == "Page at https://example.com/0"


async def test_other_pages_are_not_found() -> None:
    app = create_emulator(EmulatorOptions(ManualClock()))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator") as http:
        assert (await http.get("/nosuch")).status_code == 404
        counts = await http.get(
            "/yourls-api.php", params={"action": "db-stats", "format": "json", "signature": SIGNATURE}
        )
    assert counts.json()["db-stats"]["total_links"] == 300
