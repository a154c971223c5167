import { words } from '../format'

type Source = { status: string; account: { key: string }; error?: { message: string } | null; notice?: string | null }

/** What lacks in an answer, account by account. Nothing if all of it is there. */
export function Sources({ sources }: { sources: readonly Source[] }) {
  const lacking = sources.filter((each) => each.status !== 'OK' || each.notice)
  if (lacking.length === 0) return null
  return (
    <details className="sources">
      <summary>
        {lacking.length === 1 ? '1 account is' : `${lacking.length} accounts are`} not wholly in this answer
      </summary>
      <ul>
        {lacking.map((each) => (
          <li key={each.account.key}>
            <strong>{each.account.key}</strong>: {words(each.status)}. {each.error?.message ?? each.notice ?? ''}
          </li>
        ))}
      </ul>
    </details>
  )
}
