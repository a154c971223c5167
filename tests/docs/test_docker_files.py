"""The images and their examples, checked by their files: there is no engine here to build them."""

import re
from pathlib import Path

import pytest

from harness.documentation import ROOT, document
from linkweave.cli.commands import main
from linkweave.server.reload import checked_accounts
from linkweave.settings import load

DOCKER = ROOT / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
COMPOSE = (DOCKER / "compose.yaml").read_text()
IGNORED = (DOCKER / "Dockerfile.dockerignore").read_text().splitlines()
BUILD, FINAL = re.split(r"(?=^FROM )", DOCKERFILE, flags=re.MULTILINE)[1:]


def service(name: str) -> str:
    """The part of compose.yaml about one service."""
    _, _, rest = COMPOSE.partition(f"\n  {name}:\n")
    return re.split(r"^ {0,2}\w", rest, flags=re.MULTILINE)[0]


def test_no_image_is_taken_by_a_moving_name() -> None:
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) + re.findall(r"image: (\S+)", COMPOSE)
    assert len(images) == 4
    assert all(re.search(r":v?\d+\.\d+", image) for image in images), images


def test_packages_are_installed_by_their_hashes_alone() -> None:
    installs = re.findall(r"pip install (.*)", BUILD)
    assert len(installs) == 3
    assert all("--require-hashes" in each or "--no-index" in each for each in installs)
    assert "pip install" not in FINAL


def test_the_image_runs_without_rights_and_without_build_tools() -> None:
    assert re.search(r"^USER 10001:10001$", FINAL, re.MULTILINE)
    assert FINAL.index("\nUSER ") > FINAL.index("\nRUN ")
    assert re.findall(r"^COPY (.*)$", FINAL, re.MULTILINE) == ["--from=build /opt/linkweave /opt/linkweave"]
    assert "apt-get" not in DOCKERFILE


def test_the_image_checks_its_health_with_its_own_python() -> None:
    (check,) = re.findall(r"^HEALTHCHECK .*\n +CMD \[(.*)\]$", FINAL, re.MULTILINE)
    assert check.startswith('"python", "-c"')
    assert "/live" in check
    assert "curl" not in FINAL.partition("HEALTHCHECK")[2].partition("ENTRYPOINT")[0]


def test_the_image_starts_with_an_existing_command() -> None:
    (words,) = re.findall(r"^CMD \[(.*)\]$", FINAL, re.MULTILINE)
    command, *options = re.findall(r'"([^"]*)"', words)
    known = {option for param in main.commands[command].params for option in param.opts}
    assert {option for option in options if option.startswith("--")} <= known
    assert re.search(r'^ENTRYPOINT \["linkweave"\]$', FINAL, re.MULTILINE)


def test_only_the_files_that_are_copied_are_not_ignored() -> None:
    copied = [name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", BUILD, re.MULTILINE) for name in line.split()]
    allowed = {line[1:] for line in IGNORED if line.startswith("!")}
    assert allowed == set(copied)
    assert all((ROOT / name).exists() for name in copied)
    assert "*" in IGNORED


def test_the_wheel_is_built_by_pinned_packages() -> None:
    names = re.findall(r"awk '/\^\[a-z\]/ \{kept = /\^\(([\w|-]+)\)==/\} kept'", BUILD)[0].split("|")
    pinned = re.findall(r"^([\w-]+)==", (ROOT / "requirements-dev.lock").read_text(), re.MULTILINE)
    assert set(names) <= set(pinned)
    assert "hatchling" in names


@pytest.mark.parametrize("name", ["gateway", "valkey"])
def test_each_service_has_no_more_than_it_needs(name: str) -> None:
    lines = service(name)
    assert "read_only: true" in lines
    assert "cap_drop: [ALL]" in lines
    assert "no-new-privileges:true" in lines
    assert re.search(r"mem_limit: \d+", lines)
    assert "privileged: true" not in lines


def test_valkey_is_reached_by_the_gateway_alone_and_with_a_password() -> None:
    assert "ports:" not in service("valkey")
    assert "networks: [inside]" in service("valkey")
    assert re.search(r"inside:\n +internal: true", COMPOSE)
    assert "--requirepass" in service("valkey")
    assert "service_healthy" in service("gateway")


def test_secrets_come_from_the_environment_and_are_required() -> None:
    given = re.findall(r"^      (\w+): (\$\{\w+:\?[^}]+\})$", COMPOSE, re.MULTILINE)
    assert {name for name, _ in given} >= set(re.findall(r"\$\{(\w+)\}", (DOCKER / "linkweave.toml").read_text()))
    assert all(value.startswith(f"${{{name}:?") for name, value in given)
    assert "127.0.0.1:8000:8000" in service("gateway")


def test_the_gateway_has_time_to_shut_down() -> None:
    (seconds,) = re.findall(r"stop_grace_period: (\d+)s", service("gateway"))
    assert int(seconds) > 15 + 2


def test_the_mounted_configuration_can_be_served() -> None:
    names = re.findall(r"\$\{(\w+)\}", (DOCKER / "linkweave.toml").read_text())
    made_up = {name: f"{at}" * 64 if name.endswith("SHA256") else "made-up" for at, name in enumerate(names)}
    settings = load(DOCKER / "linkweave.toml", made_up, {"host": "0.0.0.0"})  # noqa: S104 - in a container
    assert [account.key for account in checked_accounts(settings)] == ["picsee-main"]
    assert settings.log.format == "json"


def test_the_pod_has_what_the_image_needs() -> None:
    (deployment,) = [block for block in document("docs/operations.md").blocks("yaml") if "kind: Deployment" in block]
    for promise in (
        "runAsUser: 10001",
        "readOnlyRootFilesystem: true",
        'drop: ["ALL"]',
        "runAsNonRoot: true",
        "path: /ready",
        "path: /live",
        "allowPrivilegeEscalation: false",
    ):
        assert promise in deployment
    (grace,) = re.findall(r"terminationGracePeriodSeconds: (\d+)", deployment)
    assert int(grace) >= 5 + 15
    assert Path(re.findall(r"mountPath: (/tmp)", deployment)[0]).is_absolute()
