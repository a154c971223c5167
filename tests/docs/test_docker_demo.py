"""The demo of compose.demo.yaml, checked by its files and by the command that its gateway runs: no engine is needed."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import yaml

from harness.documentation import ROOT
from harness.linkweave_process import linkweave

DOCKER = ROOT / "docker"
TEXT = (DOCKER / "compose.demo.yaml").read_text()


def read(path: str) -> Any:
    return yaml.safe_load((DOCKER / path).read_text())


COMPOSE = read("compose.demo.yaml")
SERVICES: dict[str, Any] = COMPOSE["services"]
PROMETHEUS = read("demo/prometheus.yaml")
(SOURCE,) = read("demo/grafana/datasources/prometheus.yaml")["datasources"]
DASHBOARD = json.loads((ROOT / "docs" / "grafana" / "linkweave.json").read_text())


def mounts(service: str) -> dict[str, Path]:
    """The files of the repository in a container, by their paths there."""
    parts = [volume.split(":") for volume in SERVICES[service]["volumes"]]
    assert all(mode == "ro" for _, _, mode in parts)
    return {target: (DOCKER / source).resolve() for source, target, _ in parts}


@pytest.fixture(scope="module")
def metrics() -> str:
    """What Prometheus reads from the gateway, started by the command of the container but at a free port."""
    command = [("0" if each == "8000" else each) for each in SERVICES["gateway"]["command"]]
    (target,) = PROMETHEUS["scrape_configs"][0]["static_configs"][0]["targets"]
    with linkweave(*command, "--sandbox-port", "0") as running:
        address = running.wait_for(r"GraphiQL +(\S+)/graphql")[1]
        running.wait_for("Stop with Ctrl")
        httpx2.post(f"{address}/graphql", json={"query": "{ accounts { key } }"}, trust_env=False).raise_for_status()
        answer = httpx2.get(f"{address}/metrics", headers={"host": target}, trust_env=False)
    assert answer.status_code == 200
    return answer.text


def test_the_demo_needs_no_secret_and_no_file_of_the_reader() -> None:
    assert re.findall(r"\$\{?\w+", TEXT) == []
    assert "env_file" not in TEXT
    assert all(path.exists() for service in ("prometheus", "grafana") for path in mounts(service).values())


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_of_the_demo_has_no_more_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "pids_limit"} <= service.keys()
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert "build" in service or re.search(r":v?\d+\.\d+\.\d+$", service["image"])


def test_prometheus_reads_its_configuration_and_the_alerts() -> None:
    inside = mounts("prometheus")
    (option,) = [each for each in SERVICES["prometheus"]["command"] if each.startswith("--config.file=")]
    assert inside[option.partition("=")[2]] == DOCKER / "demo" / "prometheus.yaml"
    assert [f"/etc/prometheus/{name}" for name in PROMETHEUS["rule_files"]] == ["/etc/prometheus/alerts.yaml"]
    assert inside["/etc/prometheus/alerts.yaml"] == DOCKER / "alerts.yaml"
    assert [group["name"] for group in read("alerts.yaml")["groups"]] == ["linkweave"]
    # The alert for a gateway that is down names this job.
    assert [job["job_name"] for job in PROMETHEUS["scrape_configs"]] == ["linkweave"]


def test_grafana_finds_its_data_source_and_the_dashboard() -> None:
    address = urlsplit(SOURCE["url"])
    assert address.hostname in SERVICES
    assert f"127.0.0.1:{address.port}:{address.port}" in SERVICES[str(address.hostname)]["ports"]
    assert (SOURCE["type"], SOURCE["isDefault"]) == ("prometheus", True)
    variables = {each["name"]: each for each in DASHBOARD["templating"]["list"]}
    assert variables["datasource"]["query"] == SOURCE["type"]
    inside = mounts("grafana")
    (provider,) = read("demo/grafana/dashboards/linkweave.yaml")["providers"]
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provider['options']['path']}/linkweave.json"
    assert inside[home] == ROOT / "docs" / "grafana" / "linkweave.json"
    assert {"/etc/grafana/provisioning/datasources", "/etc/grafana/provisioning/dashboards"} <= inside.keys()


def test_nobody_can_log_in_to_grafana_so_that_there_is_no_password() -> None:
    settings = SERVICES["grafana"]["environment"]
    assert settings["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert settings["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert settings["GF_AUTH_DISABLE_LOGIN_FORM"] == "true"
    assert settings["GF_AUTH_BASIC_ENABLED"] == "false"


def test_the_demos_gateway_has_every_metric_of_the_dashboard_and_of_the_alerts(metrics: str) -> None:
    served = set(re.findall(r"^# TYPE (\w+) ", metrics, re.MULTILINE))
    rules = [rule["expr"] for group in read("alerts.yaml")["groups"] for rule in group["rules"]]
    shown = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    asked = {name for expression in rules + shown for name in re.findall(r"linkweave_\w+", expression)}
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked} <= served
    assert re.search(r"^linkweave_operations_total\{.*\} [1-9]", metrics, re.MULTILINE)


def test_the_gateway_of_the_demo_is_seen_by_its_health_check() -> None:
    assert SERVICES["gateway"]["command"] == ["demo", "--host", "0.0.0.0", "--port", "8000", "--visitors"]  # noqa: S104 - in a container
    assert "http://127.0.0.1:8000/live" in (DOCKER / "Dockerfile").read_text()
