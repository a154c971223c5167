"""PicSee keeps the contract of each capability that it offers."""

from typing import ClassVar

from harness.gateway import open_gateway
from harness.graphql_writes import (
    CREATE,
    DELETE,
    RESTORE,
    UPDATE,
    a_new_link,
    link_by_id,
    new_link,
    only_error,
)
from linkweave.providers.picsee import PROVIDER
from linkweave.testing.bench import account_table
from linkweave.testing.contract import (
    CreateLinksContract,
    DeleteLinksContract,
    FieldExample,
    GetLinksContract,
    ListDomainsContract,
    ListLinksContract,
    ListTagsContract,
    ListTrackingPresetsContract,
    ReadStatsContract,
    ReportAbuseContract,
    ReportExternalIdUsageContract,
    ReportUsageContract,
    RestoreLinksContract,
    UpdateLinksContract,
    write_only,
)

PREVIEW = FieldExample({"preview": {"title": "Coats", "description": "Warm ones"}}, {"title": "Coats"})
UNTOLD = {
    "utm": write_only(utm={"source": "newsletter", "medium": "email", "campaign": "autumn"}),
    "deviceTargets": write_only(deviceTargets=[{"platform": "IOS", "destination": "https://apps.example.com/ios"}]),
    "pixel": write_only(pixel="1234567890"),
    "tagManager": write_only(tagManager="GTM-ABC123"),
}


class TestPicsee(
    ListLinksContract,
    GetLinksContract,
    ReadStatsContract,
    ListTagsContract,
    ListDomainsContract,
    ListTrackingPresetsContract,
    ReportUsageContract,
    ReportExternalIdUsageContract,
    CreateLinksContract,
    UpdateLinksContract,
    DeleteLinksContract,
    RestoreLinksContract,
    ReportAbuseContract,
):
    provider = PROVIDER
    reads_by_post = ("/overview",)
    create_examples: ClassVar = {
        **UNTOLD,
        "domain": FieldExample({"domain": "pse.is"}, {"domain": {"name": "pse.is"}}),
        "preview": PREVIEW,
    }
    update_examples: ClassVar = {**UNTOLD, "expiry": write_only(expiry={"at": "2027-01-31"}), "preview": PREVIEW}
    # A link and its preview have one title.
    update_alone = frozenset({"preview"})
    restored_link: ClassVar = {"slug": "come-back", "title": "Come back", "tags": ["winter"]}


async def test_campaign_parameters_of_a_new_link_are_presets_afterwards() -> None:
    gateway = open_gateway()
    await a_new_link(gateway, "picsee-main", utm={"source": "podcast", "medium": "audio"})
    query = '{ account(key: "picsee-main") { trackingPresets { utmSources utmMediums } } }'
    presets = (await gateway.data(query))["account"]["trackingPresets"]
    assert "podcast" in presets["utmSources"]
    assert "audio" in presets["utmMediums"]


async def test_a_starred_link_is_not_deleted() -> None:
    gateway = open_gateway()
    query = '{ links(first: 1, filter: { accounts: ["picsee-main"], starred: true }) { nodes { id } } }'
    link = (await gateway.data(query))["links"]["nodes"][0]["id"]
    (payload,) = await gateway.payload(DELETE, ids=[link])
    assert (payload["deleted"], only_error(payload)["providerCode"]) == (False, "PUB00706")
    assert await link_by_id(gateway, link, "id") == {"id": link}


async def test_a_link_is_not_restored_after_thirty_days() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "picsee-main")
    await gateway.payload(DELETE, ids=[link])
    await gateway.clock.sleep(31 * 24 * 3600)
    payload = await gateway.payload(RESTORE, id=link)
    assert payload["link"] is None
    assert (only_error(payload)["code"], only_error(payload)["providerCode"]) == ("REJECTED", "PUB00704")


async def test_the_link_after_the_last_of_a_plan_is_not_created() -> None:
    table = account_table(PROVIDER, {"token": "sandbox-picsee-free-token", "plan": "free"})
    gateway = open_gateway(accounts=[table])
    first, second = [await gateway.payload(CREATE, input=new_link("picsee-main")) for _ in range(2)]
    assert (first["created"], second["created"]) == (True, False)
    assert (only_error(second)["code"], only_error(second)["providerCode"]) == ("QUOTA_EXHAUSTED", None)
    # PicSee's count, and the one call that it left.
    assert gateway.calls() == {"picsee": ["GET /v2/my/api/status", "POST /v1/links"]}


async def test_an_update_below_the_advanced_plan_is_refused_by_one_call() -> None:
    gateway = open_gateway(accounts=[account_table(PROVIDER, {"token": "sandbox-picsee-basic-token"})])
    link = await a_new_link(gateway, "picsee-main")
    gateway.forget_calls()
    payload = await gateway.payload(UPDATE, input={"id": link, "externalId": "x"})
    assert (only_error(payload)["code"], payload["failed"]) == ("PLAN_REQUIRED", ["externalId"])
    assert [call.split()[0] for call in gateway.calls()["picsee"]].count("PUT") == 1
