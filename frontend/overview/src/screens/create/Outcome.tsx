import { AccountName } from '../../parts/AccountName'
import { Go } from '../../parts/Go'
import { addressOf } from '../../route'

type Shown = { id: string; shortUrl: string }
type Told = { message: string; path?: readonly string[] | null; existing?: Shown | null }
type Settings = { outcome: { created: boolean; link?: (Shown & { account: { key: string; label?: string | null } }) | null; errors: readonly Told[] } }

/** What came of a creation: the link, and what else the gateway says, such as the link that is there already. */
export function Outcome({ outcome: { created, link, errors } }: Settings) {
  return (
    <>
      {link ? (
        <p className="done">
          {created ? 'Created: ' : 'There already: '}
          <Go href={addressOf('link', { id: link.id })}>{link.shortUrl}</Go> (<AccountName of={link.account} />)
        </p>
      ) : null}
      {errors.length > 0 ? (
        <div className={link ? 'notices' : 'problems'}>
          {errors.map((each) => (
            <p key={each.message}>
              {each.message} {each.existing ? <Go href={addressOf('link', { id: each.existing.id })}>{each.existing.shortUrl}</Go> : null}
            </p>
          ))}
        </div>
      ) : null}
    </>
  )
}
