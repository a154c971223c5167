import type { ReactNode } from 'react'

/** A word to the reader that is no error. */
export function Notice({ children }: { children: ReactNode }) {
  return <div className="notice">{children}</div>
}

/** Says what cannot be shown without the catalog, and how to turn it on. */
export function NeedsCatalog({ what }: { what: string }) {
  return (
    <Notice>
      <h2>{what} need the catalog</h2>
      <p>
        No vendor can tell this. The gateway can, from its own database of links and clicks, which is off here. Add this to the configuration, and start the
        gateway again:
      </p>
      <pre>
        <code>{'[catalog]\nurl = "sqlite:///linkweave.db"'}</code>
      </pre>
    </Notice>
  )
}

/** Says that the caller may only read. */
export function ReadOnly({ what }: { what: string }) {
  return (
    <Notice>
      <p>
        <strong>You may read here, but not {what}.</strong> Your token does not have the scope “write”. Ask the operator of this gateway for one that has it.
      </p>
    </Notice>
  )
}

/** Says that there is nothing to show, and why. */
export function Empty({ children }: { children: ReactNode }) {
  return <div className="empty">{children}</div>
}
