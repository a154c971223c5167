"""The base of every adapter: calls in, checked wire models out."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from linkweave.clock import Clock
from linkweave.context.cache_control import record_left_out
from linkweave.errors import AmbiguousError, BadResponseError, NotFoundError, UnsupportedError, VendorError
from linkweave.models import NOTHING_LEFT_OUT, Expiry, ExpiryPart, LeftOut, StatsPart
from linkweave.models.changes import Change, InputProblem
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.expiry_checks import missing_part, unknown_parts, wrong_values
from linkweave.providers.tolerant_reader import UnreadableError, read_tolerantly
from linkweave.providers.wire import TolerantWire, Wire
from linkweave.settings import AccountSettings
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.cache.parsed_content import Parser
from linkweave.transport.call import Call
from linkweave.transport.refusal import Refusal
from linkweave.transport.vendor_client import VendorClient

WireModel = TypeVar("WireModel", bound=Wire)
T = TypeVar("T")
Error = TypeVar("Error", bound=VendorError)


class Adapter:
    """Speaks one provider's API for one account. Holds no state of its own beyond what it is given.

    Subclasses list their capabilities as further bases.
    """

    time_zone: ClassVar[str | None] = None
    """The zone in which the vendor counts days; None where it does not say."""
    read_lag: ClassVar[timedelta] = timedelta(0)
    """How long the vendor's reads may lack what was written, with its source. Until then, absence proves nothing."""
    call_costs: ClassVar[CallCosts] = CallCosts()
    """How many calls the vendor needs, for the limit on the cost of an operation."""
    expiry_parts: ClassVar[frozenset[ExpiryPart]] = frozenset(ExpiryPart)
    """The parts of an expiry that the vendor takes. They count where it takes the field `expiry` at all."""

    def __init__(self, settings: AccountSettings, client: VendorClient, clock: Clock) -> None:
        self.account = settings.key
        self.settings = settings
        self.client = client
        self.clock = clock

    def stats_call(self, part: StatsPart, link_known: bool) -> str | None:
        """The name of the call that returns `part` of a link's statistics; None where that costs no call."""
        return self.call_costs.stats_call(part, link_known)

    async def probe(self) -> tuple[str, ...]:
        """Ask the vendor the cheapest question that needs the credentials.

        Returns:
            What is missing all the same, in words for whoever wrote the configuration; empty when all is well.

        Raises:
            VendorError: the account cannot be used.
        """
        raise self.unsupported("check the account", "offers no question to check the account with")

    def today(self) -> date:
        """The current day in the vendor's reporting zone."""
        return self.clock.now().astimezone(ZoneInfo(self.time_zone or "UTC")).date()

    def check_expiry(
        self,
        expiry: Change[Expiry],
        needed: Sequence[ExpiryPart] = (ExpiryPart.AT,),
        *,
        max_days: int | None = None,
    ) -> Iterator[InputProblem]:
        """The problems of an expiry that is given: an unknown part, none of the `needed` ones, or a wrong value.

        The last day is at most `max_days` from today.
        """
        if isinstance(expiry, Expiry):
            unknown = tuple(unknown_parts(expiry, self.expiry_parts))
            yield from unknown or missing_part(expiry, needed)
            if not unknown:
                yield from wrong_values(expiry, self.today(), max_days)

    def parse(self, model: type[WireModel], data: object, call: Call) -> WireModel:
        """`data` as `model`; a TolerantWire reads it field by field.

        Raises:
            BadResponseError: it has another shape. The message names the field, never its value.
            AmbiguousError: the same, after a write.
        """
        try:
            return _read(model, data)
        except UnreadableError as problem:
            unreadable = self.bad_response(call, f"{problem} has an unexpected shape")
            self.client.health.record_unusable_answer(unreadable)
            raise unreadable from None

    async def fetch(
        self, model: type[WireModel], call: Call, check: Callable[[WireModel], object] | None = None
    ) -> tuple[WireModel, FetchedAnswer]:
        """Make `call` and check its answer against `model`; `check` raises for errors that a shape cannot express.

        Raises:
            VendorError: the answer was not a good one of the right shape.
        """

        def read(data: object, _: datetime) -> WireModel:
            return self._checked(model, data, call, check)

        parser = Parser(model, read)
        fetched = await self.client.fetch(call, parser)
        answer = fetched.parse(parser)
        record_left_out(self.account, _left_out(answer))
        return answer, fetched

    async def fetch_as(
        self,
        model: type[WireModel],
        call: Call,
        make: Callable[[WireModel, datetime], T],
        check: Callable[[WireModel], object] | None = None,
    ) -> tuple[T, FetchedAnswer]:
        """As `fetch`, but return what `make` makes of the model and of the time of the answer.

        The result is made once for all callers of a cached answer. So `make` must depend on its arguments and on what
        it is equal by, and nothing may change its result.

        Raises:
            VendorError: the answer was not a good one of the right shape.
        """

        def read(data: object, at: datetime) -> tuple[T, LeftOut]:
            answer = self._checked(model, data, call, check)
            return make(answer, at), _left_out(answer)

        parser = Parser((model, make), read)
        fetched = await self.client.fetch(call, parser)
        made, left_out = fetched.parse(parser)
        record_left_out(self.account, left_out)
        return made, fetched

    def _checked(
        self, model: type[WireModel], data: object, call: Call, check: Callable[[WireModel], object] | None
    ) -> WireModel:
        answer = self.parse(model, data, call)
        if check is not None:
            check(answer)
        return answer

    def error(
        self,
        kind: type[Error],
        problem: str,
        operation: str,
        *,
        provider_code: str | None = None,
        field: str | None = None,
    ) -> Error:
        """An error of this account; its message names the account and the operation."""
        return kind(
            f"{self.account}: {problem} ({operation})",
            account=self.account,
            operation=operation,
            provider_code=provider_code,
            field=field,
        )

    def refusal_error(self, refusal: Refusal, call: Call) -> VendorError:
        """The error for a refusal that came inside an answer with HTTP 200."""
        return self.client.refusal_error(refusal, call)

    def not_found(self, operation: str, thing: str = "link") -> NotFoundError:
        """The error for a thing that cannot exist at the vendor, or that its answer does not mention."""
        return self.error(NotFoundError, f"no such {thing}", operation)

    def path_to(self, resource: str, name: str, operation: str, thing: str = "link") -> str:
        """The path of one thing below a resource such as "/links".

        Raises:
            NotFoundError: the name is blank, so that the path would be that of the resource. No call is made.
        """
        if not name.strip():
            raise self.not_found(operation, thing)
        return f"{resource}/{quote(name, safe='')}"

    def bad_response(self, call: Call, problem: str) -> VendorError:
        """The error for an answer that cannot be used because of `problem`; after a write it is AMBIGUOUS."""
        if call.writes:
            return self.error(AmbiguousError, f"{problem}; the change may have been made all the same", call.operation)
        return self.error(BadResponseError, problem, call.operation)

    def unsupported(self, operation: str, problem: str) -> UnsupportedError:
        """The error for a request that the vendor's API cannot express."""
        return UnsupportedError(f"{self.account}: {problem}", account=self.account, operation=operation)


def _left_out(answer: Wire) -> LeftOut:
    return answer.left_out if isinstance(answer, TolerantWire) else NOTHING_LEFT_OUT


def _read(model: type[WireModel], data: object) -> WireModel:
    if issubclass(model, TolerantWire):
        return read_tolerantly(model, data)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise UnreadableError(where or "the answer") from None
