import { createLocalStorage } from '@graphiql/toolkit'

// GraphiQL's own keys: its tabs, the setting in its dialog, and the two lists of its history.
const TABS = 'graphiql:tabState'
const PERSIST_HEADERS = 'graphiql:shouldPersistHeaders'
const HISTORY = ['graphiql:queries', 'graphiql:favorites']

// Another project's GraphiQL on the same localhost port keeps its tabs under the bare keys.
const local = createLocalStorage({ namespace: 'linkweave' })

/** Whether the reader has asked, in the settings dialog, to keep request headers in this browser. */
export function persistsHeaders(): boolean {
  return local.getItem(PERSIST_HEADERS) === 'true'
}

/** Whether this browser holds no tabs yet, so that the page opens with the examples. */
export function isFirstVisit(): boolean {
  return local.getItem(TABS) === null
}

function withoutHeaders(history: string): string {
  return JSON.stringify(JSON.parse(history), (key, value) => (key === 'headers' ? undefined : value))
}

/**
 * Where tabs, history and settings are kept.
 *
 * GraphiQL's history writes request headers, and the tokens in them, whatever the setting says (FOUND, 5.4.0); here it
 * writes them only when the reader has asked for it.
 */
export const storage: typeof local = {
  getItem: local.getItem,
  removeItem: local.removeItem,
  clear: local.clear,
  get length() {
    return local.length
  },
  setItem(key, value) {
    local.setItem(key, HISTORY.includes(key) && !persistsHeaders() ? withoutHeaders(value) : value)
  },
}
