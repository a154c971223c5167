import { withoutScheme } from '../../format'
import { useGateway } from '../../gateway'
import { graphql } from '../../generated'
import type { LinkDetailQuery } from '../../generated/graphql'
import { Answer } from '../../parts/Answer'
import { Go } from '../../parts/Go'
import { Empty, ReadOnly } from '../../parts/Notice'
import { Title } from '../../parts/Title'
import { addressOf, useRoute } from '../../route'
import { useAsked } from '../../useAsked'
import { DeleteLink } from './DeleteLink'
import { EditLink } from './EditLink'
import { Facts } from './Facts'
import { History } from './History'
import { Share } from './Share'
import { Statistics } from './Statistics'

const LINK = graphql(`
  query LinkDetail($id: ID!) {
    link(id: $id) {
      id
      shortUrl
      destination
      title
      note
      slug
      createdAt
      lastClickAt
      archived
      passwordProtected
      clicks
      account { key label }
      provider { name capabilities creatableLinkFields updatableLinkFields clearableLinkFields expiryParts statsDimensions }
      tags { name }
      expiry { at afterClicks countUniqueOnly redirectTo redirectToAfterClicks }
      qrCode { svg }
    }
  }
`)

export type Detail = NonNullable<LinkDetailQuery['link']>

/** One link: what it is, its clicks, and what its vendor lets the reader change. */
export function LinkDetail() {
  const id = useRoute().get('id')
  const asked = useAsked(LINK, { id })
  return (
    <>
      {asked.data?.link ? null : <Title text="Link" />}
      <Answer asked={asked} height={480}>
        {({ link }) =>
          link ? (
            <Shown key={link.id} link={link} again={asked.again} />
          ) : (
            <Empty>
              <p>There is no such link, or you may not see it.</p>
              <Go href={addressOf('links')}>All links</Go>
            </Empty>
          )
        }
      </Answer>
    </>
  )
}

function Shown({ link, again }: { link: Detail; again: () => void }) {
  const { isKnown, mayWrite } = useGateway()
  return (
    <>
      <header className="title">
        <h1>{link.title ?? withoutScheme(link.shortUrl)}</h1>
      </header>
      <div className="panel link-head">
        <Facts link={link} />
        <Share link={link} />
      </div>
      <Statistics link={link} />
      <div className="beside">
        <section aria-label="Change">
          <h2>Change</h2>
          {isKnown && !mayWrite ? <ReadOnly what="change this link" /> : null}
          {mayWrite ? (
            <>
              <EditLink link={link} again={again} />
              <DeleteLink link={link} />
            </>
          ) : null}
        </section>
        <section aria-label="History">
          <h2>History</h2>
          <History id={link.id} />
        </section>
      </div>
    </>
  )
}
