import { useCallback, useSyncExternalStore } from 'react'

/**
 * Where the reader is: the view and its settings, all of it in the address, so that a view can be shared.
 *
 * The server has one page only, so the view is a parameter and no path.
 */
export type Route = { view: string; get: (name: string) => string; all: (name: string) => string[] }

const CHANGED = 'linkweave-route'

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener)
  window.addEventListener(CHANGED, listener)
  return () => {
    window.removeEventListener('popstate', listener)
    window.removeEventListener(CHANGED, listener)
  }
}

/** Returns the address of a view with settings. Empty settings are left out. */
export function addressOf(view: string, settings: Record<string, string | string[] | undefined> = {}): string {
  const parameters = new URLSearchParams()
  if (view !== 'overview') parameters.set('view', view)
  for (const [name, value] of Object.entries(settings)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each) parameters.append(name, each)
  }
  const text = parameters.toString()
  return text === '' ? '/' : `/?${text}`
}

/** Goes to an address of this page. `replace` leaves no step in the history, as is due for each letter of a search. */
export function go(address: string, replace = false): void {
  if (replace) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  window.dispatchEvent(new Event(CHANGED))
}

/** The current route; a component that uses it is drawn again when the address changes. */
export function useRoute(): Route {
  const search = useSyncExternalStore(
    subscribe,
    useCallback(() => window.location.search, []),
  )
  const parameters = new URLSearchParams(search)
  return {
    view: parameters.get('view') ?? 'overview',
    get: (name) => parameters.get(name) ?? '',
    all: (name) => parameters.getAll(name),
  }
}
