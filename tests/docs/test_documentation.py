import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import httpx2
import pytest
from graphql import parse, validate
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from harness.documentation import ROOT, Document, document, documents
from harness.emulators import ManualClock
from linkweave.accounts import check_accounts
from linkweave.app import build_app
from linkweave.cli import tables
from linkweave.cli.commands import main
from linkweave.cli.demo import demo_settings, first_query, third_query
from linkweave.providers.discovery import discover
from linkweave.providers.record import Provider
from linkweave.runtime.process import Process
from linkweave.sandbox import Fault, Sandbox, sandbox_accounts
from linkweave.schema.build import build_schema
from linkweave.settings import (
    AccountSettings,
    CacheSettings,
    CatalogSettings,
    ClientSettings,
    DocumentSettings,
    FreshSeconds,
    HooksSettings,
    JwtSettings,
    LimitSettings,
    LogSettings,
    MetricsSettings,
    NetworkSettings,
    ServerSettings,
    Settings,
    SettingsModel,
    TracesSettings,
    load,
)
from linkweave.testing.gateway import open_gateway
from linkweave.testing.virtual_time import in_virtual_time

README, CONFIGURATION, SANDBOX = (document(name) for name in ("README.md", "docs/configuration.md", "docs/sandbox.md"))
ELLIPSIS = "…"

WITH_TOML = [page for page in documents() if page.blocks("toml")]
WITH_GRAPHQL = [page for page in documents() if page.blocks("graphql")]


@pytest.mark.parametrize("page", documents(), ids=str)
def test_every_link_into_the_repository_leads_somewhere(page: Document) -> None:
    for link in page.links():
        path, _, anchor = link.partition("#")
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.exists(), f"{page}: {link}"
        assert not anchor or anchor in Document(target).anchors(), f"{page}: {link}"


@pytest.mark.parametrize("page", documents(), ids=str)
def test_no_page_names_a_machine_or_a_registry(page: Document) -> None:
    forbidden = r"/(work|home|root|tmp|Users)/|[/.](pypi|pythonhosted|npmjs|artifactory|nexus)\b|\.internal\b|index-url"
    assert re.findall(forbidden, page.text) == []


@pytest.mark.parametrize("page", WITH_TOML, ids=str)
def test_every_example_of_a_configuration_is_one(page: Document, tmp_path: Any) -> None:
    for block in page.blocks("toml"):
        path = tmp_path / "linkweave.toml"
        path.write_text(block)
        environment = dict.fromkeys(re.findall(r"\$\{(\w+)\}", block), "made up, and long enough for every secret")
        settings = load(path, environment)
        assert check_accounts(settings.accounts, discover(), settings.source)


def test_the_readme_configures_every_provider() -> None:
    (block,) = README.blocks("toml")
    assert set(re.findall(r'provider = "(\w+)"', block)) == set(discover())


def test_the_example_with_everything_names_every_key_that_is_read() -> None:
    (block,) = CONFIGURATION.blocks("toml")
    named = set(re.findall(r"^(\w+) = ", block, re.MULTILINE))
    models = (
        ServerSettings,
        CacheSettings,
        CatalogSettings,
        DocumentSettings,
        HooksSettings,
        LimitSettings,
        LogSettings,
        MetricsSettings,
        NetworkSettings,
        TracesSettings,
    )
    sections = {key for model in (*models, ClientSettings, JwtSettings) for key in model.model_fields}
    assert named >= sections | {"key", "provider", "label", "plan", "domains"}


@pytest.mark.parametrize("page", WITH_GRAPHQL, ids=str)
def test_every_example_of_a_query_is_one(page: Document) -> None:
    schema = build_schema()._schema  # noqa: SLF001 - strawberry hands out no other
    assert [validate(schema, parse(block)) for block in page.blocks("graphql")] == [[]] * len(page.blocks("graphql"))


def same(shown: Any, real: Any) -> bool:
    """Whether `real` is what a page shows. Numbers and times may differ, and each … stands for any text."""
    if shown == ELLIPSIS:
        return True
    if isinstance(shown, dict) and isinstance(real, dict):
        return shown.keys() == real.keys() and all(same(shown[key], real[key]) for key in shown)
    if isinstance(shown, list) and isinstance(real, list):
        return same_list(shown, real)
    if isinstance(shown, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]+Z", shown):
        return isinstance(real, str) and datetime.fromisoformat(real).tzinfo is not None
    return type(shown) is type(real) and (isinstance(shown, int) or bool(shown == real))


def same_list(shown: Sequence[Any], real: Sequence[Any]) -> bool:
    """As `same`; … stands for one thing or several."""
    if not shown or not real:
        return not shown and not real
    if shown[0] == ELLIPSIS and len(real) > 1 and same_list(shown, real[1:]):
        return True
    return same(shown[0], real[0]) and same_list(shown[1:], real[1:])


