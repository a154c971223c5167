"""Writes to ShortenWorld that break: each is made once, and what may have happened is said."""

import json

import httpx2
import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import LOGIN, OK, REFRESH, REVOKE, account_of, adapter_of
from harness.shortenworld_writing import (
    ADD_TRACKERS,
    CREATE,
    DELETE,
    LINK_TRACKERS,
    NEW,
    SHOWN,
    WRITES,
    Line,
    Write,
    all_links,
    read_link,
    update,
    writes_seen,
)
from linkweave.accounts import Account
from linkweave.context.deadline import use_deadline
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.errors import (
    AmbiguousError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.models.changes import LinkPatch, NewTrackers
from linkweave.providers.shortenworld.emulator import SANDBOX_KEY, SANDBOX_USERNAME
from linkweave.transport.call_memo import new_memo


def account_on(line: Line) -> Account:
    return account_of(line, line.clock, username=SANDBOX_USERNAME, api_key=SANDBOX_KEY)


def no(code: object, message: str, http: int = 200) -> tuple[int, object]:
    return http, {"status": {**OK, "code": code, "message": message}}


BREAKS: list[tuple[Exception | tuple[int, object], type[VendorError]]] = [
    (httpx2.ReadError("reset"), AmbiguousError),
    (httpx2.ReadTimeout("slow"), AmbiguousError),
    (httpx2.WriteError("reset"), AmbiguousError),
    (httpx2.RemoteProtocolError("Server disconnected without sending a response."), AmbiguousError),
    (httpx2.ConnectError("refused"), UnavailableError),
    (httpx2.ConnectTimeout("slow"), VendorTimeoutError),
    ((500, b""), AmbiguousError),
    (no(1, "An unknown error", http=500), AmbiguousError),
    ((502, b"<html>"), AmbiguousError),
    ((302, b""), AmbiguousError),
    ((200, b""), AmbiguousError),
    ((200, b"<html>"), AmbiguousError),
    ((200, b'{"status": {"code": 0'), AmbiguousError),
    ((200, {}), AmbiguousError),
    ((200, {"status": {"code": None}}), AmbiguousError),
    ((200, []), AmbiguousError),
    (no(429, "Login too many failed", http=429), RateLimitedError),
    ((429, b""), RateLimitedError),
    (no(403, "permission denied", http=403), ForbiddenError),
    (no(401, "Unauthorized"), UnauthenticatedError),
    (no(6, "Not available on free plan"), PlanRequiredError),
    (no(7, "You have reached the limit of your plan"), QuotaExhaustedError),
    (no(2, "Link not found"), NotFoundError),
    (no(8, "no"), RejectedError),
    ((404, b"Not Found"), RejectedError),
]


@pytest.mark.parametrize(("path", "write"), WRITES.values(), ids=WRITES)
@pytest.mark.parametrize(("spoilt", "kind"), BREAKS)
async def test_a_write_that_breaks_is_of_the_right_kind_and_made_once(
    path: str,
    write: Write,
    spoilt: Exception | tuple[int, object],
    kind: type[VendorError],
) -> None:
    line = Line({path: spoilt})

    with pytest.raises(VendorError) as failure:
        await write(adapter_of(account_on(line)))

    assert type(failure.value) is kind
    assert line.paths.count(path) == 1


async def count(line: Line) -> int:
    return len(await all_links(adapter_of(account_on(line))))


@pytest.mark.parametrize("spoilt", [httpx2.ReadError("reset"), (500, b""), (200, b"{")])
async def test_a_link_whose_answer_is_lost_was_made_once(spoilt: Exception | tuple[int, object]) -> None:
    line = Line({CREATE: spoilt})
    before = await count(line)

    with pytest.raises(AmbiguousError, match="may have been made all the same"):
        await adapter_of(account_on(line)).create_link(NEW)

    assert await count(line) == before + 1


async def test_a_deletion_whose_answer_is_lost_happened_and_is_not_said_to_have() -> None:
    line = Line({DELETE: httpx2.ReadError("reset")})
    adapter = adapter_of(account_on(line))

    with pytest.raises(AmbiguousError):
        await adapter.delete_link(SHOWN)

    assert SHOWN not in await adapter.get_links([SHOWN], frozenset())


async def test_an_update_stops_where_it_breaks_and_the_calls_before_are_kept() -> None:
    line = Line({"/entity/link/redirect": (500, b"")})
    adapter = adapter_of(account_on(line))
    patch = LinkPatch(title="Changed", destination="https://www.example.com/changed", password="correct-horse")

    with pytest.raises(AmbiguousError):
        await update(adapter, SHOWN, patch)

    link = await read_link(adapter, SHOWN)
    assert (link.title, link.password_protected) == ("Changed", False)
    assert [path for path in line.paths if path.startswith("/entity/link/")][:2] == [
        "/entity/link/update",
        "/entity/link/redirect",
    ]
    assert "/entity/link/password" not in line.paths


async def test_trackers_that_were_added_and_cannot_be_listed_may_have_been_added() -> None:
    line = Line({LINK_TRACKERS: (500, b"")})

    with pytest.raises(AmbiguousError, match="did not list") as failure:
        await adapter_of(account_on(line)).add_trackers(NewTrackers(SHOWN, ("tt-1",)))

    assert failure.value.operation == "add trackers"
    assert line.paths.count(ADD_TRACKERS) == 1


@pytest.mark.parametrize("name", WRITES)
async def test_a_write_with_a_token_that_has_ended_is_made_once_with_a_new_one(name: str) -> None:
    path, write = WRITES[name]
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    await adapter.list_teams()
    headers = {"authorization": it.calls[-1].headers["authorization"], "content-type": "application/json"}
    before = len(await all_links(adapter))
    await it.http.post(f"http://emulator{REVOKE}", headers=headers)
    it.calls.clear()

    await write(adapter)
    links = len(await all_links(adapter))

    bearers = [call.headers["authorization"] for call in it.calls if call.path == path]
    if name == "create":
        # Teams are read before it, which renews the token.
        assert len(bearers) == 1
    else:
        assert [bearer == headers["authorization"] for bearer in bearers] == [True, False]
    assert links - before == {"create": 1, "delete": -1}.get(name, 0)
    assert [call.path for call in it.calls if call.path in {LOGIN, REFRESH}] == [REFRESH, LOGIN]


class OneLateRefusal:
    """Refuses a path with 401 the first time, without having done anything; then lets everything through."""

    def __init__(self, line: Line, path: str) -> None:
        self.line = line
        self.path = path
        self.refused = 0

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == self.path and not self.refused:
            self.refused += 1
            body = json.dumps(no(401, "Unauthorized")[1]).encode()
            return httpx2.Response(401, stream=httpx2.ByteStream(body), request=request)
        return await self.line(request)


async def test_a_creation_refused_with_401_is_sent_again_once_and_makes_one_link() -> None:
    line = Line()
    late = OneLateRefusal(line, CREATE)
    adapter = adapter_of(account_of(late, line.clock, username=SANDBOX_USERNAME, api_key=SANDBOX_KEY))
    before = await count(line)

    await adapter.create_link(NEW)

    assert (late.refused, line.paths.count(CREATE)) == (1, 1)
    assert await count(line) == before + 1


async def test_a_write_refused_with_401_twice_is_given_up() -> None:
    line = Line({DELETE: (401, {"status": {**OK, "code": 401}})})

    with pytest.raises(UnauthenticatedError):
        await adapter_of(account_on(line)).delete_link(SHOWN)

    assert line.paths.count(DELETE) == 2


async def test_a_second_sending_after_401_that_breaks_may_have_happened() -> None:
    line = Line({CREATE: httpx2.ReadError("reset")})
    adapter = adapter_of(
        account_of(OneLateRefusal(line, CREATE), line.clock, username=SANDBOX_USERNAME, api_key=SANDBOX_KEY)
    )

    with pytest.raises(AmbiguousError):
        await adapter.create_link(NEW)

    assert line.paths.count(CREATE) == 1


@pytest.mark.parametrize(("path", "write"), WRITES.values(), ids=WRITES)
async def test_a_write_whose_time_is_up_is_not_sent(path: str, write: Write) -> None:
    line = Line()
    account = account_on(line)
    await adapter_of(account).list_teams()

    with use_deadline(0, line.clock), pytest.raises(VendorTimeoutError, match="was not asked"):
        await write(adapter_of(account))

    assert path not in line.paths


@pytest.mark.parametrize("login", [(500, b""), httpx2.ReadError("reset"), no(401, "Unauthorized", http=401)])
async def test_a_write_without_a_token_to_be_had_was_certainly_not_made(
    login: Exception | tuple[int, object],
) -> None:
    line = Line({LOGIN: login})

    with pytest.raises((UnavailableError, UnauthenticatedError)):
        await adapter_of(account_on(line)).delete_link(SHOWN)

    assert DELETE not in line.paths


async def test_within_one_operation_equal_writes_are_all_made_and_reads_after_them_are_fresh() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)

    with use_operation(OperationContext(memo=new_memo())):
        before = len(await all_links(adapter))
        await adapter.create_link(NEW)
        await adapter.create_link(NEW)
        after = len(await all_links(adapter))

    assert after - before == len(writes_seen(it)) == 2


@pytest.mark.parametrize("path_and_write", WRITES.values(), ids=WRITES)
async def test_a_write_waits_for_its_place_in_the_plans_limit(path_and_write: tuple[str, Write]) -> None:
    path, write = path_and_write
    line = Line()
    account = account_of(
        line, line.clock, username=SANDBOX_USERNAME, api_key=SANDBOX_KEY, calls_per_minute=2, timeout_seconds=60
    )
    await adapter_of(account).list_teams()

    await write(adapter_of(account))

    assert line.clock.monotonic() >= 60
    assert line.paths.count(path) == 1
