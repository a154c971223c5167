"""The client: it returns JSON or raises the gateway's errors, and both count in the account's health."""

from dataclasses import dataclass, replace

import pytest

from harness.emulators import NOW, ManualClock
from harness.wires import READ, SECRET, WRITE, Canned, answer
from linkweave.context.deadline import use_deadline
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    CircuitOpenError,
    ConflictError,
    ForbiddenError,
    LocalRateLimitError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    QuotaKnownExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.observability import SecretMasks
from linkweave.transport.call import Answer
from linkweave.transport.classified import Classified, decode_json
from linkweave.transport.health import Health
from linkweave.transport.refusal import Classify, NoContent, NotJson, Refusal
from linkweave.transport.vendor_client import VendorClient


@dataclass
class Bench:
    client: VendorClient
    vendor: Canned
    clock: ManualClock

    @property
    def health(self) -> Health:
        return self.client.health


def by_status_only(_status: int, _data: object) -> Refusal | None:
    return None


def over(outcome: Answer | Exception, classify: Classify = by_status_only) -> Bench:
    clock, vendor = ManualClock(), Canned([outcome])
    return Bench(VendorClient(Classified(vendor, classify), "main", Health(clock), clock), vendor, clock)


async def test_words_and_codes_of_a_vendor_that_quote_a_secret_are_masked() -> None:
    quoting = Refusal(RejectedError, f"says that {SECRET} is wrong", SECRET)
    clock, vendor = ManualClock(), Canned([answer(400)])
    transport = Classified(vendor, lambda _status, _data: quoting)
    client = VendorClient(transport, "main", Health(clock), clock, masks=SecretMasks([SECRET]))
    error = await error_of(Bench(client, vendor, clock))
    assert (error.message, error.provider_code) == ("main: says that *** is wrong (list links)", "***")


async def error_of(bench: Bench) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await bench.client.fetch(READ)
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 202, 299])
async def test_a_good_answer_is_its_json_and_when_it_came(status: int) -> None:
    bench = over(answer(status, b'{"a": [1, null]}'))
    fetched = await bench.client.fetch(READ)
    assert (fetched.data, fetched.at) == ({"a": [1, None]}, NOW)
    assert (fetched.status, bench.health.calls, bench.health.last_success_at) == (status, 1, NOW)


@pytest.mark.parametrize(("status", "body"), [(204, b""), (204, b"{}")])
async def test_an_answer_without_content_is_a_good_one(status: int, body: bytes) -> None:
    assert (await over(answer(status, body)).client.fetch(READ)).data == NoContent()


async def test_a_status_that_a_call_accepts_is_a_good_answer_unless_the_vendor_refuses() -> None:
    accepting = replace(WRITE, accepts=frozenset({400}))
    fetched = await over(answer(400, b'{"link": 1}')).client.fetch(accepting)
    assert (fetched.status, fetched.data) == (400, {"link": 1})
    with pytest.raises(RejectedError):
        await over(answer(400, b'{"link": 1}')).client.fetch(WRITE)
    with pytest.raises(ConflictError):
        await over(answer(400, b"{}"), lambda _status, _data: Refusal(ConflictError, "is taken")).client.fetch(
            accepting
        )


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (300, BadResponseError),
        (302, BadResponseError),
        (304, BadResponseError),
        (400, RejectedError),
        (401, UnauthenticatedError),
        (402, RejectedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (418, RejectedError),
        (429, RateLimitedError),
        (500, UnavailableError),
        (503, UnavailableError),
        (599, UnavailableError),
    ],
)
@pytest.mark.parametrize("body", [b'{"a": "nobody-may-see-this"}', b"<html>nobody-may-see-this", b""])
async def test_each_http_status_has_its_error_whatever_the_body(
    status: int, kind: type[VendorError], body: bytes
) -> None:
    error = await error_of(over(answer(status, body)))
    assert type(error) is kind
    assert str(error) == f"main: answered HTTP {status} (list links)"
    assert (error.account, error.operation, error.provider_code) == ("main", "list links", None)


@pytest.mark.parametrize("body", [b"", b"<html>nobody-may-see-this", b"{'a': 1}", b"NaN", b'{"a": \xff}', b"[" * 5000])
async def test_a_good_status_without_json_is_a_bad_response_that_quotes_nothing(body: bytes) -> None:
    error = await error_of(over(answer(200, body)))
    assert type(error) is BadResponseError
    assert str(error) == "main: answered something that is not JSON (list links)"
    assert SECRET not in repr(error)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (b"null", None),
        (b'"text"', "text"),
        (b" [1] \n", [1]),
        (b'{"a": "Spring\x07\nsale"}', {"a": "Spring  sale"}),
        (b"not json", NotJson("not json")),
        (b"\xff\xfe", NotJson("��")),
        (b"", NotJson("")),
        (b"12345678901234567890123", 1.2345678901234568e22),
    ],
)
def test_a_body_is_its_json_or_its_text(body: bytes, data: object) -> None:
    assert decode_json(body) == data


