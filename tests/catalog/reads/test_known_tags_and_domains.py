"""Tags and domains of accounts whose vendors do not list them."""

from harness.catalog_gateway import known_link, open_catalog_gateway

_TAGS = '{ tags(accounts: ["cuttly"]) { nodes { name } sources { status read returned } } }'
_DOMAINS = '{ domains(accounts: ["cuttly"]) { nodes { name } sources { status read returned } } }'


async def test_tags_and_domains_of_known_links_take_the_place_of_a_vendors_lists(sqlite_url: str) -> None:
    rows = (
        known_link(1, "cuttly", tags=("Spring", "Sale")),
        known_link(2, "cuttly", tags=("spring",), domain="Links.example"),
        known_link(3, "tinycc", tags=("other",)),
    )
    async with open_catalog_gateway(sqlite_url, rows) as world:
        tags, domains = await world.data(_TAGS), await world.data(_DOMAINS)
        assert not world.gateway.calls()
    partial = {"status": "PARTIAL", "read": "CATALOG"}
    assert [node["name"] for node in tags["tags"]["nodes"]] == ["Sale", "Spring"]
    assert tags["tags"]["sources"] == [{**partial, "returned": 2}]
    assert [node["name"] for node in domains["domains"]["nodes"]] == [
        "cutt.ly",
        "go.brand-demo.example",
        "links.example",
    ]
    assert domains["domains"]["sources"] == [{**partial, "returned": 3}]
