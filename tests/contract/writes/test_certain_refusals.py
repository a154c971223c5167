"""A vendor's no to a write is certain: it is told with the vendor's own code, and the vendor is asked once."""

import pytest

from harness.gateway import CutFor, open_gateway
from harness.graphql_writes import CREATE, UPDATE, a_new_link, new_link, only_error, payload_of


def table(provider: str, key: str, **options: object) -> dict[str, object]:
    return {"key": key, "provider": provider, "base_url": f"http://sandbox/{provider}", **options}


REFUSALS: dict[str, tuple[dict[str, object], dict[str, object], str, str | None]] = {
    "picsee plan": (
        table("picsee", "a", token="sandbox-picsee-basic-token"),
        {"title": "needs the advanced plan"},
        "PLAN_REQUIRED",
        "PUB00201",
    ),
    "cuttly plan": (
        table("cuttly", "a", api_key="sandbox-cuttly-key"),
        {"fetchTitle": False},
        "PLAN_REQUIRED",
        "Insufficient subscription level",
    ),
    "cuttly expired": (
        table("cuttly", "a", api_key="sandbox-cuttly-expired-key"),
        {},
        "PLAN_REQUIRED",
        "Subscription has expired",
    ),
    "picsee credentials": (table("picsee", "a", token="wrong"), {}, "UNAUTHENTICATED", None),
    "cuttly credentials": (table("cuttly", "a", api_key="wrong"), {}, "UNAUTHENTICATED", "auth:false"),
    "tinycc credentials": (
        table("tinycc", "a", username="sandbox-print", api_key="wrong"),
        {},
        "UNAUTHENTICATED",
        "1300",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_vendors_no_is_certain_and_asked_for_once(name: str) -> None:
    account, fields, code, provider_code = REFUSALS[name]
    gateway = open_gateway(accounts=[account])
    payload = await payload_of(gateway, CREATE, input={**new_link("a"), **fields})
    error = only_error(payload)
    assert error["code"] == code
    assert provider_code is None or error["providerCode"] == provider_code
    assert [len(calls) for calls in gateway.calls().values()] == [1]


async def test_the_last_link_of_a_picsee_plan_is_made_and_the_next_one_is_not() -> None:
    gateway = open_gateway(accounts=[table("picsee", "a", token="sandbox-picsee-free-token", plan="free")])
    first = await payload_of(gateway, CREATE, input=new_link("a"))
    second = await payload_of(gateway, CREATE, input=new_link("a"))
    assert (first["created"], second["created"]) == (True, False)
    assert (only_error(second)["code"], only_error(second)["providerCode"]) == ("QUOTA_EXHAUSTED", "PUB00007")


async def test_changes_below_picsees_advanced_plan_are_refused_by_one_call() -> None:
    gateway = open_gateway(accounts=[table("picsee", "a", token="sandbox-picsee-basic-token")])
    link = await a_new_link(gateway, "a")
    gateway.forget_calls()
    payload = await payload_of(gateway, UPDATE, input={"id": link, "externalId": "x"})
    assert only_error(payload)["code"] == "PLAN_REQUIRED"
    assert payload["failed"] == ["externalId"]
    assert [call.split()[0] for call in gateway.calls()["picsee"]].count("PUT") == 1


async def test_a_connection_that_is_cut_before_a_read_is_not_ambiguous() -> None:
    gateway = open_gateway(around=lambda wire: CutFor(wire, lambda request: request.url.path.endswith("/team/list")))
    payload = await payload_of(gateway, CREATE, input=new_link("shortenworld"))
    assert only_error(payload)["code"] == "UNAVAILABLE"
    assert "POST /entity/link/create" not in gateway.calls()["shortenworld"]
