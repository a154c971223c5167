"""Answers that the overview page gets in place of the gateway's, and what a reader does with the page."""

import json

from harness.chromium import Page

# Looks for ten seconds. Chevereto and Cutt.ly list no links.
_ALL_LINKS_READ = """(async () => {
  const query = '{ catalog { accounts { state lastFullSync } } }'
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch('/graphql', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query })
    })
    const { data } = await answer.json()
    if (data.catalog.accounts.every((each) => each.lastFullSync || each.state === 'NOT_LISTED')) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
})()"""

# Pages of 5,000 made-up links, 100,000 in all, whatever was asked for.
MANY_LINKS = """({ after }) => {
  const from = Number(after ?? 0)
  const nodes = Array.from({ length: 5000 }, (_, index) => ({
    id: `L${from + index}`, shortUrl: `https://go.example/${from + index}`, destination: 'https://www.example.com/',
    title: null, note: null, createdAt: null, lastClickAt: null, clicks: 1, archived: null,
    account: { key: 'bitly', label: null }, tags: []
  }))
  const pageInfo = { hasNextPage: from + 5000 < 100000, endCursor: String(from + 5000) }
  return { data: { links: { nodes, edges: [], totalCount: 100000, pageInfo, sources: [] } } }
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


def answer_always(page: Page, operation: str, answer: object) -> None:
    """Whatever the page opens next gets this answer for this operation."""
    answer_with(page, operation, f"() => ({json.dumps(answer)})")


def show(page: Page, view: str) -> None:
    """Go to another view without loading the page again."""
    page.evaluate(f"history.pushState(null, '', '/?view={view}'); dispatchEvent(new PopStateEvent('popstate'))")


def wait_until_links_are_read(page: Page) -> None:
    """The demo reads all links within seconds after its start, or within a minute on a busy machine."""
    assert any(page.evaluate(_ALL_LINKS_READ) for _ in range(9))


def wait_for_text(page: Page, words: str) -> None:
    page.wait_for(f"document.querySelector('main')?.innerText?.includes({json.dumps(words)})")


def fill(page: Page, field: str, text: str) -> None:
    """Replace the text of a field, as a reader does who selects all of it first."""
    page.wait_for(f"!!document.querySelector({json.dumps(field)})")
    page.evaluate(f"document.querySelector({json.dumps(field)}).select()")
    page.paste(text)
