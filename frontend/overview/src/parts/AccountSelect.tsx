import { type KnownAccount, labelOf } from '../gateway'

type Settings = { label: string; name: string; accounts: readonly KnownAccount[]; value: string; none?: string; onChange: (key: string) => void }

/** Lets the reader choose an account. `none` is the word for no account; without it one must be chosen. */
export function AccountSelect({ label, name, accounts, value, none, onChange }: Settings) {
  return (
    <label>
      {label}
      <select name={name} value={value} onChange={(event) => onChange(event.target.value)} required={none === undefined}>
        {none === undefined ? null : <option value="">{none}</option>}
        {accounts.map((each) => (
          <option key={each.key} value={each.key}>
            {labelOf(each) === each.provider.name ? labelOf(each) : `${labelOf(each)} (${each.provider.name})`}
          </option>
        ))}
      </select>
    </label>
  )
}
