import { useEffect, useRef, useState } from 'react'

import { onTokenNeeded } from './token'

/** Asks for a token when the gateway wants one. */
export function TokenDialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  const answer = useRef<(token: string | null) => void>(() => undefined)
  const [wasRefused, setRefused] = useState(false)

  useEffect(() => {
    onTokenNeeded(
      (refused) =>
        new Promise((resolve) => {
          answer.current = resolve
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
    <dialog ref={dialog} aria-labelledby="token-title" onCancel={() => finish(null)}>
      <form className="form" action={(form) => finish(String(form.get('token') ?? '').trim() || null)}>
        <h2 id="token-title">This gateway needs a token</h2>
        {wasRefused ? <p role="alert">It does not accept the last one.</p> : null}
        <label>
          Token
          <input type="password" name="token" autoComplete="off" spellCheck={false} placeholder="lw_…" />
        </label>
        <p className="quiet">This tab keeps it until you close the tab. No other page gets it.</p>
        <menu>
          <button type="button" onClick={() => finish(null)}>
            Go on without
          </button>
          <button type="submit">Use token</button>
        </menu>
      </form>
    </dialog>
  )
}
