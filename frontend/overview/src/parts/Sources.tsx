import { words } from '../format'
import { useGateway, useNames } from '../gateway'

type Source = { status: string; account: { key: string }; error?: { message: string } | null; notice?: string | null }

/** More accounts than this are counted, and not named before the reader opens the list. */
const FEW = 3

/** What lacks in an answer, account by account. Nothing if all of it is there. */
export function Sources({ sources }: { sources: readonly Source[] }) {
  const { accounts } = useGateway()
  const name = useNames()
  const lacking = sources.filter((each) => each.status !== 'OK' || each.notice)
  if (lacking.length === 0) return null
  const names = lacking.map(({ account }) => name(accounts.find((each) => each.key === account.key) ?? account))
  const rest = names.length > FEW ? names.length - FEW + 1 : 0
  const named = names.slice(0, names.length - rest)
  return (
    <details className="sources">
      <summary>
        Missing here, in whole or in part: {named.join(', ')}
        {rest > 0 ? `, and ${rest} more accounts` : ''}
      </summary>
      <ul>
        {lacking.map((each, index) => (
          <li key={each.account.key}>
            <strong>{names[index]}</strong>: {words(each.status)}. {each.error?.message ?? each.notice ?? ''}
          </li>
        ))}
      </ul>
    </details>
  )
}
