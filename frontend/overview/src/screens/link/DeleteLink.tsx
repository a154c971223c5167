import { useRef } from 'react'

import { withoutScheme } from '../../format'
import { graphql } from '../../generated'
import { Told } from '../../parts/Told'
import { useAct } from '../../parts/useAct'
import { addressOf, go } from '../../route'
import type { Detail } from './LinkDetail'

const DELETE = graphql(`
  mutation DeleteLink($id: ID!) {
    deleteLinks(ids: [$id]) {
      deleted
      errors { message }
    }
  }
`)

/** Deletes a link, once the reader has answered a question. */
export function DeleteLink({ link }: { link: Detail }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const { act, problems, isBusy } = useAct(DELETE, (data) => data.deleteLinks.flatMap((each) => each.errors))
  const can = (name: (typeof link.provider.capabilities)[number]) => link.provider.capabilities.includes(name)
  if (!can('DELETE_LINK')) return <p className="quiet">{link.provider.name} lets nobody delete a link.</p>

  const shown = withoutScheme(link.shortUrl)

  async function remove() {
    const answer = await act({ id: link.id })
    if (answer?.deleteLinks[0]?.deleted) go(addressOf('links', { deleted: shown }))
  }

  return (
    <>
      <p>
        <button type="button" className="danger" onClick={() => dialog.current?.showModal()}>
          Delete this link …
        </button>
      </p>
      <dialog ref={dialog} aria-labelledby="delete-title">
        <div className="form">
          <h2 id="delete-title">Delete {shown}?</h2>
          <p>
            Whoever follows it will not arrive any more. {can('RESTORE_LINK') ? `${link.provider.name} can restore it.` : `${link.provider.name} cannot restore it.`}
          </p>
          <Told problems={problems} />
          <menu>
            <button type="button" autoFocus onClick={() => dialog.current?.close()}>
              Keep it
            </button>
            <button type="button" className="danger" disabled={isBusy} onClick={() => void remove()}>
              {isBusy ? 'Deleting …' : 'Delete it'}
            </button>
          </menu>
        </div>
      </dialog>
    </>
  )
}
