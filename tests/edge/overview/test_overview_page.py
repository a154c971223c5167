"""The overview page in a browser, as the owner of links finds it at the gateway's root."""

import asyncio
import json

import pytest

from harness.browser_fixtures import assert_kept_to
from harness.chromium import Browser, Page, opened_page
from harness.gateway_with_clients import ROOT, open_guarded
from harness.sockets import served

TEXT = "document.querySelector('main')?.innerText"
WIDTHS = (390, 1440, 2560)
ROWS = "[...document.querySelectorAll('[data-index]')]"

# Pages of 5,000 made-up links, 100,000 in all, whatever was asked for.
MANY_LINKS = """({ after }) => {
  const from = Number(after ?? 0)
  const nodes = Array.from({ length: 5000 }, (_, index) => ({
    id: `L${from + index}`, shortUrl: `https://go.example/${from + index}`, destination: 'https://www.example.com/',
    title: null, note: null, createdAt: null, lastClickAt: null, clicks: 1, archived: null,
    account: { key: 'bitly', label: null }, tags: []
  }))
  const pageInfo = { hasNextPage: from + 5000 < 100000, endCursor: String(from + 5000) }
  return { data: { links: { nodes, totalCount: 100000, pageInfo, sources: [] } } }
}"""


def answer_with(page: Page, operation: str, answer: str) -> None:
    """Whatever the page opens next gets what the function `answer` makes of the variables, for this operation."""
    page.do(
        "Page.addScriptToEvaluateOnNewDocument",
        source=f"""{{
          const send = window.fetch
          window.fetch = async (address, init) => {{
            const body = typeof init?.body === 'string' ? JSON.parse(init.body) : {{}}
            if (body.operationName !== {json.dumps(operation)}) return send(address, init)
            return new Response(
              JSON.stringify(({answer})(body.variables)), {{ headers: {{ 'content-type': 'application/json' }} }}
            )
          }}
        }}""",
    )


@pytest.fixture
def root(demo_address: str) -> str:
    return demo_address.removesuffix("/graphql")


# The demo reads its links within seconds after its start; that of Chevereto and Cutt.ly can list none.
ALL_LINKS_READ = """(async () => {
  const query = '{ catalog { accounts { state lastFullSync } } }'
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch('/graphql', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query })
    })
    const { data } = await answer.json()
    if (data.catalog.accounts.every((each) => each.lastFullSync || each.state === 'NOT_LISTED')) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
})()"""


def wait_for_text(page: Page, words: str) -> None:
    page.wait_for(f"{TEXT}?.includes({json.dumps(words)})")


def test_the_first_screen_shows_the_clicks_of_all_vendors_on_one_chart(page: Page, root: str) -> None:
    page.open(root)
    page.wait_for("document.querySelectorAll('.card').length > 9")
    # The demo's catalog has the clicks within a minute.
    page.wait_for("document.querySelectorAll('.legend li').length > 2", times=6)
    page.wait_for("document.querySelectorAll('.chart canvas').length === 1")
    assert page.evaluate("document.querySelectorAll('.chart tbody tr').length") == 30
    page.wait_for("document.querySelectorAll('[aria-label=\"Top links\"] tr').length === 10")
    assert_kept_to(page, root)


def test_links_are_searched_and_the_search_is_in_the_address(page: Page, root: str) -> None:
    page.open(f"{root}/?view=links&columns=shortUrl,destination")
    page.wait_for(f"{ROWS}.length > 20")
    assert page.evaluate("document.querySelectorAll('[role=columnheader]').length") == 2
    page.evaluate("document.querySelector('[type=search]').focus()")
    page.paste("careers")
    page.wait_for(f"{ROWS}.length > 0 && {ROWS}.every((row) => /careers/i.test(row.innerText))")
    assert page.evaluate("location.search") == "?view=links&search=careers&columns=shortUrl%2Cdestination"
    assert_kept_to(page, root)


