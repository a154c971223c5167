import { pick, useGraphiQL } from '@graphiql/react'
import { useEffect, useRef } from 'react'

/** The width up to which the page is a phone's; page.css names the same. */
const NARROW = '(max-width: 700px)'

function isEmpty(json: string | null | undefined): boolean {
  return ['', '{}'].includes((json ?? '').replaceAll(/\s/g, ''))
}

/**
 * Wraps long lines, leaves out line numbers on a narrow page, and folds Variables and Headers while both are empty.
 *
 * GraphiQL has no setting for any of these. It decides about folding once, when the page opens (FOUND, 5.4.0).
 */
export function EditorHabits() {
  const { queryEditor, variableEditor, headerEditor, tabs, activeTabIndex } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'headerEditor', 'tabs', 'activeTabIndex'),
  )
  const isOpening = useRef(true)
  const tab = tabs[activeTabIndex]
  const isFolded = isEmpty(tab?.variables) && isEmpty(tab?.headers)

  useEffect(() => {
    const narrow = window.matchMedia(NARROW)
    const apply = () => {
      for (const editor of [queryEditor, variableEditor, headerEditor]) {
        editor?.updateOptions({
          wordWrap: 'on',
          wrappingIndent: 'indent',
          lineNumbers: narrow.matches ? 'off' : 'on',
          folding: !narrow.matches,
        })
      }
    }
    apply()
    narrow.addEventListener('change', apply)
    return () => narrow.removeEventListener('change', apply)
  }, [queryEditor, variableEditor, headerEditor])

  // Only when another tab opens: what the reader has opened or closed since then stays so. GraphiQL opens folded.
  useEffect(() => {
    const isFirst = isOpening.current
    isOpening.current = false
    if (isFirst && isFolded) return
    const wanted = isFolded ? 'Hide editor tools' : 'Show editor tools'
    document.querySelector<HTMLButtonElement>(`[aria-label="${wanted}"]`)?.click()
  }, [tab?.id])

  return null
}
