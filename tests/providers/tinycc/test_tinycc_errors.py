"""The limits of tiny.cc and refused credentials, as a caller meets them. All refusals are in failure_cases."""

import pytest

from harness.tinycc_vendor import canned, server
from linkweave.errors import ForbiddenError, QuotaExhaustedError, UnauthenticatedError
from linkweave.models import LinkFilter


async def test_an_error_names_account_operation_and_code_and_nothing_of_the_vendors_text() -> None:
    body = {"error": {"code": 1300, "message": "Invalid API key sandbox-tinycc-key at http://x"}}
    with pytest.raises(UnauthenticatedError) as caught:
        await canned(body, 400).list_tags()
    assert caught.value.message == "print: invalid API key (list tags)"
    assert caught.value.extensions == {"code": "UNAUTHENTICATED", "account": "print", "providerCode": "1300"}


@pytest.mark.parametrize(("changed", "code"), [({"username": "nobody"}, "1102"), ({"api_key": "wrong"}, "1300")])
async def test_wrong_credentials_are_unauthenticated(changed: dict[str, object], code: str) -> None:
    with pytest.raises(UnauthenticatedError) as caught:
        await server(**changed).adapter.usage()
    assert caught.value.provider_code == code


async def test_an_inactive_account_is_forbidden() -> None:
    tiny = server()
    tiny.state.active = False
    with pytest.raises(ForbiddenError):
        await tiny.adapter.plan_links(LinkFilter())


async def test_calls_over_the_daily_limit_are_an_exhausted_quota_until_the_next_day() -> None:
    tiny = server()
    tiny.state.call_limit = 2
    await tiny.adapter.list_tags()
    await tiny.adapter.list_tags()
    with pytest.raises(QuotaExhaustedError) as caught:
        await tiny.adapter.list_tags()
    assert caught.value.provider_code == "1303"
    tiny.clock.advance(24 * 3600)
    assert await tiny.adapter.list_tags()