async def ask(query: str, folder: Path) -> Any:
    """The answer of the demo, whose catalog is in `folder` and empty."""
    clock = ManualClock()
    wire = httpx2.ASGITransport(app=Sandbox(discover(), clock))
    alone = Process(keeps_in_step=False, works_on_jobs=False)
    app = build_app(demo_settings("http://sandbox", folder=folder), clock, wire, alone)
    transport = httpx2.ASGITransport(app=app)
    async with app.lifespan(), httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return (await client.post("/graphql", json={"query": query})).json()


@pytest.mark.parametrize("page", ["README.md", "docs/first-query.md"])
async def test_the_first_querys_answer_is_the_one_that_a_page_shows(page: str, tmp_path: Path) -> None:
    (answer,) = document(page).blocks("json")
    shown = json.loads(re.sub(rf'(?<!"){ELLIPSIS}(?!")', f'"{ELLIPSIS}"', answer))
    assert same(shown, await ask(first_query(), tmp_path))


@in_virtual_time
async def test_the_readme_says_how_many_accounts_and_calls_the_first_query_needs() -> None:
    gateway = open_gateway()
    answer = await gateway.data(first_query())
    calls = sum(map(len, gateway.calls().values()))
    (said,) = re.findall(r"asks (\d+) accounts,[^.]* with (\d+) calls", README.text)
    assert said == (str(len(answer["accounts"])), str(calls))
    assert await gateway.data(first_query()) == answer
    assert sum(map(len, gateway.calls().values())) == calls


def test_the_readmes_first_queries_are_the_demos() -> None:
    shown = [query.strip() for query in README.blocks("graphql")[:2]]
    assert shown == [first_query().strip(), third_query().strip()]


async def test_the_readmes_other_queries_are_answered_without_an_error(tmp_path: Path) -> None:
    # The second one needs a catalog that is not empty, which test_gateway_sync.py has.
    for query in README.blocks("graphql")[2:]:
        answer = await ask(query, tmp_path)
        assert "errors" not in answer
        assert all(not field["errors"] for field in answer["data"].values())


def test_a_different_answer_is_noticed() -> None:
    assert same([1, ELLIPSIS, {"a": "x"}], [2, 3, 4, {"a": "x"}])
    assert not same([1, ELLIPSIS, {"a": "x"}], [2, {"a": "x"}])
    assert not same({"a": "x"}, {"a": "y"})
    assert not same({"a": None}, {"a": 1})
    assert not same({"a": 1}, {"a": 1, "b": 1})


def test_the_readmes_table_of_capabilities_is_the_computed_one() -> None:
    assert f"\n{tables.as_markdown(tables.matrix(discover()))}\n" in README.text, (
        "replace the table in the README with what `linkweave providers --markdown` prints"
    )


@pytest.mark.parametrize(
    ("page", "name", "compare"),
    [
        ("docs/semantics.md", "statistics", tables.statistics_table),
        ("docs/limits.md", "costs", tables.costs_table),
    ],
)
def test_the_tables_of_what_vendors_tell_and_need_are_the_computed_ones(
    page: str, name: str, compare: Callable[[Mapping[str, Provider]], list[list[str]]]
) -> None:
    assert f"\n{tables.as_markdown(compare(discover()))}\n" in document(page).text, (
        f"replace the table in {page} with what `linkweave providers --table {name} --markdown` prints"
    )


def test_the_readmes_commands_exist() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    shell = "".join(README.blocks("console") + CONFIGURATION.blocks("console") + SANDBOX.blocks("console"))
    assert set(re.findall(r"^(?:\$ )?make (\w+)", shell, re.MULTILINE)) == {"demo", "test"} < set(targets)
    assert set(re.findall(r"^(?:\$ )?linkweave (\w+)", shell, re.MULTILINE)) <= set(main.commands)


def own_fields(model: type[SettingsModel]) -> dict[str, FieldInfo]:
    """The keys that a section's table must have; for a provider, those that differ from the common ones."""
    own = model.__annotations__.keys() - {"provider"} if model is not AccountSettings else model.model_fields.keys()
    return {name: info for name, info in model.model_fields.items() if name in own}


def default_of(info: FieldInfo) -> str | None:
    """A default as the documentation writes it; None if it describes in words what happens without the key."""
    if info.is_required():
        return "required"
    value = info.get_default(call_default_factory=True)
    value = value.get_secret_value() if isinstance(value, SecretStr) else value
    return None if value is None else f"`{json.dumps(value)}`".replace(".0`", "`")


SECTIONS: dict[str, type[SettingsModel]] = {
    "## `[server]`": ServerSettings,
    "## `[cache]`": CacheSettings,
    "## `[catalog]`": CatalogSettings,
    "## `[documents]`": DocumentSettings,
    "## `[limits]`": LimitSettings,
    "## `[log]`": LogSettings,
    "## `[metrics]`": MetricsSettings,
    "## `[network]`": NetworkSettings,
    "## `[traces]`": TracesSettings,
    "## `[[clients]]`": ClientSettings,
    "## `[jwt]`": JwtSettings,
    "### `fresh_seconds`": FreshSeconds,
    "## `[[accounts]]`": AccountSettings,
    **{f"### `{name}`": provider.settings for name, provider in discover().items()},
}


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_of_the_configuration_is_described_with_its_default(heading: str) -> None:
    fields = own_fields(SECTIONS[heading])
    rows = {key.strip("`"): (kind, default, meaning) for key, kind, default, meaning in CONFIGURATION.rows(heading)}
    assert rows.keys() == fields.keys()
    for name, info in fields.items():
        kind, default, meaning = rows[name]
        assert default == (default_of(info) or default), name
        assert default_of(info) is not None or not default.startswith("`"), name
        assert kind, name
        assert meaning.endswith("."), name


