import { useGraphiQLActions } from '@graphiql/react'
import { useEffect, useRef, useState } from 'react'

import { changeToken, onTokenNeeded } from './token'

type Answer = (token: string | null) => void

/** A dialog that asks for a token when the gateway wants one, and a button that opens it again. */
export function TokenPrompt() {
  const dialog = useRef<HTMLDialogElement>(null)
  const answer = useRef<Answer>(() => undefined)
  const [wasNeeded, setNeeded] = useState(false)
  const [wasRefused, setRefused] = useState(false)
  const { introspect } = useGraphiQLActions()

  useEffect(() => {
    onTokenNeeded(
      (refused) =>
        new Promise((resolve) => {
          answer.current = resolve
          setNeeded(true)
          setRefused(refused)
          dialog.current?.showModal()
        }),
    )
  }, [])

  function finish(token: string | null) {
    dialog.current?.close()
    answer.current(token)
  }

  return (
    <>
      {wasNeeded && (
        <button
          type="button"
          className="linkweave-token-button"
          onClick={() => void changeToken().then(() => introspect())}
        >
          Token
        </button>
      )}
      <dialog ref={dialog} className="linkweave-token" aria-labelledby="linkweave-token-title" onCancel={() => finish(null)}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            const field = event.currentTarget.elements.namedItem('token') as HTMLInputElement
            const token = field.value.trim()
            field.value = ''
            finish(token === '' ? null : token)
          }}
        >
          <h2 id="linkweave-token-title">This gateway needs a token</h2>
          {wasRefused && <p role="alert">It does not accept the last one.</p>}
          <label>
            Token
            <input type="password" name="token" autoComplete="off" spellCheck={false} placeholder="lw_…" />
          </label>
          <p>The page sends it as Authorization: Bearer … with each request. A reload forgets it.</p>
          <menu>
            <button type="button" onClick={() => finish(null)}>
              Go on without
            </button>
            <button type="submit">Use token</button>
          </menu>
        </form>
      </dialog>
    </>
  )
}