def test_a_hundred_thousand_links_are_scrolled_through_by_keyboard_and_saved_whole(page: Page, root: str) -> None:
    answer_with(page, "LinkList", MANY_LINKS)
    page.open(f"{root}/?view=links")
    page.wait_for(f"{ROWS}.length > 20")
    page.evaluate("document.querySelector('[data-index] a[tabindex=\"0\"]').focus()")
    # End goes to the last row that was read, near which more are read.
    for read in range(1, 21):
        page.wait_for(f"document.querySelector('.list').scrollHeight > {read} * 5000 * 44")
        page.press("End", 35)
        page.wait_for(f"document.activeElement.innerText === 'go.example/{read * 5000 - 1}'")
    assert page.evaluate(f"{ROWS}.length") < 100
    page.press("ArrowUp", 38)
    page.wait_for("document.activeElement.innerText === 'go.example/99998'")
    page.press("Home", 36)
    page.wait_for("document.activeElement.innerText === 'go.example/0'")
    page.evaluate("URL.createObjectURL = (blob) => { window.saved = blob; return 'data:,' }")
    page.click(".title button")
    page.wait_for("!!window.saved")
    lines = page.evaluate("window.saved.text().then((text) => text.trim().split('\\r\\n'))")
    assert len(lines) == 100_001
    assert lines[-1].startswith("https://go.example/99999,")


def test_a_link_is_shown_with_what_its_vendor_tells_and_lets_change(page: Page, root: str) -> None:
    page.open(f"{root}/?view=links&account=shlink")
    page.click("[data-index] a")
    wait_for_text(page, "All clicks")
    assert page.evaluate("document.querySelector('.qr').naturalWidth") > 0
    for words in ("since the link was created", "Countries", "Delete this link"):
        wait_for_text(page, words)
    assert_kept_to(page, root)


def test_a_link_is_created_once_and_its_double_is_named(page: Page, root: str) -> None:
    page.open(f"{root}/?view=create&account=shlink")
    for outcome in ("Created: ", "already"):
        page.wait_for("!!document.querySelector('[name=destination]')")
        page.evaluate("document.querySelector('[name=destination]').focus()")
        page.paste("https://www.example.com/overview-page")
        page.click("button[type=submit]")
        page.wait_for(f"document.querySelector('main [role=status]')?.innerText.includes({json.dumps(outcome)})")


def test_a_copy_is_planned_run_and_told_as_it_happens(page: Page, root: str, browser: Browser) -> None:
    page.open(f"{root}/?view=copy&from=rebrandly&to=kutt&search=careers")
    page.wait_for("!!document.querySelector('main form')")
    assert page.evaluate(ALL_LINKS_READ)
    page.click("main form [type=submit]")
    wait_for_text(page, "What becomes of it")
    with opened_page(browser) as live:
        live.open(f"{root}/?view=activity&account=kutt")
        wait_for_text(live, "Nothing has happened")
        live.wait_for("!!document.querySelector('.live.live') && !!document.querySelector('.healths .state.up')")
        # Kutt has neither titles nor tags: every copy lacks something, so the reader must say that this is wanted.
        wait_for_text(page, "Nothing to copy without a loss")
        page.click(".act [type=checkbox]")
        page.click(".act [type=submit]")
        live.wait_for("document.querySelector('.event .badge')?.innerText === 'created'")
        assert_kept_to(live, root)
    page.wait_for("/links? copied/.test(document.querySelector('.progress-line [role=status]')?.innerText)")
    page.wait_for("document.querySelectorAll('tbody .badge.good').length > 0")
    assert_kept_to(page, root)


@pytest.mark.parametrize("view", ["", "?view=copy", "?view=links", "?view=create", "?view=providers"])
def test_no_view_is_wider_than_the_window(page: Page, root: str, view: str) -> None:
    page.open(f"{root}/{view}")
    page.wait_for("document.querySelector('main')?.innerText.includes('Loading') === false")
    for width in WIDTHS:
        page.do("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        page.wait_for(f"document.documentElement.scrollWidth <= {width}")


@pytest.mark.real_time
async def test_a_gateway_with_clients_asks_for_a_token_and_keeps_it_for_the_tab(page: Page) -> None:
    async with served(open_guarded().app) as (address,):

        def visit() -> None:
            page.open(address)
            page.wait_for("document.querySelector('dialog')?.open")
            page.evaluate("document.querySelector('[name=token]').focus()")
            page.paste(ROOT)
            page.click("dialog [type=submit]")
            page.wait_for("document.querySelectorAll('.card').length > 0")
            page.evaluate("location.reload()")
            page.wait_for(
                "document.querySelectorAll('.card').length > 0 && document.querySelector('dialog')?.open === false"
            )

        await asyncio.to_thread(visit)
