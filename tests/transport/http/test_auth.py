"""Credentials: how they are put on a call, and that a 401 renews them once."""

from base64 import b64decode
from dataclasses import dataclass, field, replace

import pytest
from pydantic import SecretStr

from harness.wires import SECRET, Canned, answer
from linkweave.errors import ForbiddenError, RateLimitedError, RejectedError, UnauthenticatedError, VendorError
from linkweave.transport.call import Call, Send
from linkweave.transport.http.auth import Authenticated, BasicAuth, Credentials, FormKey, HeaderKey, QueryKey
from linkweave.transport.refusal import Refusal

CALL = Call("list links", "GET", "/v1/links", query=(("a", "b"),), headers=(("x-more", "m"),))
KEY = SecretStr(SECRET)


async def signed(credentials: Credentials) -> Call:
    vendor = Canned([answer()])
    await Authenticated(vendor, credentials).send(CALL)
    (call,) = vendor.seen
    return call


async def test_a_key_goes_into_its_header_after_those_of_the_call() -> None:
    call = await signed(HeaderKey("x-api-key", KEY))
    assert call == replace(CALL, headers=(("x-more", "m"), ("x-api-key", SECRET)))


async def test_a_key_may_have_a_prefix() -> None:
    assert ("authorization", f"Bearer {SECRET}") in (await signed(HeaderKey("authorization", KEY, "Bearer "))).headers


async def test_a_key_goes_to_the_front_of_the_query() -> None:
    assert await signed(QueryKey("key", KEY)) == replace(CALL, query=(("key", SECRET), ("a", "b")))


async def test_a_key_goes_to_the_front_of_the_form() -> None:
    assert await signed(FormKey("signature", KEY)) == replace(CALL, form=(("signature", SECRET),))
    vendor = Canned([answer()])
    await Authenticated(vendor, FormKey("signature", KEY)).send(replace(CALL, form=(("action", "stats"),)))
    assert vendor.seen[0].form == (("signature", SECRET), ("action", "stats"))


async def test_a_name_and_a_password_are_basic_authentication_in_utf_8() -> None:
    name, value = (await signed(BasicAuth("zoë", SecretStr("pass:wörd")))).headers[-1]
    assert name == "authorization"
    assert b64decode(value.removeprefix("Basic ")).decode() == "zoë:pass:wörd"


@pytest.mark.parametrize(
    "credentials", [HeaderKey("x", KEY), QueryKey("x", KEY), FormKey("x", KEY), BasicAuth("x", KEY)]
)
async def test_static_credentials_have_nothing_to_renew_and_nothing_to_return(credentials: Credentials) -> None:
    vendor = Canned([answer(401)])
    assert (await Authenticated(vendor, credentials).send(CALL)).status == 401
    await credentials.close(vendor.send)
    assert len(vendor.seen) == 1
    assert SECRET not in repr(credentials)


@dataclass
class Tickets:
    """Numbered credentials, which a call of their own obtains from the vendor."""

    renewable: bool = True
    number: int = 1
    refused: list[Call] = field(default_factory=list)

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        return replace(call, headers=(("ticket", str(self.number)),))

    async def renew(self, signed: Call, send: Send) -> bool:
        self.refused.append(signed)
        if self.renewable:
            await send(Call("renew", "POST", "/ticket", signed=False))
            self.number += 1
        return self.renewable

    async def close(self, send: Send) -> None:
        await send(Call("return", "POST", "/ticket", signed=False))


def tickets_of(vendor: Canned) -> list[str]:
    return [dict(call.headers).get("ticket", call.operation) for call in vendor.seen]


async def test_a_401_renews_the_credentials_and_sends_once_more() -> None:
    vendor = Canned([answer(401), answer(201), answer(200, b"[]")])
    tickets = Tickets()
    assert (await Authenticated(vendor, tickets).send(CALL)).body == b"[]"
    assert tickets_of(vendor) == ["1", "renew", "2"]
    assert tickets.refused == [replace(CALL, headers=(("ticket", "1"),))]


async def test_credentials_that_are_refused_under_http_200_are_renewed_once() -> None:
    refused = replace(answer(), refusal=Refusal(UnauthenticatedError, "says that the token has expired"))
    vendor = Canned([refused, answer(201), refused, answer(200)])
    assert (await Authenticated(vendor, Tickets()).send(CALL)) == refused
    assert tickets_of(vendor) == ["1", "renew", "2"]


@pytest.mark.parametrize("kind", [ForbiddenError, RateLimitedError, RejectedError])
async def test_no_other_refusal_under_http_200_renews_anything(kind: type[VendorError]) -> None:
    vendor = Canned([replace(answer(), refusal=Refusal(kind, "says no"))])
    await Authenticated(vendor, Tickets()).send(CALL)
    assert tickets_of(vendor) == ["1"]


async def test_a_second_401_is_the_answer() -> None:
    vendor = Canned([answer(401), answer(201), answer(401), answer(200)])
    assert (await Authenticated(vendor, Tickets()).send(CALL)).status == 401
    assert tickets_of(vendor) == ["1", "renew", "2"]


async def test_without_new_credentials_the_401_is_the_answer() -> None:
    vendor = Canned([answer(401)])
    assert (await Authenticated(vendor, Tickets(renewable=False)).send(CALL)).status == 401
    assert tickets_of(vendor) == ["1"]


@pytest.mark.parametrize("status", [200, 400, 403, 404, 407, 419, 500])
async def test_no_other_status_renews_anything(status: int) -> None:
    vendor = Canned([answer(status)])
    assert (await Authenticated(vendor, Tickets()).send(CALL)).status == status
    assert tickets_of(vendor) == ["1"]


async def test_the_error_of_a_failed_renewal_is_raised_in_place_of_the_401() -> None:
    refused = UnauthenticatedError("locked", account="main", operation="renew")
    with pytest.raises(UnauthenticatedError, match="locked"):
        await Authenticated(Canned([answer(401), refused]), Tickets()).send(CALL)


async def test_an_unsigned_call_is_sent_as_it_is_and_its_401_renews_nothing() -> None:
    vendor = Canned([answer(401)])
    unsigned = replace(CALL, signed=False)
    assert (await Authenticated(vendor, Tickets()).send(unsigned)).status == 401
    assert vendor.seen == [unsigned]
