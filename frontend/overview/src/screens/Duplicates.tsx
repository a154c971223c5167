import { count, plural, withoutScheme } from '../format'
import { useGateway } from '../gateway'
import { graphql } from '../generated'
import type { DoublesQuery } from '../generated/graphql'
import { AccountName } from '../parts/AccountName'
import { Loading, Problems } from '../parts/Answer'
import { Go } from '../parts/Go'
import { Empty, NeedsCatalog } from '../parts/Notice'
import { More, usePages } from '../parts/pages'
import { Sources } from '../parts/Sources'
import { addressOf, go, useRoute } from '../route'

const DOUBLES = graphql(`
  query Doubles($filter: DestinationFilter!, $after: String) {
    destinations(first: 20, after: $after, filter: $filter, orderBy: { field: LINKS }) {
      nodes {
        url
        linkCount
        clicks
        accounts { key label }
        links(first: 10) { nodes { id shortUrl account { key label } clicks } }
      }
      totalCount
      pageInfo { hasNextPage endCursor }
      sources { account { key } status error { message } notice }
    }
  }
`)

/** Destinations that several links lead to. */
export function Duplicates() {
  const ignoreUtm = useRoute().get('utm') === 'ignore'
  const { isKnown, hasCatalog } = useGateway()
  return (
    <>
      <header className="title">
        <h1>Duplicates</h1>
        <label className="check">
          <input
            type="checkbox"
            checked={ignoreUtm}
            onChange={(event) => go(addressOf('duplicates', { utm: event.target.checked ? 'ignore' : '' }), true)}
          />{' '}
          Ignore campaign parameters (utm_…)
        </label>
      </header>
      {isKnown && !hasCatalog ? <NeedsCatalog what="Duplicates" /> : null}
      {hasCatalog ? <Found ignoreUtm={ignoreUtm} /> : null}
    </>
  )
}

function Found({ ignoreUtm }: { ignoreUtm: boolean }) {
  const pages = usePages(DOUBLES, { filter: { minLinks: 2, ignoreUtm } }, ({ destinations }) => destinations)
  const told = pages.data?.destinations
  if (pages.isFirst) return <Loading height={360} />
  return (
    <>
      <Problems error={pages.error} again={pages.more} isPartial={pages.rows.length > 0} />
      {told ? (
        <>
          {told.totalCount === 0 ? <Empty>No destination has several links.</Empty> : null}
          <div className="status-line">
            {told.totalCount === 0 ? null : (
              <p className="quiet" role="status">
                {told.totalCount === 1 ? '1 destination has' : `${count(told.totalCount)} destinations have`} several links.
              </p>
            )}
            <Sources sources={told.sources} />
          </div>
        </>
      ) : null}
      <ul className="plain">
        {pages.rows.map((each) => (
          <Double key={each.url} destination={each} />
        ))}
      </ul>
      <More pages={pages} />
    </>
  )
}

function Double({ destination: each }: { destination: DoublesQuery['destinations']['nodes'][number] }) {
  return (
    <li className="card">
      <h2 className="long">{withoutScheme(each.url)}</h2>
      <p className="quiet">
        {plural(each.linkCount, 'link')} of {each.accounts.length === 1 ? '1 account' : `${count(each.accounts.length)} accounts`}
      </p>
      <table className="wide even">
        <thead>
          <tr>
            <th scope="col">Link</th>
            <th scope="col">Account</th>
            <th scope="col" className="number">
              All clicks
            </th>
          </tr>
        </thead>
        <tbody>
          {each.links.nodes.map((link) => (
            <tr key={link.id}>
              <th scope="row" className="long">
                <Go href={addressOf('link', { id: link.id })}>{withoutScheme(link.shortUrl)}</Go>
              </th>
              <td>
                <AccountName of={link.account} />
              </td>
              <td className="number">{count(link.clicks)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {each.linkCount > each.links.nodes.length ? `Together, with ${plural(each.linkCount - each.links.nodes.length, 'link')} more` : 'Together'}
            </th>
            <td className="number">{count(each.clicks)}</td>
          </tr>
        </tfoot>
      </table>
    </li>
  )
}
