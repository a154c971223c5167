"""Every recipe of docs/recipes, run as it stands there."""

import json
import re
from pathlib import Path
from typing import Any

import httpx2
from click import Context
from click.testing import CliRunner

from harness.browser_page import browse
from harness.documentation import ROOT, document
from harness.linkweave_process import linkweave
from harness.page_server import Page, page_served
from harness.recipes import blocks, node, node_json, python_tool
from linkweave.cli.commands import main

DEMO = "http://127.0.0.1:8000"


def ask(address: str, query: str, variables: object) -> Any:
    body = httpx2.post(address, json={"query": query, "variables": variables}, timeout=30, trust_env=False).json()
    assert "errors" not in body, body
    return body["data"]


def test_every_recipe_is_listed_and_has_a_test() -> None:
    pages = {path.name for path in (ROOT / "docs" / "recipes").glob("*.md")} - {"README.md"}
    assert set(re.findall(r"\((\S+\.md)\)", document("docs/recipes/README.md").text)) == pages
    assert pages == {"paging.md", "by-tag.md", "over-all-vendors.md", "upload-from-a-page.md", "defer.md", "types.md"}


def test_paging_reads_every_link_once(demo_address: str, tmp_path: Path) -> None:
    library, _ = blocks("paging", "js", demo_address)
    driver = (
        "const ids = []\n"
        f"for await (const link of allLinks({json.dumps(demo_address)}, {{ accounts: ['tinycc', 'shortenworld'] }}))"
        " ids.push(link.id)\nconsole.log(JSON.stringify(ids))\n"
    )
    found = node_json(tmp_path, library + driver)
    count = '{ stats(filter: {accounts: ["tinycc", "shortenworld"]}, allowIncomplete: true) { links } }'
    assert len(found) == len(set(found)) == ask(demo_address, count, {})["stats"]["links"]
    assert len(found) > 100


def test_paging_prints_what_the_page_shows(demo_address: str, tmp_path: Path) -> None:
    (tmp_path / "recipe.mjs").write_text("\n".join(blocks("paging", "js", demo_address)))
    lines = node(tmp_path, "recipe.mjs").splitlines()
    assert len(lines) > 20
    assert all(line.startswith("https://") for line in lines)


def test_paging_tells_of_a_gateway_that_refuses(demo_address: str, tmp_path: Path) -> None:
    library, _ = blocks("paging", "js", demo_address)
    driver = (
        f"try {{ for await (const _ of allLinks({json.dumps(demo_address)}, {{ accounts: ['nobody'] }})); }}\n"
        "catch (error) { console.log(JSON.stringify(error.message)) }\n"
    )
    assert "nobody" in node_json(tmp_path, library + driver)


def test_each_question_over_all_vendors_is_answered(demo_address: str) -> None:
    questions = blocks("over-all-vendors", "graphql", demo_address)
    assert len(questions) == len(set(questions)) > 1
    assert all(ask(demo_address, question, {}) for question in questions)


def test_links_are_found_counted_and_changed_by_tag(demo_address: str) -> None:
    by_tag, tag_all = blocks("by-tag", "graphql", demo_address)
    variables, changes = (json.loads(block) for block in blocks("by-tag", "json", demo_address))
    found = ask(demo_address, by_tag, variables)
    nodes = found["links"]["nodes"]
    assert nodes
    assert all(any(tag["name"] == "launch" for tag in link["tags"]) for link in nodes)
    assert found["stats"]["links"] >= len(nodes)
    (change,) = changes["inputs"]
    first = next(link for link in nodes if link["account"]["key"] == "tinycc")
    (payload,) = ask(demo_address, tag_all, {"inputs": [{**change, "id": first["id"]}]})["updateLinks"]
    assert payload["errors"] == []
    assert "reviewed" in [tag["name"] for tag in payload["link"]["tags"]]


# A person would choose a file and press the button.
CHOOSE = """<script type="module">
  const bytes = Uint8Array.from(atob("PICTURE"), (char) => char.charCodeAt(0))
  const chosen = new DataTransfer()
  chosen.items.add(new File([bytes], 'picture.png', { type: 'image/png' }))
  document.querySelector('input').files = chosen.files
  document.querySelector('#upload').requestSubmit()
  const shown = document.querySelector('output')
  new MutationObserver(() => {
    const results = document.createElement('pre')
    results.id = 'results'
    results.textContent = JSON.stringify(shown.textContent)
    document.body.append(results)
  }).observe(shown, { childList: true })
</script>"""
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def uploaded(served: Page, origin: str, profile: Path) -> str:
    """What the page shows after a file was chosen, at a demo that knows pages of `origin`."""
    with linkweave("demo", "--port", "0", "--sandbox-port", "0", "--allow-origin", origin) as running:
        address = running.wait_for(r"GraphiQL +(\S+)")[1]
        running.wait_for("Stop with Ctrl")
        (recipe,) = blocks("upload-from-a-page", "html", address)
        served.text = recipe + CHOOSE.replace("PICTURE", PICTURE)
        return str(browse(f"{served.origin}/", profile))


