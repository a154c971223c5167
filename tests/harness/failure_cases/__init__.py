"""The tables that vendors fill in: what a vendor answers to which call, and the error that a caller gets for it."""

import importlib
import json
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from linkweave.errors import VendorError
from linkweave.providers.base import Adapter

# Whatever a vendor's answer says with this in it must not be quoted.
SECRET = "s3cret-in-the-body"


@dataclass(frozen=True)
class VendorCall:
    """One operation of an adapter.

    `path` is the end of the path whose answer a case replaces; requests to other paths get `VendorTable.answers`.
    `unreadable` are bodies of HTTP 200 that must not pass for its answer, beside those of the table.
    """

    run: Callable[[Any], Awaitable[object]]
    path: str = ""
    unreadable: tuple[object, ...] = ()
    documented: object = None
    """A good answer, as the vendor documents it."""
    is_list: bool = False
    """Whether the answer is a plain array, which may be empty, and of which a row may be lost."""


@dataclass(frozen=True)
class Refusal:
    """A vendor's answer that refuses a call, and the error that it becomes."""

    status: int
    body: object
    error: type[VendorError]
    code: str | None = None
    field: str | None = None
    calls: tuple[str, ...] = ()
    """The operations for which it is tried, where those are not the `refused_calls` of the table."""


@dataclass(frozen=True)
class VendorTable:
    """One vendor's calls by the operation that an error names, and its answers that are no success."""

    open: Callable[[httpx2.AsyncClient], Adapter]
    reads: Mapping[str, VendorCall]
    writes: Mapping[str, VendorCall]
    refusals: tuple[Refusal, ...]
    refused_calls: tuple[str, ...]
    """The operations for which the refusals are tried: one read and one write."""
    unreadable: tuple[object, ...] = ()
    """Bodies of HTTP 200 that must not pass for the answer to any call."""
    answers: Mapping[str, object] = field(default_factory=dict)

    @property
    def calls(self) -> Mapping[str, VendorCall]:
        return {**self.reads, **self.writes}


@dataclass(frozen=True)
class Outcome:
    """What a call returned or raised, and how many requests reached the path of the case."""

    result: object
    requests: int

    @property
    def error(self) -> VendorError:
        assert isinstance(self.result, VendorError)
        return self.result


def vendor_tables() -> dict[str, VendorTable]:
    """The table of each vendor: each module of this package has one."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name: importlib.import_module(f"{__name__}.{name}").TABLE for name in names}


async def outcome_of(table: VendorTable, operation: str, status: int, body: object) -> Outcome:
    """Make one call at a vendor that answers it with `status` and `body`; `body` is JSON unless it is bytes."""
    call, paths = table.calls[operation], list[str]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if not path.endswith(call.path):
            return _response(request, 200, next(each for end, each in table.answers.items() if path.endswith(end)))
        paths.append(path)
        return _response(request, status, body)

    adapter = table.open(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    try:
        return Outcome(await call.run(adapter), len(paths))
    except VendorError as error:
        return Outcome(error, len(paths))


def _response(request: httpx2.Request, status: int, body: object) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    # A response of content alone has been read already, and transport reads streams.
    return httpx2.Response(status, stream=httpx2.ByteStream(content), request=request)
