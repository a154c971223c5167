"""The base of every adapter: calls in, checked wire models out."""

from collections.abc import Callable
from datetime import date, datetime
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError

from linkweave.clock import Clock
from linkweave.errors import AmbiguousError, BadResponseError, UnsupportedError, VendorError
from linkweave.providers.call_costs import Expense
from linkweave.settings import AccountSettings
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.cache.parsed_content import Parser
from linkweave.transport.call import Call
from linkweave.transport.vendor_client import VendorClient


class Wire(BaseModel):
    """A vendor's JSON object as documented. What is not declared is ignored; what is, is checked."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


WireModel = TypeVar("WireModel", bound=Wire)
T = TypeVar("T")


class Adapter:
    """Speaks one provider's API for one account. Holds no state of its own beyond what it is given.

    Subclasses list their capabilities as further bases.
    """

    time_zone: ClassVar[str | None] = None
    """The zone in which the vendor counts days; None where it does not say."""
    expense: ClassVar[Expense] = Expense()
    """What questions cost at the vendor, for the limit on what an operation may cost."""

    def __init__(self, settings: AccountSettings, client: VendorClient, clock: Clock) -> None:
        self.account = settings.key
        self.settings = settings
        self.client = client
        self.clock = clock

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

    def parse(self, model: type[WireModel], data: object, call: Call) -> WireModel:
        """`data` as `model`.

        Raises:
            BadResponseError: it has another shape; says where, never what.
            AmbiguousError: the same, after a write.
        """
        try:
            return model.model_validate(data)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"]) or "the answer"
            unreadable = self.bad_response(call, f"{where} has an unexpected shape")
            self.client.health.misread(unreadable)
            raise unreadable from None

    async def ask(
        self, model: type[WireModel], call: Call, check: Callable[[WireModel], object] | None = None
    ) -> tuple[WireModel, FetchedAnswer]:
        """Make `call` and check its answer against `model`; `check` raises what is wrong with it besides its shape.

        Raises:
            VendorError: anything but a good answer of the right shape.
        """

        def read(data: object, _: datetime) -> WireModel:
            return self._checked(model, data, call, check)

        reading = Parser(model, read)
        fetched = await self.client.fetch(call, reading)
        return fetched.read(reading), fetched

    async def ask_for(
        self,
        model: type[WireModel],
        call: Call,
        make: Callable[[WireModel, datetime], T],
        check: Callable[[WireModel], object] | None = None,
    ) -> tuple[T, FetchedAnswer]:
        """As `ask`, for what `make` makes of the answer and of when it was told, once for all who are shown the answer.

        So `make` depends on nothing else, besides what it is equal by; and nobody may change what it makes.

        Raises:
            VendorError: anything but a good answer of the right shape.
        """

        def read(data: object, at: datetime) -> T:
            return make(self._checked(model, data, call, check), at)

        reading = Parser((model, make), read)
        fetched = await self.client.fetch(call, reading)
        return fetched.read(reading), fetched

    def _checked(
        self, model: type[WireModel], data: object, call: Call, check: Callable[[WireModel], object] | None
    ) -> WireModel:
        answer = self.parse(model, data, call)
        if check is not None:
            check(answer)
        return answer

    def bad_response(self, call: Call, problem: str) -> VendorError:
        """An answer that cannot be used, because `problem`: after a write, nobody knows whether it happened."""
        kind: type[VendorError] = BadResponseError
        if call.writes:
            kind, problem = AmbiguousError, f"{problem}; the change may have been made all the same"
        return kind(f"{self.account}: {problem} ({call.operation})", account=self.account, operation=call.operation)

    def unsupported(self, operation: str, problem: str) -> UnsupportedError:
        """Something the vendor's API has no words for."""
        return UnsupportedError(f"{self.account}: {problem}", account=self.account, operation=operation)