def test_a_page_of_an_allowed_origin_uploads_a_file(tmp_path: Path) -> None:
    with page_served() as served:
        shown = uploaded(served, served.origin, tmp_path)
    assert re.fullmatch(r"https://\S+\.png", shown), shown


def test_a_page_of_another_origin_shows_that_it_may_not(tmp_path: Path) -> None:
    with page_served() as served:
        assert uploaded(served, "https://app.example.com", tmp_path) == "Failed to fetch"


def test_a_deferred_part_is_shown_after_the_rest(demo_address: str, tmp_path: Path) -> None:
    (library,) = blocks("defer", "js", demo_address)
    driver = (
        "const states = []\n"
        f"watchAccount({json.dumps(demo_address)}, 'tinycc', (data, complete, error) => {{\n"
        "  states.push({ data, complete, error: error?.message })\n"
        "  if (complete) { console.log(JSON.stringify(states)); process.exit(0) }\n"
        "})\n"
    )
    first, *_, last = node_json(tmp_path, library + driver)
    assert (first["data"]["account"]["key"], first["complete"]) == ("tinycc", False)
    assert "links" not in first["data"]["account"]
    assert last["complete"]
    assert len(last["data"]["account"]["links"]["nodes"]) == 5


def test_typescript_gets_the_types_of_the_operation_with_every_scalar(demo_address: str, tmp_path: Path) -> None:
    (operation,) = blocks("types", "graphql", demo_address)
    (config,) = blocks("types", "js", demo_address)
    (tmp_path / "operations.graphql").write_text(operation)
    (tmp_path / "codegen.mjs").write_text(config)
    node(tmp_path, "node_modules/.bin/graphql-codegen", "--config", "codegen.mjs")
    code = (tmp_path / "types.ts").read_text()
    (query,) = re.findall(r"export type RecentLinksQuery = .*", code)
    assert "createdAt: string | null" in query
    assert "clicks: number | string | null" in query
    assert "unknown" not in query
    assert "any" not in re.findall(r"export type Scalars = \{.*?\n\};", code, re.DOTALL)[0]


def test_python_gets_the_types_of_the_operation_and_reads_its_answer(demo_address: str, tmp_path: Path) -> None:
    (operation,) = blocks("types", "graphql", demo_address)
    (config,) = blocks("types", "ini", demo_address)
    (program,) = blocks("types", "python", demo_address)
    (tmp_path / "operations.graphql").write_text(operation)
    (tmp_path / "pyproject.toml").write_text(config)
    (tmp_path / "program.py").write_text(program)
    python_tool(tmp_path, "ariadne-codegen")
    types = (tmp_path / "linkweave_client" / "recent_links.py").read_text()
    assert "Optional[datetime]" in types or "datetime | None" in types
    lines = python_tool(tmp_path, "python", "program.py").splitlines()
    assert len(lines) == 3
    assert all(re.fullmatch(r"(None|20\S+) https://\S+ (\d+|None)", line) for line in lines), lines


def test_the_table_of_scalars_has_every_scalar_of_the_schema() -> None:
    page = document("docs/recipes/types.md")
    named = {row[0].strip("`") for row in page.rows("# Types in TypeScript and Python")}
    assert named == set(re.findall(r"^scalar (\w+)", (ROOT / "schema.graphql").read_text(), re.MULTILINE))


def test_the_dry_run_of_a_copy_says_what_becomes_of_each_link(demo_address: str) -> None:
    dry_run, _ = (line for line in commands("over-all-vendors") if "copy" in line)
    done = CliRunner().invoke(main, dry_run.replace(DEMO, demo_address.removesuffix("/graphql")).split()[1:])
    header, *rows = done.stdout.splitlines()
    assert header.startswith("source\tstate\t")
    assert len(rows) > 1
    assert "Note: clicks do not move" in done.stderr


def test_every_command_of_a_recipe_has_options_that_there_are() -> None:
    lines = commands("over-all-vendors")
    assert {line.split()[1] for line in lines} == {"copy", "export", "import"}
    for line in lines:
        _, name, *arguments = line.partition(" >")[0].split()
        command = main.commands[name]
        command.make_parser(Context(command)).parse_args(arguments)


def commands(page: str) -> list[str]:
    """The commands of a recipe's examples of a shell."""
    shell = "".join(document(f"docs/recipes/{page}.md").blocks("console"))
    return re.findall(r"^\$ (linkweave .*)$", shell, re.MULTILINE)
