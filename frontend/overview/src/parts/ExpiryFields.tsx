import type { ExpiryInput, ExpiryPart } from '../generated/graphql'

type Expiry = { at?: string | null; afterClicks?: number | null; countUniqueOnly?: boolean | null; redirectTo?: string | null; redirectToAfterClicks?: string | null }

type Field = { part: ExpiryPart; name: keyof ExpiryInput; label: string; type: 'date' | 'number' | 'url' }
const FIELDS: readonly Field[] = [
  { part: 'AT', name: 'at', label: 'Expires after the day', type: 'date' },
  { part: 'REDIRECT_TO', name: 'redirectTo', label: 'Leads to, after that day', type: 'url' },
  { part: 'AFTER_CLICKS', name: 'afterClicks', label: 'Expires after clicks', type: 'number' },
  { part: 'REDIRECT_TO_AFTER_CLICKS', name: 'redirectToAfterClicks', label: 'Leads to, after these clicks', type: 'url' },
]

/** The fields of an expiry that a vendor can hold. `expiry` is what they begin with. */
export function ExpiryFields({ parts, expiry }: { parts: readonly ExpiryPart[]; expiry?: Expiry | null }) {
  return (
    <>
      {FIELDS.filter(({ part }) => parts.includes(part)).map(({ name, label, type }) => (
        <label key={name}>
          {label}
          <input name={`expiry.${name}`} type={type} defaultValue={String(expiry?.[name] ?? '')} autoComplete="off" {...(type === 'number' ? { min: 1 } : {})} />
        </label>
      ))}
      {parts.includes('COUNT_UNIQUE_ONLY') ? (
        <label className="check">
          <input type="checkbox" name="expiry.countUniqueOnly" defaultChecked={expiry?.countUniqueOnly ?? false} /> Count unique clicks only
        </label>
      ) : null}
    </>
  )
}

/** Returns the expiry that the reader has entered; null if there is none. */
export function expiryOf(form: FormData): ExpiryInput | null {
  const text = (name: keyof ExpiryInput) => String(form.get(`expiry.${name}`) ?? '').trim()
  const entered = FIELDS.flatMap(({ name, type }) => (text(name) ? [[name, type === 'number' ? Number(text(name)) : text(name)] as const] : []))
  if (entered.length === 0) return null
  return { ...Object.fromEntries(entered), ...(form.has('expiry.countUniqueOnly') ? { countUniqueOnly: true } : {}) }
}
