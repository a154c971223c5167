import { type KnownAccount, labelOf } from '../../gateway'

type Settings = { able: readonly KnownAccount[]; chosen: readonly KnownAccount[]; choose: (keys: string[]) => void }

/** The accounts that are to have the link, in order of preference. The next one is tried where one is down or full. */
export function AccountOrder({ able, chosen, choose }: Settings) {
  const keys = chosen.map((each) => each.key)
  const rest = able.filter((each) => !keys.includes(each.key))
  const others = (key: string) => keys.filter((each) => each !== key)

  function raise(index: number) {
    const [above, moved] = [keys[index - 1], keys[index]]
    if (above !== undefined && moved !== undefined) choose(keys.map((each) => (each === above ? moved : each === moved ? above : each)))
  }

  return (
    <fieldset className="order">
      <legend>{keys.length === 1 ? 'Account' : 'Accounts, in order of preference'}</legend>
      <ol>
        {(keys.length > 1 ? chosen : []).map((each, index) => (
          <li key={each.key}>
            <span>
              {labelOf(each)} <span className="quiet">({each.provider.name})</span>
            </span>
            {index > 0 ? (
              <button type="button" aria-label={`Prefer ${labelOf(each)} to the one above`} onClick={() => raise(index)}>
                ↑
              </button>
            ) : null}
            {keys.length > 1 ? (
              <button type="button" aria-label={`Leave out ${labelOf(each)}`} onClick={() => choose(others(each.key))}>
                ×
              </button>
            ) : null}
          </li>
        ))}
      </ol>
      <div className="pair">
        {keys.length === 1 ? (
          <select aria-label="Account" value={keys[0]} onChange={(event) => choose([event.target.value])}>
            {able.map((each) => (
              <option key={each.key} value={each.key}>
                {labelOf(each)} ({each.provider.name})
              </option>
            ))}
          </select>
        ) : null}
        <select aria-label="If that one is down or full" value="" onChange={(event) => choose([...keys, event.target.value])}>
          <option value="">If that one is down or full, use …</option>
          {rest.map((each) => (
            <option key={each.key} value={each.key}>
              {labelOf(each)} ({each.provider.name})
            </option>
          ))}
        </select>
      </div>
    </fieldset>
  )
}
