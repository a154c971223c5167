import type { CombinedError } from '@urql/core'
import type { ReactNode } from 'react'

/** What a question to the gateway has come to so far. */
export type Asked<Data> = { data?: Data; error?: CombinedError; fetching: boolean }

/** Draws an answer: while it is awaited, when it failed, and with whatever came of it, though a part may lack. */
export function Answer<Data>({ asked, children }: { asked: Asked<Data>; children: (data: Data) => ReactNode }) {
  if (asked.data === undefined && asked.error === undefined) return <p className="quiet" role="status">Loading …</p>
  return (
    <>
      <Problems error={asked.error} />
      {asked.data === undefined ? null : children(asked.data)}
    </>
  )
}

/** The errors of an answer, one line each. */
export function Problems({ error }: { error?: CombinedError }) {
  if (error === undefined) return null
  const lines = error.networkError
    ? [`The gateway cannot be reached: ${error.networkError.message}`]
    : error.graphQLErrors.map((each) => each.message)
  return (
    <div className="problems" role="alert">
      {[...new Set(lines)].map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}
