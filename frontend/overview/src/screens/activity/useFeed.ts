import { useCallback, useRef, useState } from 'react'

import type { ActivityEvent } from './events'

/** More events than this are not kept: the oldest go. */
const MOST = 200

export type Feed = {
  events: readonly ActivityEvent[]
  waiting: number
  isPaused: boolean
  add: (event: ActivityEvent) => void
  pause: (isOn: boolean) => void
  hold: (isOn: boolean) => void
}

/**
 * The latest events, newest first. While it is paused, new ones wait and are counted.
 *
 * It is held while the reader points at an event or is at one by keyboard, so that none moves away from under them.
 */
export function useFeed(): Feed {
  const [events, setEvents] = useState<readonly ActivityEvent[]>([])
  const [waiting, setWaiting] = useState(0)
  const [isPaused, setPaused] = useState(false)
  const kept = useRef<readonly ActivityEvent[]>([])
  const stops = useRef({ paused: false, held: false })

  const stop = useCallback((by: Partial<typeof stops.current>) => {
    Object.assign(stops.current, by)
    setPaused(stops.current.paused)
    if (stops.current.paused || stops.current.held) return
    setEvents(kept.current)
    setWaiting(0)
  }, [])
  const pause = useCallback((paused: boolean) => stop({ paused }), [stop])
  const hold = useCallback((held: boolean) => stop({ held }), [stop])
  const add = useCallback((event: ActivityEvent) => {
    kept.current = [event, ...kept.current].slice(0, MOST)
    if (stops.current.paused || stops.current.held) setWaiting((old) => old + 1)
    else setEvents(kept.current)
  }, [])
  return { events, waiting, isPaused, add, pause, hold }
}