def test_every_section_of_the_configuration_is_described() -> None:
    known = {
        "server",
        "cache",
        "catalog",
        "documents",
        "hooks",
        "limits",
        "log",
        "metrics",
        "network",
        "traces",
        "accounts",
        "clients",
        "jwt",
    }
    assert Settings.model_fields.keys() - {"source"} == known


def test_the_sandboxes_accounts_are_those_of_the_emulators(tmp_path: Any) -> None:
    path = tmp_path / "linkweave.toml"
    path.write_text(SANDBOX.blocks("toml")[0])
    written = [dict(table) for table in load(path, {}).accounts]
    known = sandbox_accounts(discover(), "http://127.0.0.1:8001")
    for table, expected in zip(written, known, strict=True):
        needed = {name: list(value) if isinstance(value, tuple) else value for name, value in expected.items()}
        assert table.items() <= needed.items()
        assert needed.keys() - table.keys() <= {"label", "plan", "report_abuse"}


def test_the_sandboxes_faults_are_described() -> None:
    kinds = [row[0].strip("`") for row in SANDBOX.rows("## What goes wrong")]
    assert set(kinds) == set(get_args(Fault.model_fields["kind"].annotation))
    keys = [row[0].strip("`") for row in SANDBOX.rows("### A fault's keys")]
    assert keys == list(Fault.model_fields)


async def replay(client: httpx2.AsyncClient, command: str) -> int:
    """The status that a documented curl command gets."""
    words = shlex.split(command)
    options = {word: words[place + 1] for place, word in enumerate(words) if word in {"-X", "-d", "-H"}}
    url = next(word for word in words if word.startswith("http://127.0.0.1:8001/"))
    headers = dict([options["-H"].split(": ", 1)]) if "-H" in options else {}
    answer = await client.request(options.get("-X", "GET"), url, content=options.get("-d"), headers=headers)
    return answer.status_code


async def test_the_sandboxes_commands_do_what_the_page_says() -> None:
    commands = re.findall(r"^\$ (curl .*)$", "".join(SANDBOX.blocks("console")), re.MULTILINE)
    sandbox = Sandbox(discover(), ManualClock())
    statuses = []
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=sandbox)) as client:
        for command in commands:
            try:
                statuses.append(await replay(client, command))
            except ConnectionResetError:
                statuses.append(0)
    assert statuses == [200, 401, 200, 200, 200, 200, 503, 200, 200, 0, 400, 200, 200]


def test_the_sandboxes_python_runs() -> None:
    (block,) = SANDBOX.blocks("python")
    names: dict[str, Any] = {}
    exec(compile(block, str(SANDBOX), "exec"), names)  # noqa: S102 - our own page
    assert names["sandbox"].slots["tinycc"].fault.kind == "html"


def test_the_sandbox_page_shows_what_the_command_prints() -> None:
    shown = SANDBOX.blocks("console")[0]
    assert re.findall(r"8001/(\w+)$", shown, re.MULTILINE) == list(discover())


def test_every_provider_has_its_page_in_the_index() -> None:
    index = document("docs/providers/README.md")
    assert [row[0].strip("`") for row in index.rows("# Providers")] == list(discover())
    assert [link.split("/")[-2] for link in index.links() if "src/linkweave" in link] == list(discover())


def test_every_provider_says_its_settings_limits_quirks_and_what_is_not_offered() -> None:
    for name in discover():
        text = document(f"src/linkweave/providers/{name}/README.md").text
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert {"Settings", "What works", "Limits", "Limitations and quirks"} <= set(headings), name


def test_the_screenshot_is_small_enough_for_a_first_page() -> None:
    assert (ROOT / "docs" / "images" / "graphiql.png").stat().st_size <= 300_000


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "## [Unreleased]" in document("CHANGELOG.md").text


SOURCES = ROOT / "src" / "linkweave"
ARCHITECTURE = document("docs/architecture.md")


def test_the_map_names_every_room() -> None:
    rooms = {path.name + "/" for path in SOURCES.iterdir() if (path / "__init__.py").exists()}
    modules = {path.name for path in SOURCES.glob("*.py")} - {"__init__.py"}
    named = set(re.findall(r"`([\w.]+/?)", ARCHITECTURE.section("## Map")))
    assert rooms | modules <= named


def test_every_file_that_the_architecture_names_exists() -> None:
    names = set(re.findall(r"`((?:\w+/)*\w+\.py)`", ARCHITECTURE.text))
    known = {path.relative_to(SOURCES).as_posix() for path in SOURCES.rglob("*.py")}
    assert {name for name in names if not any(path == name or path.endswith(f"/{name}") for path in known)} == set()
    assert len(names) > 20
