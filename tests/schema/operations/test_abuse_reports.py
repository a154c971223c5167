"""Abuse reports, which only PicSee accepts, and only from accounts that turn them on."""

from harness.gateway import open_gateway
from harness.graphql_writes import only_error
from linkweave.providers.picsee import PROVIDER as PICSEE
from linkweave.testing.bench import account_table
from linkweave.testing.mutations import REPORT_ABUSE


async def test_an_account_reports_no_abuse_until_a_setting_turns_it_on() -> None:
    gateway = open_gateway(accounts=[account_table(PICSEE, {"report_abuse": False})])
    payload = await gateway.payload(REPORT_ABUSE, input={"account": "picsee-main", "shortUrl": "https://pse.is/a"})
    assert (payload["reported"], only_error(payload)["code"]) == (False, "UNSUPPORTED")
    assert "report_abuse" in only_error(payload)["message"]
    assert gateway.calls() == {}


async def test_picsee_rejects_a_report_of_an_unknown_link_with_its_own_code() -> None:
    report = {"account": "picsee-main", "shortUrl": "https://www.example.com/nobody-has-this"}
    payload = await open_gateway().payload(REPORT_ABUSE, input=report)
    assert (only_error(payload)["code"], only_error(payload)["providerCode"]) == ("REJECTED", "PUB01001")
