import { count } from '../format'
import { graphql } from '../generated'
import { Answer } from '../parts/Answer'
import { Go } from '../parts/Go'
import { Sources } from '../parts/Sources'
import { addressOf, go, useRoute } from '../route'
import { useAsked } from '../useAsked'

const DOUBLES = graphql(`
  query Doubles($filter: DestinationFilter!) {
    destinations(first: 50, filter: $filter, orderBy: { field: LINKS }) {
      nodes {
        url
        linkCount
        clicks
        accounts { key }
        links(first: 10) { nodes { id shortUrl account { key } clicks } }
      }
      totalCount
      sources { account { key } status error { message } notice }
    }
  }
`)

/** Destinations that several links lead to. */
export function Duplicates() {
  const ignoreUtm = useRoute().get('utm') === 'ignore'
  const asked = useAsked(DOUBLES, { filter: { minLinks: 2, ignoreUtm } })
  return (
    <>
      <header className="title">
        <h1>Duplicates</h1>
        <label>
          <input
            type="checkbox"
            checked={ignoreUtm}
            onChange={(event) => go(addressOf('duplicates', { utm: event.target.checked ? 'ignore' : '' }), true)}
          />{' '}
          Campaign parameters make no difference
        </label>
      </header>
      <Answer asked={asked}>
        {({ destinations }) => (
          <>
            <p className="quiet" role="status">
              {destinations.totalCount === 0
                ? 'No destination has several links.'
                : `${count(destinations.totalCount)} destinations have several links.`}
            </p>
            <Sources sources={destinations.sources} />
            <ul className="plain">
              {destinations.nodes.map((each) => (
                <li key={each.url} className="card">
                  <h2 className="long">{each.url}</h2>
                  <p>
                    {count(each.linkCount)} links at {each.accounts.map((account) => account.key).join(', ')}; clicks:{' '}
                    {count(each.clicks)}
                  </p>
                  <ul>
                    {each.links.nodes.map((link) => (
                      <li key={link.id}>
                        <Go href={addressOf('link', { id: link.id })}>{link.shortUrl}</Go> ({link.account.key}, {count(link.clicks)} clicks)
                      </li>
                    ))}
                  </ul>
                  {each.linkCount > each.links.nodes.length ? (
                    <p className="quiet">and {count(each.linkCount - each.links.nodes.length)} more</p>
                  ) : null}
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
    </>
  )
}
