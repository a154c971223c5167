"""The package page: its long description, links and classifiers, from the metadata that a build makes."""

import subprocess
import sys
from email.message import EmailMessage
from email.parser import Parser
from email.policy import default
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from trove_classifiers import classifiers, deprecated_classifiers

from harness.documentation import ROOT, document

BUILD = (
    "import sys\nfrom hatchling.build import prepare_metadata_for_build_wheel as prepare\nprint(prepare(sys.argv[1]))"
)


@pytest.fixture(scope="module")
def metadata(tmp_path_factory: pytest.TempPathFactory) -> EmailMessage:
    """The METADATA of a wheel, as package indexes read it."""
    folder = tmp_path_factory.mktemp("metadata")
    command = [sys.executable, "-c", BUILD, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    text = (folder / done.stdout.splitlines()[-1] / "METADATA").read_text("utf-8")
    message = Parser(policy=default).parsestr(text)
    assert isinstance(message, EmailMessage)
    return message


def tokens(metadata: EmailMessage) -> list[Token]:
    parsed = MarkdownIt().parse(str(metadata.get_payload()))
    return [child for token in parsed for child in token.children or ()]


def test_every_link_and_image_of_the_long_description_is_absolute(metadata: EmailMessage) -> None:
    links = [str(token.attrs["href"]) for token in tokens(metadata) if token.type == "link_open"]
    images = [str(token.attrs["src"]) for token in tokens(metadata) if token.type == "image"]
    assert len(links) > 20
    assert [link for link in links if not link.startswith(("https://", "http://127.0.0.1:"))] == []
    assert len(images) == 2
    assert all(each.startswith("https://") for each in images)
    assert [each.rpartition("/")[2] for each in images] == ["overview.png", "graphiql.png"]


def test_the_absolute_links_lead_to_files_of_the_repository(metadata: EmailMessage) -> None:
    urls = dict(value.split(", ") for value in metadata.get_all("Project-URL") or [])
    pages = [str(token.attrs["href"]) for token in tokens(metadata) if token.type == "link_open"]
    own = [page.removeprefix(f"{urls['Repository']}/blob/main/") for page in pages if urls["Repository"] in page]
    assert own
    assert [path for path in own if not Path(ROOT, path.split("#")[0]).exists()] == []
    assert urls.keys() == {"Homepage", "Repository", "Documentation", "Changelog"}
    assert all(url.startswith("https://") for url in urls.values())


def test_the_long_description_is_the_readme_but_for_its_links(metadata: EmailMessage) -> None:
    readme = document("README.md").text
    described = str(metadata.get_payload())
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert described.splitlines()[0] == readme.splitlines()[0]
    assert len(described.splitlines()) == len(readme.splitlines())


def test_the_metadata_says_who_what_and_for_whom(metadata: EmailMessage) -> None:
    named = metadata.get_all("Classifier") or []
    assert set(named) <= classifiers
    assert not set(named) & set(deprecated_classifiers)
    assert metadata["Author"] == "Linkweave contributors"
    assert metadata["License-Expression"] == "MIT"
    assert {"graphql", "url-shortener", "gateway"} <= set(str(metadata["Keywords"]).split(","))
