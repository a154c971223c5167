import type { CombinedError } from '@urql/core'
import type { ReactNode } from 'react'

import { currentToken, enterToken } from '../token'

/** What a question to the gateway has come to so far. */
export type Asked<Data> = { data?: Data; error?: CombinedError; fetching: boolean; again?: () => void }

type Shown<Data> = { asked: Asked<Data>; children: (data: Data) => ReactNode; height?: number; awaited?: ReactNode }

/** Draws an answer: while it is awaited, when it failed, and with whatever came of it, though a part may lack. */
export function Answer<Data>({ asked, children, height = 120, awaited }: Shown<Data>) {
  if (asked.data === undefined && asked.error === undefined) return awaited ?? <Loading height={height} />
  return (
    <>
      <Problems error={asked.error} again={asked.again} isPartial={asked.data !== undefined} />
      {asked.data === undefined ? null : children(asked.data)}
    </>
  )
}

/** The place of an answer that is awaited, about as high as the answer. */
export function Loading({ height = 120 }: { height?: number }) {
  return (
    <div className="loading" role="status" style={{ minHeight: height }}>
      Loading …
    </div>
  )
}

/** The errors of an answer, one line each, with what the reader can do about them. */
export function Problems({ error, again, isPartial = false }: { error?: CombinedError; again?: () => void; isPartial?: boolean }) {
  if (error === undefined) return null
  // A token with odd characters is answered 400.
  const isRefused = error.response?.status === 401 || (error.response?.status === 400 && currentToken() !== null)
  return (
    <div className="problems" role="alert">
      {isPartial ? <strong>A part of this answer is missing.</strong> : null}
      {linesOf(error).map((line) => (
        <p key={line}>{line}</p>
      ))}
      <div className="buttons">
        {isRefused ? (
          <button type="button" onClick={() => void enterToken()}>
            Enter a token
          </button>
        ) : again ? (
          <button type="button" onClick={again}>
            Try again
          </button>
        ) : null}
      </div>
    </div>
  )
}

/** The messages of an error, each once. */
export function linesOf(error: CombinedError): string[] {
  if (error.graphQLErrors.length > 0) return [...new Set(error.graphQLErrors.map((each) => each.message))]
  return [`The gateway cannot be reached: ${error.networkError?.message ?? error.message}`]
}
