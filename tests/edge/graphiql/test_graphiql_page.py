"""GraphiQL in a browser, as a user finds it at the endpoint's address."""

import asyncio
import json

from harness.browser_fixtures import assert_kept_to
from harness.chromium import Page
from harness.gateway_with_clients import ROOT, open_guarded
from harness.sockets import served

EDITORS = "textarea, .native-edit-context"
QUERY_EDITOR = f".graphiql-query-editor :is({EDITORS})"
HEADERS_EDITOR = f".graphiql-editor-tool .graphiql-editor:not(.hidden) :is({EDITORS})"
ANSWER = "(document.querySelector('.graphiql-response .view-lines')?.innerText.replaceAll('\\u00a0', ' ') ?? '')"
QUERY = "document.querySelector('.graphiql-query-editor .view-lines').innerText.replaceAll('\\u00a0', ' ')"
SUGGESTIONS = "(document.querySelector('.suggest-widget.visible .monaco-list-rows')?.innerText ?? '')"
DOCS = "document.querySelector('.graphiql-doc-explorer').innerText"
TABS = "[...document.querySelectorAll('.graphiql-tab')].map((tab) => tab.innerText.trim())"
EXAMPLES = ["Campaign", "DeferredStatistics", "CreateWithFailOver", "Upload", "Providers"]


def focus(page: Page, editor: str) -> None:
    page.wait_for(f"!!document.querySelector({json.dumps(editor)})")
    page.evaluate(f"document.querySelector({json.dumps(editor)}).focus()")


def run(page: Page, answer: str) -> str:
    """Execute what is in the open tab; the answer, once it holds `answer`."""
    page.click(".graphiql-execute-button")
    return str(page.wait_for(f"{ANSWER}.includes({json.dumps(answer)}) && {ANSWER}"))


def tab(name: str) -> str:
    return f"[...document.querySelectorAll('.graphiql-tab-button')].find((tab) => tab.innerText === {json.dumps(name)})"


def open_tab(page: Page, name: str) -> None:
    page.wait_for(f"!!{tab(name)}")
    page.evaluate(f"{tab(name)}.click()")


def write_query(page: Page, query: str) -> None:
    """Into a new tab."""
    focus(page, QUERY_EDITOR)
    page.click("[aria-label='New tab']")
    page.wait_for(f"document.querySelectorAll('.graphiql-tab').length === 6 && {QUERY}.trim() === ''")
    focus(page, QUERY_EDITOR)
    page.type(query)


def test_a_first_visit_opens_with_examples_and_the_first_one_runs(page: Page, demo_address: str) -> None:
    page.open(demo_address)
    page.wait_for("document.querySelectorAll('.graphiql-tab').length > 1")
    assert page.evaluate(TABS) == EXAMPLES
    assert '"shortUrl": "https://' in run(page, '"data"')
    assert_kept_to(page, demo_address)


def test_statistics_are_delivered_later_by_defer_and_the_matrix_of_providers_is_a_click_away(
    page: Page, demo_address: str
) -> None:
    page.open(demo_address)
    open_tab(page, "DeferredStatistics")
    assert '"shortUrl"' in run(page, '"uniqueClicks"')
    assert "multipart/mixed" in page.media_types
    open_tab(page, "Providers")
    assert '"capabilities"' in run(page, '"providers"')


def test_a_subscription_runs(page: Page, demo_address: str) -> None:
    page.open(demo_address)
    write_query(page, "subscription Health { accountHealth { account { key } state } }")
    page.wait_for(f"{TABS}.includes('Health')")
    assert '"key"' in run(page, '"accountHealth"')
    assert_kept_to(page, demo_address)


def test_a_tab_that_is_run_at_once_runs_its_own_operation(page: Page, demo_address: str) -> None:
    page.open(demo_address)
    page.wait_for(f"{TABS}.includes('Providers')")
    page.evaluate(f"{tab('Providers')}.click(); document.querySelector('.graphiql-execute-button').click()")
    assert '"capabilities"' in page.wait_for(f"/providers|errors/.test({ANSWER}) && {ANSWER}")


def test_a_field_name_is_completed(page: Page, demo_address: str) -> None:
    page.open(demo_address)
    write_query(page, "{ provid")
    page.press(" ", 32, control=True)
    page.wait_for(f"{SUGGESTIONS}.includes('providers')")
    page.press("Enter", 13)
    page.wait_for(f"{QUERY}.includes('providers')")
    assert_kept_to(page, demo_address)


def test_the_docs_of_link_are_shown_and_the_explorer_shows_the_fields(page: Page, demo_address: str) -> None:
    page.open(demo_address)
    page.click("[aria-label='Show Documentation Explorer']")
    link = "[...document.querySelectorAll('.graphiql-doc-explorer a')].find((each) => each.innerText === 'Link')"
    page.wait_for(f"!!{link}")
    page.evaluate(f"{link}.click()")
    assert "shortUrl: URL!" in page.wait_for(f"{DOCS}.includes('Implements') && {DOCS}")
    page.click("[aria-label='Show GraphiQL Explorer']")
    page.wait_for("!!document.querySelector('.docExplorerWrap, .graphiql-explorer-root')?.innerText.includes('links')")
    assert_kept_to(page, demo_address)


def test_tabs_and_history_are_there_at_the_next_visit(page: Page, demo_address: str) -> None:
    page.open(demo_address)
    write_query(page, "query Kept { __typename }")
    # The page takes what is typed a little later.
    page.wait_for(f"{TABS}.includes('Kept')")
    assert '"Query"' in run(page, "__typename")
    # The tabs are written down a little later than they change.
    page.wait_for("localStorage.getItem('linkweave:graphiql:tabState')?.includes('query Kept')")
    page.open(demo_address)
    page.wait_for(f"document.querySelectorAll('.graphiql-tab').length === 6 && {TABS}.includes('Kept')")
    page.click("[aria-label='Show History']")
    page.wait_for("document.querySelector('.graphiql-history')?.innerText.includes('Kept')")


