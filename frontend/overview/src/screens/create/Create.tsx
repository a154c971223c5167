import { useGateway } from '../../gateway'
import { Loading } from '../../parts/Answer'
import { Empty, ReadOnly } from '../../parts/Notice'
import { go, addressOf, useRoute } from '../../route'
import { AccountOrder } from './AccountOrder'
import { CreateForm } from './CreateForm'
import { Upload } from './Upload'

/** One form for all accounts, which asks only for what the chosen ones can hold. */
export function Create() {
  const { isKnown, mayWrite, accounts } = useGateway()
  const wanted = useRoute().all('account')
  const able = accounts.filter((each) => each.provider.capabilities.includes('CREATE_LINK'))
  const named = wanted.flatMap((key) => able.filter((each) => each.key === key))
  const chosen = named.length > 0 ? named : able.slice(0, 1)
  const choose = (keys: string[]) => go(addressOf('create', { account: keys }), true)
  return (
    <>
      <header className="title">
        <h1>Create a link</h1>
      </header>
      {isKnown ? null : <Loading height={360} />}
      {isKnown && !mayWrite ? <ReadOnly what="create links" /> : null}
      {isKnown && mayWrite && able.length === 0 ? <Empty>No account of yours can create links.</Empty> : null}
      {isKnown && mayWrite && chosen.length > 0 ? (
        <div className="beside">
          <div className="panel">
            <AccountOrder able={able} chosen={chosen} choose={choose} />
            <CreateForm accounts={chosen} />
          </div>
          <Upload accounts={accounts.filter((each) => each.provider.capabilities.includes('UPLOAD_FILE'))} shorteners={chosen} />
        </div>
      ) : null}
    </>
  )
}
