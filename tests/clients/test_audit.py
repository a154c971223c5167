from harness.node_scripts import run_json


def test_the_audit_of_graphql_over_http_finds_nothing(demo_address: str) -> None:
    results = run_json("audit.js", demo_address)
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == 61
