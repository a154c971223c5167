"""The overview page in a browser, as the owner of links finds it at the gateway's root."""

import pytest

from harness.browser_fixtures import assert_kept_to
from harness.chromium import Page
from harness.overview_answers import MANY_LINKS, answer_with, fill, show, wait_for_text, wait_until_links_are_read

ROWS = "[...document.querySelectorAll('[data-index]')]"

CREATE_ONE = """fetch('/graphql', {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({
    query: 'mutation { createLink(input: { accounts: ["shlink"], destination: "https://a.example" }) { created } }'
  })
}).then((answer) => answer.status)"""
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture
def root(demo_address: str) -> str:
    return demo_address.removesuffix("/graphql")


def test_the_first_screen_shows_the_clicks_of_all_vendors_on_one_chart(page: Page, root: str) -> None:
    page.open(root)
    page.wait_for("document.querySelectorAll('.card').length > 9")
    # The demo's catalog has the clicks within a minute.
    page.wait_for("document.querySelectorAll('.legend > span').length > 2", times=6)
    page.wait_for("document.querySelectorAll('.chart canvas').length === 1")
    assert page.evaluate("document.querySelectorAll('.chart tbody tr').length") == 30
    page.wait_for("document.querySelectorAll('[aria-label=\"Top links\"] tbody tr').length === 10")
    assert_kept_to(page, root)


def test_links_are_searched_and_the_search_is_in_the_address(page: Page, root: str) -> None:
    page.open(f"{root}/?view=links&account=bitly&columns=shortUrl,title,destination")
    page.wait_for(f"{ROWS}.length > 20")
    assert page.evaluate("document.querySelectorAll('[role=columnheader]').length") == 3
    page.evaluate("document.querySelector('[type=search]').focus()")
    page.paste("careers")
    page.wait_for(f"{ROWS}.length > 0 && {ROWS}.every((row) => /careers/i.test(row.innerText))")
    assert page.evaluate("location.search") == (
        "?view=links&search=careers&account=bitly&columns=shortUrl%2Ctitle%2Cdestination"
    )
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


def test_a_link_is_shown_with_its_clicks_on_a_map_and_changed(page: Page, root: str) -> None:
    page.open(f"{root}/?view=links&account=shlink&tag=launch")
    page.click("[data-index] a")
    page.wait_for("document.querySelectorAll('.map path.clicked').length > 0")
    assert page.evaluate("document.querySelector('.qr').naturalWidth") > 0
    for words in ("since the link was created", "Taiwan", "Devices", "Referrers"):
        wait_for_text(page, words)
    # Shlink holds no notes.
    assert page.evaluate("['title', 'note'].map((name) => !!document.querySelector(`main [name=${name}]`))") == [
        True,
        False,
    ]
    fill(page, "main [name=title]", "Another title")
    page.click("main form [type=submit]")
    wait_for_text(page, "Changed: title.")
    page.wait_for("document.querySelector('h1').innerText === 'Another title'")
    page.click(".danger")
    page.wait_for("document.activeElement.innerText === 'Keep it'")
    page.press("Escape", 27)
    page.wait_for("document.querySelector('main dialog').open === false")
    assert_kept_to(page, root)


def test_a_link_is_created_once_and_links_to_its_destination_are_named_before(page: Page, root: str) -> None:
    page.open(f"{root}/?view=create&account=shlink")
    page.wait_for("!!document.querySelector('main form')")
    wait_until_links_are_read(page)
    fill(page, "[name=destination]", "https://www.example.com/twin/s.shlink-demo.example")
    wait_for_text(page, "1 link leads there already")
    fill(page, "[name=slug]", "coats")
    wait_for_text(page, "Taken: ")
    fill(page, "[name=slug]", "overview-page")
    wait_for_text(page, "No link of yours is at ")
    for outcome in (".done", "form .problems"):
        fill(page, "[name=destination]", "https://www.example.com/overview-page")
        page.click("main form [type=submit]")
        page.wait_for(f"!!document.querySelector('{outcome} a')")
    assert_kept_to(page, root)


def test_a_form_has_the_fields_of_a_new_link_and_a_file_is_uploaded_and_given_a_short_link(
    page: Page, root: str
) -> None:
    page.open(f"{root}/?view=create&account=bitly")
    page.wait_for("!!document.querySelector('[name=\"expiry.at\"]')")
    assert page.evaluate("document.querySelectorAll('[name^=\"expiry.\"]').length") == 1
    show(page, "create&account=cuttly")
    page.wait_for("!!document.querySelector('.drop') && !document.querySelector('[name=\"expiry.at\"]')")
    # Cutt.ly takes a title in an update alone. It has domains in the form once a link of it was seen.
    names = page.evaluate("[...document.querySelectorAll('main form [name]')].map((each) => each.name)")
    assert set(names) - {"domain"} == {"destination", "slug", "again"}
    page.evaluate(
        f"""{{
          const bytes = Uint8Array.from(atob('{PICTURE}'), (letter) => letter.charCodeAt(0))
          const dataTransfer = new DataTransfer()
          dataTransfer.items.add(new File([bytes], 'cake.png', {{ type: 'image/png' }}))
          document.querySelector('.drop').dispatchEvent(new DragEvent('drop', {{ dataTransfer, bubbles: true }}))
        }}"""
    )
    wait_for_text(page, "Uploaded: ")
    wait_for_text(page, "Created: https://cutt.ly/")


def test_a_copy_is_planned_started_and_cancelled(page: Page, root: str) -> None:
    page.open(f"{root}/?view=copy&from=shlink&to=bitly&search=careers")
    page.wait_for("!!document.querySelector('main form')")
    wait_until_links_are_read(page)
    page.click("main form [type=submit]")
    wait_for_text(page, "What becomes of it")
    page.click(".act [type=submit]")
    page.wait_for("document.querySelectorAll('[aria-label=\"Links of the copy\"] tbody tr').length > 0")
    page.click(".act .danger")
    # What the vendor has done by then stays done; that may be all of it.
    page.wait_for("/Cancelled after|copied/.test(document.querySelector('.progress-line [role=status]')?.innerText)")
    assert_kept_to(page, root)


def test_what_happens_to_a_link_is_shown_as_it_happens(page: Page, root: str) -> None:
    page.open(f"{root}/?view=activity&account=shlink")
    wait_for_text(page, "Nothing has happened")
    # The page sends all its subscriptions together.
    page.wait_for("!!document.querySelector('.live.live') && !!document.querySelector('.healths .state:not(.unknown)')")
    assert page.evaluate(CREATE_ONE) == 200
    page.wait_for("document.querySelector('.event .badge')?.innerText === 'created'")
    assert_kept_to(page, root)
