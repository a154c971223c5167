import { plural, words } from '../format'
import { useGateway, useNames } from '../gateway'

type Source = { status: string; account: { key: string }; error?: { message: string } | null; notice?: string | null }

/** More accounts than this are counted, and not named before the reader opens the list. */
const FEW = 3

/** What lacks in an answer, and how its numbers are to be read, account by account. Nothing if there is nothing to say. */
export function Sources({ sources }: { sources: readonly Source[] }) {
  const { accounts } = useGateway()
  const nameOf = useNames()
  const name = ({ account }: Source) => nameOf(accounts.find((each) => each.key === account.key) ?? account)
  const lacking = sources.filter((each) => each.status !== 'OK')
  const noted = sources.filter((each) => each.status === 'OK' && each.notice)
  if (lacking.length + noted.length === 0) return null
  const notes = noted.length > 0 ? `notes on ${plural(noted.length, 'account')}` : ''
  const missing = lacking.length > 0 ? `Missing here, in whole or in part: ${listOf(lacking.map(name))}` : ''
  return (
    <details className="sources">
      <summary>{missing && notes ? `${missing}; ${notes}` : missing || notes.replace('n', 'N')}</summary>
      <ul>
        {[...lacking, ...noted].map((each) => (
          <li key={each.account.key}>
            <strong>{name(each)}</strong>: {each.status === 'OK' ? '' : `${words(each.status)}. `}
            {reasonOf(each)}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** The reason in the words of the API, without the key of the account: its name stands before. */
function reasonOf({ account, error, notice }: Source): string {
  const [reason, key] = [error?.message ?? notice ?? '', `${account.key}: `]
  return reason.startsWith(key) ? reason.slice(key.length) : reason
}

function listOf(names: readonly string[]): string {
  if (names.length <= FEW) return names.join(', ')
  return `${names.slice(0, FEW - 1).join(', ')}, and ${names.length - FEW + 1} more accounts`
}
