import json
import re
from pathlib import Path
from typing import Any

import httpx2
import pytest

from harness.linkweave_process import account_table
from linkweave.runtime.process import Process, open_process
from linkweave.server.reload import (
    ConfigurationSource,
    GatewayService,
    GatewayWorkers,
    checked_accounts,
    open_metrics_directory,
)
from linkweave.transport.circuit.circuit import FAILURE_THRESHOLD

KEYS = "{ accounts { key } }"
NOWHERE = "http://127.0.0.1:1"

pytestmark = pytest.mark.usefixtures("kept_logging")


def write(path: Path, *accounts: str, **server: object) -> None:
    """A configuration of tiny.cc accounts."""
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in server.items())
    tables = "".join(account_table(NOWHERE, "tinycc", key=account) for account in accounts)
    path.write_text(f"[server]\n{lines}{tables}")


def put(path: Path, text: str) -> None:
    path.write_text(text)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "linkweave.toml"
    write(path, "one")
    return path


def service_of(config: Path) -> GatewayService:
    source = ConfigurationSource(config, {}, "signs-cursors")
    settings = source.load()
    return GatewayService(source, settings, open_process(settings, checked_accounts(settings)))


def lent(process: Process) -> list[int]:
    """The open resources: storage first, then accounts."""
    return [id(each.resource) for each in process.shared_resources._resources]  # noqa: SLF001 - only this test needs it


async def get(service: GatewayService, path: str, query: str = KEYS) -> httpx2.Response:
    wire = httpx2.ASGITransport(app=service.app)
    async with httpx2.AsyncClient(transport=wire, base_url="http://127.0.0.1") as client:
        return await client.get(path, params={"query": query})


async def accounts(service: GatewayService) -> list[str]:
    data = (await get(service, "/graphql")).json()["data"]
    return [account["key"] for account in data["accounts"]]


def problems(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str | None]]:
    lines: list[Any] = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [(line["event"], line.get("problem")) for line in lines if line["event"] != "operation"]


