"""The Python client against the served demo, with and without asyncio."""

from contextlib import aclosing, closing
from io import BytesIO

import httpx2
import pytest

from harness.multipart_client import png
from linkweave.client import (
    CreateLinkCreateLink,
    CreateLinkInput,
    FindLinksLinks,
    GetLink,
    LinkEventKind,
    LinkFilter,
    LinkweaveClient,
    OperationError,
    ShortenUploadInput,
    SyncLinkweaveClient,
    Upload,
    UploadFileInput,
    UploadFileUploadFile,
)

DUB = LinkFilter(accounts=["dub"])
TINYCC = LinkFilter(accounts=["tinycc"])
# The gateway tells a gap behind an event that it does not have: then the subscription has begun.
UNKNOWN_EVENT = "nothing"


def order(destination: str) -> CreateLinkInput:
    return CreateLinkInput(accounts=["tinycc"], destination=destination)


def check_page(page: FindLinksLinks) -> None:
    assert len(page.nodes) == 3
    assert page.page_info.has_next_page
    created = page.nodes[0].created_at
    assert created is not None
    assert created.tzinfo is not None
    assert [source.account.key for source in page.sources] == ["dub"]


def check_refusal(refused: OperationError) -> None:
    assert (refused.codes, refused.errors[0].path) == (("INVALID_INPUT",), ("link",))
    assert refused.data == {"link": None}
    assert refused.partial(GetLink) == GetLink(link=None)


def picture(shade: int) -> UploadFileInput:
    file = Upload("coat.png", BytesIO(png(shade=shade)), "image/png")
    return UploadFileInput(account="chevereto", file=file, shorten=ShortenUploadInput(accounts=["tinycc"]))


def check_upload(payload: UploadFileUploadFile, shade: int) -> None:
    assert payload.errors == []
    assert payload.upload is not None
    assert payload.link is not None
    assert (payload.upload.mime_type, payload.upload.size) == ("image/png", len(png(shade=shade)))
    assert payload.link.destination == payload.upload.url


def created_id(payload: CreateLinkCreateLink) -> str:
    assert payload.errors == []
    assert payload.link is not None
    return payload.link.id


@pytest.mark.real_time
async def test_a_program_with_asyncio_reads_and_writes_and_is_told(demo_address: str) -> None:
    async with LinkweaveClient(demo_address, transport=httpx2.AsyncHTTPTransport()) as client:
        check_page(await client.find_links(first=3, filter=DUB))
        check_upload(await client.upload_file(picture(shade=101)), shade=101)
        with pytest.raises(OperationError) as refused:
            await client.get_link(id="nothing")
        check_refusal(refused.value)
        async with aclosing(client.link_changes(filter=TINYCC, after=UNKNOWN_EVENT)) as events:
            assert (await anext(events)).kind is LinkEventKind.GAP
            made = created_id(await client.create_link(order("https://www.example.com/async")))
            async for event in events:
                if event.link_id == made:
                    break
            assert event.kind is LinkEventKind.CREATED


def test_a_program_without_asyncio_does_the_same(demo_address: str) -> None:
    with SyncLinkweaveClient(demo_address, transport=httpx2.HTTPTransport()) as client:
        check_page(client.find_links(first=3, filter=DUB))
        check_upload(client.upload_file(picture(shade=102)), shade=102)
        with pytest.raises(OperationError) as refused:
            client.get_link(id="nothing")
        check_refusal(refused.value)
        with closing(client.link_changes(filter=TINYCC, after=UNKNOWN_EVENT)) as events:
            assert next(events).kind is LinkEventKind.GAP
            made = created_id(client.create_link(order("https://www.example.com/sync")))
            told = next(event for event in events if event.link_id == made)
            assert told.kind is LinkEventKind.CREATED
