"""A change succeeds although the link cannot be read afterwards. The payload has the known fields and an error."""

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import CREATE, DELETE, RESTORE, UPDATE, a_new_link, new_link, only_error

CREATE_AND_READ = """mutation ($input: CreateLinkInput!) { payload: createLink(input: $input) {
  created link { slug destination createdAt } errors { code } } }"""


@pytest.mark.parametrize(
    ("kind", "status", "code"), [("status", 500, "UNAVAILABLE"), ("status", 404, None), ("html", 200, "BAD_RESPONSE")]
)
async def test_a_new_link_that_cannot_be_read_has_the_fields_that_the_vendor_returned(
    kind: str, status: int, code: str | None
) -> None:
    gateway = open_gateway()
    gateway.break_provider("picsee", kind, status=status, path="/overview")
    reply = await gateway.ask(CREATE_AND_READ, input=new_link("picsee-main", slug="told-26"))
    payload = reply.data["payload"]
    assert (payload["created"], payload["errors"]) == (True, [])
    assert payload["link"] == {"slug": "told-26", "destination": "https://www.example.com/new", "createdAt": None}
    # A list under load contains a new link late, so a missing link is no error.
    assert reply.failing_paths() == ({} if code is None else {("payload", "link"): code})


async def test_an_update_succeeds_although_the_link_cannot_be_read_afterwards() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "picsee-main")
    gateway.break_provider("picsee", "status", status=500, path="/overview")
    reply = await gateway.ask(UPDATE, input={"id": link, "externalId": "crm-1"})
    payload = reply.data["payload"]
    assert (payload["applied"], payload["failed"], payload["errors"]) == (["externalId"], [], [])
    assert payload["link"] is None
    assert reply.failing_paths() == {("payload", "link"): "UNAVAILABLE"}


async def test_a_restored_link_that_is_not_listed_yet_is_not_found() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "picsee-main")
    await gateway.payload(DELETE, ids=[link])
    gateway.break_provider("picsee", "status", status=404, path="/overview")
    payload = await gateway.payload(RESTORE, id=link)
    assert payload["link"] is None
    assert only_error(payload)["code"] == "NOT_FOUND"
    assert "restored the link" in only_error(payload)["message"]
    gateway.mend_provider("picsee")
    again = await gateway.payload(RESTORE, id=link)
    assert again["link"]["id"] == link


async def test_a_link_that_the_vendor_returned_completely_is_not_read_again() -> None:
    gateway = open_gateway()
    selection = "slug destination note tags { name } domain { name }"
    query = CREATE.replace(
        "link { id shortUrl slug destination domain { name } account { key } }", f"link {{ {selection} }}"
    )
    await gateway.data(query, input=new_link("tinycc", note="x", tags=["print"]))
    assert gateway.calls() == {"tinycc": ["POST /urls"]}
