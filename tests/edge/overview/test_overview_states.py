"""What the overview page draws while it waits, when there is nothing, when something is missing, and for whom."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from harness.axe import AXE, Audit
from harness.chromium import Page
from harness.gateway_with_clients import READER, ROOT, open_guarded
from harness.overview_answers import answer_always, answer_with, show, wait_for_text
from harness.sockets import served
from linkweave.edge import overview

DOCUMENTS = Path(overview.__file__).parent / "documents.json"
VIEWS = ("", "links", "create", "duplicates", "copy", "activity", "providers")
WIDTHS = (390, 1440, 2560)
IS_SHOWN = "!!document.querySelector('main h1') && !document.querySelector('.loading, .awaited')"
NO_MORE = {"hasNextPage": False, "endCursor": None}

# By view: the operation whose answer is empty, that answer, and the words for it.
EMPTY: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("", "OverviewAccounts", {"accounts": []}, "You may see no account."),
    (
        "links",
        "LinkList",
        {"links": {"nodes": [], "totalCount": 0, "pageInfo": NO_MORE, "sources": []}},
        "There are no links yet.",
    ),
    (
        "duplicates",
        "Doubles",
        {"destinations": {"nodes": [], "totalCount": 0, "pageInfo": NO_MORE, "sources": []}},
        "No destination has several links.",
    ),
    ("copy", "CopyJobs", {"jobs": {"nodes": []}}, "No links were copied yet."),
    ("copy&plan=gone", "CopyPlanShown", {"node": None}, "There is no such plan"),
    ("copy&job=gone", "CopyJob", {"job": None}, "There is no such copy"),
    ("link&id=gone", "LinkDetail", {"link": None}, "There is no such link"),
    ("providers", "ProviderMatrix", {"providers": []}, "Providers"),
)

NO_FEATURES: dict[str, Any] = {
    "viewer": {"scopes": ["READ", "WRITE"]},
    "gateway": {"features": []},
    "accounts": [],
    "catalog": None,
}
RUNNING_JOB = {
    "id": "J",
    "state": "RUNNING",
    "from": {"key": "shlink", "label": "Stores"},
    "to": {"key": "bitly", "label": "Brand team"},
    "done": 20,
    "failed": 0,
    "total": 100,
    "error": None,
    "startedAt": "2026-11-30T12:00:00Z",
    "finishedAt": None,
}


POINT = "document.querySelector('.event').dispatchEvent(new PointerEvent('{event}', {{ bubbles: true }}))"

# A WebSocket whose other end is the test: it takes every connection, and `send` answers the latest subscription.
SOCKET = """{
  const sent = []
  window.subscribed = () => sent.filter(({ type }) => type === 'subscribe')
  window.send = (data) => window.socket.answer({ id: window.latest, type: 'next', payload: { data } })
  window.tell = (event) => {
    const linkChanges = { at: '2026-11-30T12:00:00Z', seenBy: 'SYNC', account: { key: 'bitly' }, fields: [], ...event }
    window.send({ linkChanges })
  }
  window.WebSocket = class {
    static OPEN = 1
    static CLOSING = 2
    readyState = 0
    constructor() {
      window.socket = this
      setTimeout(() => { this.readyState = 1; this.onopen() })
    }
    send(text) {
      const message = JSON.parse(text)
      sent.push(message)
      // The page subscribes to changes last.
      if (message.type === 'subscribe') window.latest = message.id
      if (message.type === 'connection_init') setTimeout(() => this.answer({ type: 'connection_ack' }))
    }
    answer(message) { this.onmessage({ data: JSON.stringify(message) }) }
    close(code, reason) { this.readyState = 3; this.onclose({ code, reason }) }
  }
}"""


@pytest.fixture
def root(demo_address: str) -> str:
    return demo_address.removesuffix("/graphql")


@pytest.mark.skipif(not AXE.exists(), reason="`make clients` has not been run: axe looks at no view and no state here")
def test_no_view_breaks_a_rule_of_axe_in_light_or_dark_or_is_wider_than_the_window(
    page: Page, root: str, audit: Audit
) -> None:
    page.open(root)
    for view in (*VIEWS, "link&id=WyJMaW5rIiwic2hsaW5rIiwicy5zaGxpbmstZGVtby5leGFtcGxlL2NvYXRzIl0"):
        page.wait_for("!!document.querySelector('main h1')", times=2)
        show(page, view)
        page.wait_for(f"{IS_SHOWN} && location.search === '?view={view}'", times=2)
        audit.check()
        for width in WIDTHS:
            page.do("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
            page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true })")
            page.wait_for(f"document.documentElement.scrollWidth <= {width}")
    assert audit.found == []


def test_each_view_says_that_it_has_nothing_to_show(page: Page, root: str, audit: Audit) -> None:
    for _, operation, answer, _ in EMPTY:
        answer_always(page, operation, {"data": answer})
    page.open(root)
    for view, _, _, words in EMPTY:
        page.wait_for("!!document.querySelector('main')")
        show(page, view)
        wait_for_text(page, words)
        audit.check()
    assert audit.found == []


def test_each_view_shows_the_errors_that_came_in_place_of_its_answer(page: Page, root: str, audit: Audit) -> None:
    for _, operation, _, _ in EMPTY:
        answer_always(page, operation, {"errors": [{"message": f"{operation} cannot be answered."}], "data": None})
    page.open(root)
    for view, operation, _, _ in EMPTY:
        page.wait_for("!!document.querySelector('main')")
        show(page, view)
        wait_for_text(page, f"{operation} cannot be answered.")
        page.wait_for("document.querySelector('main [role=alert] button')?.innerText === 'Try again'")
        audit.check()
    assert audit.found == []


def test_a_part_that_is_missing_is_said_beside_the_rest(page: Page, root: str, audit: Audit) -> None:
    failed = {
        "account": {"key": "bitly"},
        "status": "FAILED",
        "error": {"message": "Bitly did not answer."},
        "notice": None,
        "asOf": None,
    }
    answer = {"links": {"nodes": [], "totalCount": None, "pageInfo": NO_MORE, "sources": [failed]}}
    answer_always(page, "LinkList", {"errors": [{"message": "Some links are missing."}], "data": answer})
    page.open(f"{root}/?view=links")
    wait_for_text(page, "Some links are missing.")
    wait_for_text(page, "Missing here, in whole or in part: Brand team")
    page.click(".sources summary")
    wait_for_text(page, "Bitly did not answer.")
    audit.check()
    assert audit.found == []


def test_an_answer_that_cannot_be_drawn_leaves_the_menu(page: Page, root: str, audit: Audit) -> None:
    answer_always(page, "ProviderMatrix", {"data": {"providers": 1}})
    page.open(f"{root}/?view=providers")
    wait_for_text(page, "This view cannot be drawn.")
    audit.check()
    page.click("nav li a")
    page.wait_for("document.querySelector('h1')?.innerText === 'Overview'")
    assert audit.found == []


def test_each_view_is_drawn_while_it_waits_and_a_gateway_that_cannot_be_reached_is_said_so(
    page: Page, root: str, audit: Audit
) -> None:
    page.do(
        "Page.addScriptToEvaluateOnNewDocument",
        source="window.waiting = []; window.fetch = () => new Promise((_, reject) => window.waiting.push(reject))",
    )
    page.open(root)
    for view in VIEWS:
        page.wait_for("window.waiting.length > 0 && !!document.querySelector('main h1')")
        show(page, view)
        page.wait_for(f"location.search === '?view={view}' && !!document.querySelector('main h1')")
        audit.check()
    page.evaluate("window.waiting.forEach((reject) => reject(new TypeError('Failed to fetch')))")
    wait_for_text(page, "The gateway cannot be reached")
    audit.check()
    assert audit.found == []


def test_what_a_gateway_has_not_turned_on_is_said_with_how_to_turn_it_on(page: Page, root: str, audit: Audit) -> None:
    answer_always(page, "Gateway", {"data": NO_FEATURES})
    page.open(root)
    for view, words in (
        ("", "Top links, clicks by tag and duplicates need the catalog"),
        ("links&account=bitly", "Other orders need the catalog."),
        ("duplicates", "Duplicates need the catalog"),
        ("copy", "[catalog]"),
        ("activity", "subscriptions = false"),
    ):
        page.wait_for("!!document.querySelector('main')")
        show(page, view)
        wait_for_text(page, words)
        audit.check()
    assert audit.found == []


def test_after_a_lost_connection_the_page_asks_for_what_it_has_missed_and_shows_the_gap(
    page: Page, root: str, audit: Audit
) -> None:
    page.do("Page.addScriptToEvaluateOnNewDocument", source=SOCKET)
    page.open(f"{root}/?view=activity")
    page.wait_for("window.subscribed().length === 3")
    page.evaluate("window.tell({ id: '7', kind: 'CREATED', link: null })")
    page.wait_for("document.querySelector('.event .badge')?.innerText === 'created'")
    page.evaluate("window.socket.close(1012, 'The gateway stops.')")
    wait_for_text(page, "The connection is lost.")
    page.wait_for("window.subscribed().length === 6")
    assert page.evaluate("window.subscribed().slice(3).some(({ payload }) => payload.variables.after === '7')")
    page.evaluate("window.tell({ id: '9', kind: 'GAP', link: null })")
    wait_for_text(page, "Some changes of bitly are missing here")
    assert page.evaluate("document.querySelectorAll('.event').length") == 2
    audit.check()
    assert audit.found == []


def test_while_the_reader_points_at_an_event_others_wait(page: Page, root: str) -> None:
    page.do("Page.addScriptToEvaluateOnNewDocument", source=SOCKET)
    page.open(f"{root}/?view=activity")
    page.wait_for("window.subscribed().length === 3")
    page.evaluate("window.tell({ id: '7', kind: 'CREATED', link: null })")
    page.wait_for("document.querySelectorAll('.event').length === 1")
    page.evaluate(f"{POINT.format(event='pointerover')}; window.tell({{ id: '8', kind: 'UPDATED', link: null }})")
    wait_for_text(page, "1 event waiting")
    assert page.evaluate("document.querySelectorAll('.event').length") == 1
    page.evaluate(POINT.format(event="pointerout"))
    page.wait_for("document.querySelectorAll('.event').length === 2")


def test_a_copy_goes_on_as_the_gateway_tells_it_and_is_asked_for_where_there_are_no_subscriptions(
    page: Page, root: str, audit: Audit
) -> None:
    page.do("Page.addScriptToEvaluateOnNewDocument", source=SOCKET)
    answer_always(page, "CopyJob", {"data": {"job": RUNNING_JOB}})
    answer_always(page, "CopyJobRows", {"data": {"job": None}})
    page.open(f"{root}/?view=copy&job=J")
    page.wait_for("window.subscribed().length === 1")
    wait_for_text(page, "Copying: 20 of 100 links")
    audit.check()
    page.evaluate(f"window.send({{ job: {{ ...{json.dumps(RUNNING_JOB)}, state: 'DONE', done: 100 }} }})")
    wait_for_text(page, "100 links copied")
    features = {"features": ["CATALOG"]}
    answer_always(page, "Gateway", {"data": {**NO_FEATURES, "gateway": features}})
    job = f"{{ ...{json.dumps(RUNNING_JOB)}, done: window.copied = 1 + (window.copied ?? 20) }}"
    answer_with(page, "CopyJob", f"() => ({{ data: {{ job: {job} }} }})")
    page.open(f"{root}/?view=copy&job=J")
    wait_for_text(page, "Copying: 22 of 100 links")
    assert page.evaluate("window.subscribed().length") == 0
    assert audit.found == []


@pytest.mark.real_time
async def test_a_gateway_that_trusts_no_other_documents_asks_for_a_token_and_keeps_it_for_the_tab(
    page: Page, audit: Audit
) -> None:
    async with served(open_guarded(documents={"manifest": str(DOCUMENTS), "trusted_only": True}).app) as (address,):

        def enter(token: str) -> None:
            page.wait_for("document.querySelector('dialog')?.open")
            page.evaluate("document.querySelector('[name=token]').select()")
            page.paste(token)
            page.click("dialog [type=submit]")

        def visit() -> None:
            page.open(f"{address}/?view=providers")
            enter("another-token")
            page.wait_for("document.querySelector('dialog [role=alert]')?.innerText.includes('does not accept')")
            audit.check()
            enter(READER)
            page.wait_for("!!document.querySelector('.matrix')")
            page.open(address)
            page.wait_for("!!document.querySelector('h2') && document.querySelector('dialog')?.open === false")
            show(page, "create")
            wait_for_text(page, "You may read here, but not create links.")
            audit.check()
            page.evaluate(f"sessionStorage.setItem('linkweave-token', '{ROOT}')")
            page.open(f"{address}/?view=create")
            page.wait_for("!!document.querySelector('main [name=destination]')")

        await asyncio.to_thread(visit)
    assert audit.found == []