async def test_a_good_configuration_replaces_the_old_one(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service = service_of(config)
    assert await accounts(service) == ["one"]
    write(config, "one", "two")
    await service.reload()
    assert await accounts(service) == ["one", "two"]
    assert problems(capsys) == [("configuration reloaded", None)]


async def test_a_faulty_configuration_changes_nothing_and_the_log_says_why(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = service_of(config)
    put(config, "[[accounts]]\nkey = 'one'\nprovider = 'nobody'\n")
    await service.reload()
    assert await accounts(service) == ["one"]
    ((event, problem),) = problems(capsys)
    assert event == "configuration not reloaded"
    assert problem is not None
    assert problem.startswith(f"{config}: accounts[0] (one).provider: 'nobody' is not a provider; allowed: ")


async def test_reloads_are_counted_and_earlier_counts_stay(config: Path) -> None:
    service = service_of(config)
    await accounts(service)
    await service.reload()
    put(config, "nonsense")
    await service.reload()
    numbers = (await get(service, "/metrics")).text
    assert 'linkweave_reloads_total{result="ok"} 1.0' in numbers
    assert 'linkweave_reloads_total{result="refused"} 1.0' in numbers
    assert 'linkweave_operations_total{answered="executed",kind="query",outcome="ok"} 1.0' in numbers


async def test_an_address_is_not_reloaded_and_the_log_says_so(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service = service_of(config)
    write(config, "one", port=1234)
    await service.reload()
    assert problems(capsys)[1:] == [("not reloaded", "server.port has changed, which takes a restart")]


async def test_the_log_settings_are_reloaded_and_neither_old_nor_new_secrets_are_logged(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(config, account_table(NOWHERE, "tinycc", api_key="canary-of-old"))
    service = service_of(config)
    put(config, '[log]\nformat = "console"\n' + account_table(NOWHERE, "tinycc", api_key="canary-of-new"))
    await service.reload()
    capsys.readouterr()
    await get(service, "/graphql?query=query canary_of{accounts{key}}")
    wire = httpx2.ASGITransport(app=service.app)
    async with httpx2.AsyncClient(transport=wire, base_url="http://127.0.0.1") as client:
        for canary in ("canary-of-old", "canary-of-new"):
            await client.get("/graphql", params={"query": KEYS}, headers={"x-request-id": canary})
    printed = capsys.readouterr().err
    # An id that holds a secret is replaced.
    assert len(re.findall(r" operation request=[0-9a-f]{32} ", printed)) == 3
    assert "canary-of" not in printed


async def test_resources_that_a_reload_does_not_change_stay_open(config: Path) -> None:
    process = open_process(
        settings := ConfigurationSource(config, {}, "signs-cursors").load(), checked_accounts(settings)
    )
    service = GatewayService(ConfigurationSource(config, {}, "signs-cursors"), settings, process)
    before = lent(process)
    put(config, '[log]\nlevel = "error"\n' + account_table(NOWHERE, "tinycc", key="one"))
    await service.reload()
    assert lent(process) == before
    write(config, "one", "two")
    await service.reload()
    assert lent(process)[:3] == before
    assert len(lent(process)) == 4
    write(config, "one", deadline_seconds=5)
    await service.reload()
    assert (lent(process)[0], lent(process)[-1]) == (before[0], lent(process)[4])


async def circuits(service: GatewayService) -> list[tuple[str, str]]:
    """Each account's circuit as GraphQL returns it, and its metric."""
    answer = (await get(service, "/graphql", "{ accounts { health { circuit } } }")).json()
    numbers = (await get(service, "/metrics")).text
    states = [account["health"]["circuit"] for account in answer["data"]["accounts"]]
    series = "linkweave_circuit_state"
    metrics = [line.removeprefix(series) for line in numbers.splitlines() if line.startswith(series)]
    return list(zip(states, metrics, strict=True))


async def break_vendors(service: GatewayService) -> None:
    for _ in range(FAILURE_THRESHOLD):
        await get(service, "/graphql", "{ accounts { tags { name } } }")


async def test_a_reload_that_changes_an_account_keeps_the_circuits_of_others(config: Path) -> None:
    write(config, "one", "two")
    service = service_of(config)
    assert await circuits(service) == [("CLOSED", '{account="one"} 0.0'), ("CLOSED", '{account="two"} 0.0')]
    await break_vendors(service)
    assert await circuits(service) == [("OPEN", '{account="one"} 2.0'), ("OPEN", '{account="two"} 2.0')]
    other = account_table(NOWHERE, "tinycc", key="two", label="Another")
    put(config, account_table(NOWHERE, "tinycc", key="one") + other)
    await service.reload()
    assert await circuits(service) == [("OPEN", '{account="one"} 2.0'), ("CLOSED", '{account="two"} 0.0')]


async def test_the_metrics_of_a_removed_account_do_not_show_an_open_circuit(config: Path) -> None:
    write(config, "one", "two")
    service = service_of(config)
    await break_vendors(service)
    write(config, "one")
    await service.reload()
    numbers = (await get(service, "/metrics")).text
    assert 'linkweave_circuit_state{account="one"} 2.0' in numbers
    assert 'linkweave_circuit_state{account="two"} 0.0' in numbers


async def test_a_service_that_drains_is_not_ready(config: Path) -> None:
    service = service_of(config)
    assert (await get(service, "/ready")).status_code == 200
    service.hooks().start_draining()
    assert (await get(service, "/ready")).status_code == 503
    assert (await get(service, "/live")).status_code == 200


async def test_the_secret_of_cursors_is_the_same_after_a_reload(config: Path) -> None:
    source = ConfigurationSource(config, {}, "signs-cursors")
    first, second = source.load(), source.load()
    assert first.server.secret == second.server.secret
    assert first.server.secret is not None
    assert "signs-cursors" not in repr((source, first))


async def test_the_command_line_takes_precedence_over_the_file_at_each_reload(config: Path) -> None:
    source = ConfigurationSource(config, {"port": 7}, "signs-cursors")
    write(config, "one", port=1234, drain_seconds=3)
    settings = source.load()
    assert (settings.server.port, settings.server.drain_seconds) == (7, 3)


def workers_of(config: Path, directory: Path) -> GatewayWorkers:
    source = ConfigurationSource(config, {}, "signs-cursors")
    settings = source.load()
    return GatewayWorkers(source, settings, open_process(settings, checked_accounts(settings)), directory)


async def test_workers_start_with_the_last_configuration_that_could_be_used(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workers = workers_of(config, tmp_path)
    write(config, "one", "two", drain_seconds=2)
    workers.reload()
    put(config, "nonsense")
    workers.reload()
    assert workers.drain_seconds == 2
    made = workers.service_factory()()
    assert isinstance(made, GatewayService)
    assert await accounts(made) == ["one", "two"]
    assert problems(capsys) == []


def test_the_running_operations_of_a_worker_that_ended_are_no_longer_counted(config: Path, tmp_path: Path) -> None:
    names = ("gauge_livesum_7.db", "gauge_livesum_8.db", "counter_7.db")
    for name in names:
        (tmp_path / name).touch()
    workers_of(config, tmp_path).worker_ended(7)
    assert sorted(path.name for path in tmp_path.glob("*.db")) == ["counter_7.db", "gauge_livesum_8.db"]


def test_workers_count_in_a_directory_that_is_removed_at_the_end() -> None:
    environment: dict[str, str] = {}
    with open_metrics_directory(environment) as name:
        assert environment == {"PROMETHEUS_MULTIPROC_DIR": name}
        assert Path(name).is_dir()
    assert not Path(name).exists()
