import type { KnownAccount } from '../../gateway'
import type { CreateLinkInput } from '../../generated/graphql'

/** The fields of the form beside the destination, in its order. */
export const FIELDS = ['slug', 'domain', 'title', 'tags', 'note', 'expiry', 'password'] as const
export type Field = (typeof FIELDS)[number]

/** The fields that all of these accounts can hold. */
export function fieldsOf(accounts: readonly KnownAccount[]): readonly Field[] {
  return FIELDS.filter((field) => accounts.every((each) => each.provider.writableLinkFields.includes(field)))
}

/** The fields that some of these accounts can hold, and others cannot. */
export function unsharedOf(accounts: readonly KnownAccount[]): readonly Field[] {
  const shared = fieldsOf(accounts)
  return FIELDS.filter((field) => !shared.includes(field) && accounts.some((each) => each.provider.writableLinkFields.includes(field)))
}

/** Returns what the reader has entered, without what was left empty. */
export function inputOf(form: FormData, accounts: readonly KnownAccount[], idempotencyKey: string): CreateLinkInput {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const tags = text('tags').split(',').map((tag) => tag.trim()).filter(Boolean)
  const [at, afterClicks] = [text('expiresAt'), Number(text('afterClicks')) || null]
  const texts = ['slug', 'domain', 'title', 'note', 'password'].flatMap((name) => (text(name) ? [[name, text(name)]] : []))
  return {
    accounts: accounts.map((each) => each.key),
    destination: text('destination'),
    ifExists: form.has('again') ? 'CREATE' : 'FAIL',
    idempotencyKey,
    ...Object.fromEntries(texts),
    ...(tags.length > 0 ? { tags } : {}),
    ...(at || afterClicks ? { expiry: { ...(at ? { at } : {}), ...(afterClicks ? { afterClicks } : {}) } } : {}),
  }
}