async def test_a_provider_may_read_a_refusal_in_plain_words() -> None:
    def classify(status: int, data: object) -> Refusal | None:
        assert (status, data) == (200, NotJson("taken"))
        return Refusal(ConflictError, "says taken", "C1", "slug")

    error = await error_of(over(answer(200, b"taken"), classify))
    assert type(error) is ConflictError
    assert str(error) == "main: says taken (list links)"
    assert (error.provider_code, error.field) == ("C1", "slug")


@pytest.mark.parametrize("status", [200, 404, 503])
async def test_the_providers_classification_goes_before_the_http_status(status: int) -> None:
    bench = over(answer(status), lambda _status, _data: Refusal(PlanRequiredError, "costs more"))
    assert type(await error_of(bench)) is PlanRequiredError


@pytest.mark.parametrize(("status", "seconds"), [(429, 30), (503, 30), (400, None), (404, None), (409, None)])
async def test_a_refusal_that_passes_carries_the_vendors_retry_after(status: int, seconds: float | None) -> None:
    error = await error_of(over(answer(status, headers=(("retry-after", "30"),))))
    assert error.retry_after == error.extensions.get("retryAfterSeconds") == seconds


@pytest.mark.parametrize("outcome", [answer(500), answer(302), answer(200, b"<html>")])
async def test_a_write_with_a_broken_answer_is_ambiguous(outcome: Answer) -> None:
    with pytest.raises(AmbiguousError, match="the change may have been made all the same"):
        await over(outcome).client.fetch(WRITE)


@pytest.mark.parametrize(
    ("status", "kind"), [(400, RejectedError), (401, UnauthenticatedError), (429, RateLimitedError)]
)
async def test_a_write_that_is_refused_was_not_made(status: int, kind: type[VendorError]) -> None:
    with pytest.raises(kind):
        await over(answer(status)).client.fetch(WRITE)


def failure(kind: type[VendorError]) -> VendorError:
    return kind("no", account="main", operation="list links")


@pytest.mark.parametrize(
    "kind",
    [UnavailableError, VendorTimeoutError, BadResponseError, AmbiguousError, ForbiddenError, UnauthenticatedError],
)
async def test_a_call_without_an_answer_counts_as_a_failure_of_the_account(kind: type[VendorError]) -> None:
    bench = over(failure(kind))
    error = await error_of(bench)
    assert (bench.health.calls, bench.health.consecutive_failures, bench.health.last_error) == (1, 1, error)


@pytest.mark.parametrize("kind", [LocalRateLimitError, CircuitOpenError, QuotaKnownExhaustedError, RejectedError])
async def test_a_call_that_was_not_sent_does_not_count(kind: type[VendorError]) -> None:
    bench = over(failure(kind))
    await error_of(bench)
    assert (bench.health.calls, bench.health.last_success_at, bench.health.last_error) == (0, None, None)


@pytest.mark.parametrize(
    "kind",
    [UnauthenticatedError, RateLimitedError, QuotaExhaustedError, UnavailableError, VendorTimeoutError],
)
async def test_a_refusal_that_concerns_the_account_counts_as_its_failure(kind: type[VendorError]) -> None:
    bench = over(answer(), lambda _status, _data: Refusal(kind, "no"))
    error = await error_of(bench)
    assert (bench.health.calls, bench.health.last_error) == (1, error)


@pytest.mark.parametrize("kind", [NotFoundError, ConflictError, RejectedError, ForbiddenError, PlanRequiredError])
async def test_a_refusal_that_concerns_one_call_counts_as_a_success_of_the_account(kind: type[VendorError]) -> None:
    bench = over(answer(), lambda _status, _data: Refusal(kind, "no"))
    await error_of(bench)
    assert (bench.health.calls, bench.health.last_success_at, bench.health.last_error) == (1, NOW, None)


async def test_after_the_deadline_no_call_is_made_and_none_is_counted() -> None:
    bench = over(answer())
    with use_deadline(0, bench.clock):
        error = await error_of(bench)
    assert type(error) is VendorTimeoutError
    assert (bench.vendor.seen, bench.health.calls) == ([], 0)
