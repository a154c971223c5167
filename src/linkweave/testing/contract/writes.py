"""The part of the contract that every provider keeps which writes: no write is sent twice, whatever fails."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx2
import pytest

from linkweave.testing.contract.base import ProviderContract, single_payload
from linkweave.testing.gateway import Gateway
from linkweave.testing.virtual_time import in_virtual_time

_FAULTS: Mapping[str, Mapping[str, Any]] = {
    "the connection is reset": {"kind": "reset"},
    "the answer ends half-way": {"kind": "truncated"},
    "HTTP 500": {"kind": "status", "status": 500},
    "HTTP 503": {"kind": "status", "status": 503},
    "a web page": {"kind": "html"},
    "JSON of another type": {"kind": "wrong_type"},
    "an answer after a minute": {"kind": "delay", "seconds": 60},
    "an answer in drips": {"kind": "drip", "seconds": 30},
}


@dataclass(frozen=True)
class Write:
    """A mutation, and the function that prepares the gateway for it and returns its variables."""

    mutation: str
    prepare: Callable[[Gateway], Awaitable[Mapping[str, Any]]]


class RefusingWire(httpx2.AsyncBaseTransport):
    """A wire that refuses every connection once it is told to."""

    def __init__(self) -> None:
        self.refuses = False
        self._wire: httpx2.AsyncBaseTransport | None = None

    def around(self, wire: httpx2.AsyncBaseTransport) -> "RefusingWire":
        """Returns itself, in front of `wire`."""
        self._wire = wire
        return self

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Passes the request on, or refuses the connection."""
        if self.refuses or self._wire is None:
            raise httpx2.ConnectError("connection refused")
        return await self._wire.handle_async_request(request)


class WritesContract(ProviderContract):
    """The tests of every write of a provider. The contracts of writing capabilities inherit them.

    `reads_by_post` are the ends of paths that a vendor reads by another method than GET.
    """

    reads_by_post: ClassVar[tuple[str, ...]] = ()

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields every write of the provider under a name. The contracts of writing capabilities add theirs."""
        yield from ()

    def writing_calls(self, gateway: Gateway) -> list[str]:
        """Returns the calls that wrote; all calls to a vendor that takes every call as GET."""
        calls = self.calls(gateway)
        return [
            call for call in calls if not call.startswith("GET ") and not call.endswith(self.reads_by_post)
        ] or calls

    @in_virtual_time
    async def test_a_write_that_breaks_after_it_was_sent_is_ambiguous_and_was_sent_once(
        self, subtests: pytest.Subtests
    ) -> None:
        for name, write, call in await self._breakable_writes():
            for fault, details in _FAULTS.items():
                with subtests.test(write=name, call=call, fault=fault):
                    gateway = self.open_gateway()
                    payload = await self._break(gateway, write, call, details)
                    (error,) = payload["errors"]
                    assert (error["code"], error["account"]) == ("AMBIGUOUS", {"key": self.account_key})
                    assert "may have been" in error["message"]
                    assert payload.get("applied", []) == []
                    assert self.calls(gateway).count(call) == 1

    @in_virtual_time
    async def test_too_many_requests_is_a_certain_refusal_of_a_write(self, subtests: pytest.Subtests) -> None:
        details = {"kind": "status", "status": 429, "headers": {"retry-after": "30"}}
        for name, write, call in await self._breakable_writes():
            with subtests.test(write=name, call=call):
                gateway = self.open_gateway()
                (error,) = (await self._break(gateway, write, call, details))["errors"]
                assert (error["code"], error["retryAfterSeconds"]) == ("RATE_LIMITED", 30)
                assert self.calls(gateway).count(call) == 1

    @in_virtual_time
    async def test_a_write_to_an_unreachable_vendor_certainly_did_not_happen(self, subtests: pytest.Subtests) -> None:
        for name, write in self.writes():
            with subtests.test(write=name):
                wire = RefusingWire()
                gateway = self.open_gateway(wire.around)
                variables = await write.prepare(gateway)
                gateway.forget_calls()
                wire.refuses = True
                payload = single_payload(await gateway.payload(write.mutation, **variables))
                assert [error["code"] for error in payload["errors"]] == ["UNAVAILABLE"]
                assert gateway.calls() == {}

    async def _breakable_writes(self) -> list[tuple[str, Write, str]]:
        """Returns writes and the call by which each writes, found by running every write once.

        Of several writes by the same mutation and call, the first stands for all. A write is left out where an earlier
        call has the same path: a fault would hit that call.
        """
        found: dict[tuple[str, str], tuple[str, Write, str]] = {}
        for name, write in self.writes():
            gateway = self.open_gateway()
            variables = await write.prepare(gateway)
            gateway.forget_calls()
            payload = single_payload(await gateway.payload(write.mutation, **variables))
            assert payload["errors"] == [], name
            call = self.writing_calls(gateway)[-1]
            path, calls = call.partition(" ")[2], self.calls(gateway)
            if not any(path in earlier for earlier in calls[: calls.index(call)]):
                found.setdefault((write.mutation, call), (name, write, call))
        return list(found.values())

    async def _break(self, gateway: Gateway, write: Write, call: str, fault: Mapping[str, Any]) -> Any:
        """Sends a write whose call fails at the vendor; returns its payload. Only the write's calls are counted."""
        variables = await write.prepare(gateway)
        gateway.forget_calls()
        gateway.break_provider(self.provider.id, path=call.partition(" ")[2], **fault)
        return single_payload(await gateway.payload(write.mutation, **variables))
