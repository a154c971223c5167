"""YOURLS: settings, logins, new links, and what the site's answers make of a request."""

import httpx2
import pytest
from pydantic import ValidationError

from harness.emulators import ManualClock
from harness.yourls_vendor import adapter_over, client_of
from linkweave.errors import UnauthenticatedError
from linkweave.models.changes import NewLink
from linkweave.providers.yourls import PROVIDER
from linkweave.providers.yourls.adapter import YourlsAdapter
from linkweave.providers.yourls.emulator.site import Site
from linkweave.testing.gateway import Gateway, open_gateway
from linkweave.testing.mutations import CREATE_LINK

PASSWORD = {"signature": None, "username": "sandbox-yourls", "password": "sandbox-yourls-password"}
DESTINATION = "https://www.example.com/coats"


@pytest.mark.parametrize(
    "login",
    [
        {},
        {"username": "a"},
        {"password": "b"},
        {"signature": "s", "username": "a"},
        {"signature": "s", "password": "b"},
        {"signature": "s", "username": "a", "password": "b"},
    ],
)
def test_an_account_has_either_a_signature_or_a_name_and_a_password(login: dict[str, str]) -> None:
    table = {"key": "shop", "provider": "yourls", "base_url": "https://sho.example", **login}
    with pytest.raises(ValidationError, match="must have either signature, or username and password"):
        PROVIDER.settings.model_validate(table)


@pytest.mark.parametrize(
    "address", ["https://sho.example/y", "https://sho.example/y/", "https://sho.example/y/yourls-api.php"]
)
async def test_the_address_may_have_the_apis_path_at_its_end(address: str) -> None:
    asked = list[str]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(200, stream=httpx2.ByteStream(b'{"version":"1.10"}'), request=request)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
    await adapter_over(http, base_url=address).probe()
    assert asked == ["https://sho.example/y/yourls-api.php"]


async def test_the_name_and_the_password_are_a_login_too_and_travel_in_the_form() -> None:
    site = Site(ManualClock(), [])
    assert await adapter_over(client_of(site), **PASSWORD).probe() == ()
    with pytest.raises(UnauthenticatedError):
        await adapter_over(client_of(site), **{**PASSWORD, "password": "another"}).probe()


def test_the_addresses_of_the_people_who_made_links_are_dropped() -> None:
    link = {"keyword": "a", "ip": "192.0.2.1"}
    for answer in ({"link": link}, {"url": link, "ip": "192.0.2.1"}, {"links": {"link_1": link, "link_2": link}}):
        assert "192.0.2" not in str(PROVIDER.drop(answer))
    assert PROVIDER.drop({"links": {"link_1": link}}) == {"links": {"link_1": {"keyword": "a"}}}
    assert PROVIDER.drop([5]) == [5]


async def created(adapter: YourlsAdapter, slug: str) -> str:
    return (await adapter.create_link(NewLink(f"https://www.example.com/{slug}", slug=slug))).link.slug


async def test_a_link_has_the_slug_that_the_site_made_of_the_wanted_one() -> None:
    adapter = adapter_over(client_of(Site(ManualClock(), [])))
    assert [await created(adapter, slug) for slug in ("coats", "Coats9", "b-9")] == ["coats", "oats9", "b9"]


async def test_a_slug_that_the_site_changed_is_told_with_the_link() -> None:
    payload = await gateway().payload(CREATE_LINK, input=new_link(slug="black-friday"))
    (error,) = payload["errors"]
    assert (payload["created"], payload["link"]["slug"]) == (True, "blackfriday")
    assert (error["code"], error["path"]) == ("REJECTED", ["input", "slug"])
    assert "the slug blackfriday" in error["message"]


@pytest.mark.parametrize("slug", ["a b", "é", "a/b", "A-b_9", None])
def test_a_slug_with_characters_that_no_site_uses_is_refused_without_a_call(slug: str | None) -> None:
    problems = adapter_over(client_of(Site(ManualClock(), []))).check_new_link(NewLink(DESTINATION, slug=slug))
    assert [each.path for each in problems] == ([] if slug in {"A-b_9", None} else [("slug",)])


async def test_a_link_without_a_title_makes_the_site_fetch_no_page() -> None:
    site = Site(ManualClock(), [])
    adapter = adapter_over(client_of(site))
    link = (await adapter.create_link(NewLink(DESTINATION))).link
    assert (link.title, site.links["1"].title) == (None, DESTINATION)


def gateway() -> Gateway:
    return open_gateway(providers={"yourls": PROVIDER})


def new_link(**fields: object) -> dict[str, object]:
    return {"accounts": ["yourls"], "destination": DESTINATION, **fields}


async def test_a_second_link_to_a_destination_is_a_conflict_that_names_the_first() -> None:
    opened = gateway()
    first = (await opened.payload(CREATE_LINK, input=new_link(slug="coats")))["link"]
    opened.forget_calls()
    payload = await opened.payload(CREATE_LINK, input=new_link(slug="other"))
    (error,) = payload["errors"]
    assert (payload["created"], error["code"], error["path"]) == (False, "CONFLICT", ["input", "destination"])
    assert error["existing"]["id"] == first["id"]
    assert len(opened.calls()["yourls"]) == 1


async def test_a_second_link_to_a_destination_is_the_first_where_the_caller_takes_it() -> None:
    opened = gateway()
    first = (await opened.payload(CREATE_LINK, input=new_link(slug="coats")))["link"]
    payload = await opened.payload(CREATE_LINK, input=new_link(ifExists="RETURN"))
    assert (payload["created"], payload["errors"], payload["link"]["id"]) == (False, [], first["id"])


async def test_a_taken_slug_is_a_conflict_that_names_its_link() -> None:
    opened = gateway()
    first = (await opened.payload(CREATE_LINK, input=new_link(slug="coats")))["link"]
    payload = await opened.payload(CREATE_LINK, input=new_link(slug="coats", destination="https://www.example.com/b"))
    (error,) = payload["errors"]
    assert (error["code"], error["path"], error["providerCode"]) == ("CONFLICT", ["input", "slug"], "error:keyword")
    assert error["existing"]["id"] == first["id"]


async def test_a_link_is_found_by_its_short_url_in_any_form_but_not_by_another_slug() -> None:
    opened = gateway()
    query = "query ($url: URL!) { link(shortUrl: $url) { slug title } }"
    await opened.payload(CREATE_LINK, input=new_link(slug="coats", title="Coats"))
    for url, slug in {
        "https://go.coats-demo.example/coats": "coats",
        "http://GO.coats-demo.example/coats/?a=b": "coats",
        # The site drops a character that it does not use, and finds a link all the same.
        "https://go.coats-demo.example/coatsX": None,
    }.items():
        link = (await opened.data(query, url=url))["link"]
        assert (link and link["slug"]) == slug, url
