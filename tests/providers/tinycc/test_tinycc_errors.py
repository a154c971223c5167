"""The limits of tiny.cc and refused credentials, as a caller meets them. All refusals are in failure_cases."""

import pytest

from harness.tinycc_vendor import canned, saying, wrote
from linkweave.errors import RejectedError, UnauthenticatedError
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.tinycc.emulator import SANDBOX_API_KEY


async def test_an_error_names_account_operation_and_code_and_nothing_of_the_vendors_text() -> None:
    body = {"error": {"code": 1300, "message": "Invalid API key sandbox-tinycc-key at http://x"}}
    with pytest.raises(UnauthenticatedError) as caught:
        await canned(body, 400).list_tags()
    assert caught.value.message == "print: invalid API key (list tags)"
    assert caught.value.extensions == {"code": "UNAUTHENTICATED", "account": "print", "providerCode": "1300"}


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ("That Custom hash is already in use", ': "That Custom hash is already in use"'),
        (f"key {SANDBOX_API_KEY} at https://u:p@x.example", ': "key *** at …"'),
        ("", ""),
        (["no", "words"], ""),
        (None, ""),
    ],
)
async def test_the_details_of_an_item_are_in_the_message_without_secrets(details: object, words: str) -> None:
    item: dict[str, object] = {
        "long_url": "https://e.com/1",
        "error": {"code": 1206, "message": "as the vendor says", "details": details},
    }
    (error,) = await saying(wrote(item)).adapter.create_links((NewLink("https://e.com/1"),))
    assert isinstance(error, RejectedError)
    assert (
        error.message
        == f"print: the destination is invalid; allowed: a URL of at most 2,048 characters{words} (create links)"
    )


@pytest.mark.parametrize(("length", "problems"), [(25, []), (26, [("slug",)])])
async def test_a_new_slug_has_at_most_25_characters(length: int, problems: list[tuple[str, ...]]) -> None:
    slug, adapter = "s" * length, saying().adapter
    found = (
        *adapter.check_new_link(NewLink("https://e.com/1", slug=slug)),
        *adapter.check_patch(LinkPatch(slug=slug)),
    )
    assert [problem.path for problem in found] == problems * 2
    assert all(problem.is_invalid for problem in found)
