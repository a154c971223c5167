import { useCallback, useRef, useState } from 'react'

import type { ActivityEvent } from './events'

/** More events than this are not kept: the oldest go. */
const MOST = 200

export type Feed = { events: readonly ActivityEvent[]; waiting: number; isPaused: boolean; add: (event: ActivityEvent) => void; pause: () => void; goOn: () => void }

/** The latest events, newest first. While it is paused, new ones wait and are counted. */
export function useFeed(): Feed {
  const [events, setEvents] = useState<readonly ActivityEvent[]>([])
  const [waiting, setWaiting] = useState(0)
  const [isPaused, setPaused] = useState(false)
  const kept = useRef<readonly ActivityEvent[]>([])
  const paused = useRef(false)

  const show = useCallback((isOn: boolean) => {
    paused.current = !isOn
    setPaused(!isOn)
    if (isOn) setEvents(kept.current)
    setWaiting(0)
  }, [])
  const add = useCallback((event: ActivityEvent) => {
    kept.current = [event, ...kept.current].slice(0, MOST)
    if (paused.current) setWaiting((old) => old + 1)
    else setEvents(kept.current)
  }, [])
  return { events, waiting, isPaused, add, pause: () => show(false), goOn: () => show(true) }
}
