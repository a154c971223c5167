import { count, plural, withoutScheme } from '../../format'
import { useGateway } from '../../gateway'
import { graphql } from '../../generated'
import { AccountName } from '../../parts/AccountName'
import { Go } from '../../parts/Go'
import { addressOf } from '../../route'
import { useAsked } from '../../useAsked'
import { useSettled } from './useSettled'

const TWINS = graphql(`
  query LinksToDestination($destination: URL!, $read: ReadFrom!) {
    links(first: 5, filter: { destination: $destination }, read: $read) {
      nodes { id shortUrl clicks account { key label } }
      totalCount
      pageInfo { hasNextPage }
    }
  }
`)

/** The links that lead to a destination already, before another one is made. */
export function Twins({ destination }: { destination: string }) {
  const settled = useSettled(destination)
  const isUrl = /^https?:\/\/[^/\s]+\.[^/\s]/.test(settled)
  return isUrl && settled === destination ? <Found key={settled} destination={settled} /> : null
}

function Found({ destination }: { destination: string }) {
  const { hasCatalog } = useGateway()
  const asked = useAsked(TWINS, { destination, read: hasCatalog ? 'CATALOG' : 'AUTO' })
  const links = asked.data?.links
  if (asked.fetching) return <p className="quiet">Looking for links to it …</p>
  if (!links) return <p className="quiet">It cannot be looked up whether there are links to it.</p>
  if (links.nodes.length === 0) return <p className="quiet">No link leads there yet.</p>
  return (
    <div className="notice" role="status">
      <p>
        <strong>
          {links.pageInfo.hasNextPage ? `${count(links.nodes.length)} or more links lead` : links.nodes.length === 1 ? '1 link leads' : `${count(links.nodes.length)} links lead`} there already:
        </strong>
      </p>
      <ul>
        {links.nodes.map((each) => (
          <li key={each.id}>
            <Go href={addressOf('link', { id: each.id })}>{withoutScheme(each.shortUrl)}</Go> (<AccountName of={each.account} />
            {each.clicks === null ? '' : `, ${plural(each.clicks, 'click')}`})
          </li>
        ))}
      </ul>
    </div>
  )
}