def test_the_page_follows_the_browsers_colour_scheme(page: Page, demo_address: str) -> None:
    page.open(demo_address)
    page.wait_for("!!document.querySelector('.graphiql-container')")
    for scheme in ("light", "dark"):
        page.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        colour = page.evaluate("getComputedStyle(document.querySelector('.graphiql-container')).backgroundColor")
        lightness = sum(int(part) for part in colour.removeprefix("rgb(").rstrip(")").split(",")) / 3
        assert (lightness > 128) is (scheme == "light")


DIALOG = "document.querySelector('.linkweave-token')"
WITHOUT = ".linkweave-token button[type='button']"
TOOLS = "document.querySelector('.graphiql-toggle-editor-tools')?.ariaLabel"
VARIABLES = "document.querySelector('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines')?.innerText ?? ''"
PLACES = """(() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect().toJSON()
  const lines = [...document.querySelectorAll('.graphiql-query-editor .view-line > span')]
  return {
    editor: box('.graphiql-query-editor .monaco-editor'), response: box('.graphiql-response'),
    button: box('.graphiql-execute-button'), bar: box('.graphiql-sidebar'),
    text: Math.max(...lines.map((line) => line.getBoundingClientRect().right)),
    page: [document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight],
  }
})()"""


def set_size(page: Page, width: int, height: int) -> None:
    page.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 700)


def assert_fits(page: Page, size: tuple[int, int]) -> None:
    set_size(page, *size)
    page.wait_for(f"{PLACES}.text <= {PLACES}.editor.right")
    assert tuple(page.evaluate(PLACES)["page"]) == size


def test_long_lines_are_wrapped_and_on_a_phone_the_answer_is_below_the_query_and_both_can_be_read(
    page: Page, demo_address: str
) -> None:
    page.open(demo_address)
    page.wait_for("document.querySelectorAll('.graphiql-query-editor .view-line > span').length > 10")
    assert_fits(page, (1280, 800))
    assert_fits(page, (390, 844))
    open_tab(page, "Providers")
    assert '"capabilities"' in run(page, '"data"')
    places = page.evaluate(PLACES)
    assert places["editor"]["width"] > 300
    assert places["response"]["width"] > 360
    assert places["editor"]["bottom"] < places["response"]["top"]
    assert places["response"]["bottom"] <= places["bar"]["top"]
    assert places["button"]["right"] <= 390
    assert places["bar"]["bottom"] <= 844
    page.click("[aria-label='Show Documentation Explorer']")
    page.wait_for("document.querySelector('.graphiql-plugin').getBoundingClientRect().width > 360")


def test_variables_are_folded_while_they_are_empty(page: Page, demo_address: str) -> None:
    page.open(demo_address)
    page.wait_for(f"{TOOLS} === 'Show editor tools'")
    page.click(".graphiql-toggle-editor-tools")
    page.wait_for(f"{TOOLS} === 'Hide editor tools'")
    focus(page, HEADERS_EDITOR)
    page.paste('{"first": 3}')
    # The page takes what is typed a little later.
    page.wait_for(r"""localStorage.getItem('linkweave:graphiql:tabState')?.includes('\\"first\\": 3')""")
    open_tab(page, "Providers")
    page.wait_for(f"{TOOLS} === 'Show editor tools'")
    open_tab(page, "Campaign")
    page.wait_for(f"{TOOLS} === 'Hide editor tools' && ({VARIABLES}).includes('first')")


async def test_at_401_the_page_asks_for_a_token_and_keeps_it_out_of_every_storage(page: Page) -> None:
    def enter(token: str) -> None:
        page.wait_for(f"{DIALOG}?.open")
        focus(page, ".linkweave-token input")
        page.paste(token)
        page.click(".linkweave-token button[type='submit']")

    def use(address: str) -> None:
        page.open(address)
        enter("lw_wrong")
        page.wait_for(f"{DIALOG}.open && {DIALOG}.innerText.includes('does not accept the last one')")
        enter(ROOT)
        page.wait_for(f"!{DIALOG}.open")
        open_tab(page, "Providers")
        assert '"capabilities"' in run(page, '"data"')
        page.click("[aria-label='Show Documentation Explorer']")
        page.wait_for(f"{DOCS}.includes('A GraphQL schema')")
        page.wait_for("localStorage.getItem('linkweave:graphiql:tabState') !== null")
        stored = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
        assert ROOT not in stored

    async with served(open_guarded().app) as (address,):
        await asyncio.to_thread(use, f"{address}/graphql")


async def test_a_token_can_be_set_in_the_headers(page: Page) -> None:
    def use(address: str) -> None:
        page.open(address)
        page.wait_for(f"{DIALOG}?.open")
        page.click(WITHOUT)
        page.wait_for(f"!{DIALOG}.open && !!document.querySelector('.linkweave-token-button')")
        open_tab(page, "Providers")
        assert "UNAUTHENTICATED" in run(page, '"errors"')
        page.evaluate("[...document.querySelectorAll('button')].find((b) => b.innerText === 'Headers').click()")
        focus(page, HEADERS_EDITOR)
        page.paste(json.dumps({"Authorization": f"Bearer {ROOT}"}))
        assert '"capabilities"' in run(page, '"data"')
        page.click("[aria-label^='Re-fetch GraphQL schema']")
        page.click("[aria-label='Show Documentation Explorer']")
        page.wait_for(f"{DOCS}.includes('LinkConnection')")

    async with served(open_guarded().app) as (address,):
        await asyncio.to_thread(use, f"{address}/graphql")
