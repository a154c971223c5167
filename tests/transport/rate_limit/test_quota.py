"""After a read was refused because the quota is used up, no call is made for a while."""

from dataclasses import replace

import pytest

from harness.emulators import ManualClock
from harness.wires import READ, WRITE, Canned, answer
from linkweave.errors import QuotaExhaustedError, QuotaKnownExhaustedError, RateLimitedError, VendorError
from linkweave.transport.call import Answer, Call, Pairs
from linkweave.transport.rate_limit.quota import EXHAUSTED_SECONDS, QuotaGuard
from linkweave.transport.refusal import Refusal


def refused(kind: type[VendorError] = QuotaExhaustedError, headers: Pairs = ()) -> Answer:
    return replace(answer(headers=headers), refusal=Refusal(kind, "no"))


@pytest.mark.parametrize(
    ("call", "first", "seconds"),
    [
        pytest.param(READ, refused(), EXHAUSTED_SECONDS, id="a refused read"),
        pytest.param(READ, refused(headers=(("retry-after", "900"),)), 900, id="a refused read with a Retry-After"),
        pytest.param(WRITE, refused(), 0, id="a refused write may concern a quota of links"),
        pytest.param(READ, refused(RateLimitedError), 0, id="another refusal"),
        pytest.param(READ, answer(), 0, id="a good answer"),
    ],
)
async def test_no_call_is_made_for_some_time_after(call: Call, first: Answer, seconds: float) -> None:
    clock, vendor = ManualClock(), Canned([first, answer()])
    guard = QuotaGuard(vendor, "main", clock)
    assert await guard.send(call) is first
    if seconds:
        clock.advance(seconds - 1)
        with pytest.raises(QuotaKnownExhaustedError) as caught:
            await guard.send(READ)
        assert str(caught.value) == "main said a moment ago that its quota of calls is used up (list links)"
        assert caught.value.retry_after == 1
        clock.advance(1)
    assert len(vendor.seen) == 1
    assert (await guard.send(READ)).status == 200
