import type { KnownAccount } from '../../gateway'
import type { CreateLinkInput, ExpiryPart } from '../../generated/graphql'
import { expiryOf } from '../../parts/ExpiryFields'

/** The fields of the form beside the destination, in its order. */
export const FIELDS = ['slug', 'domain', 'title', 'tags', 'note', 'expiry', 'password'] as const
export type Field = (typeof FIELDS)[number]

/** The fields that all of these accounts can hold. */
export function fieldsOf(accounts: readonly KnownAccount[]): readonly Field[] {
  return FIELDS.filter((field) => accounts.every((each) => each.provider.creatableLinkFields.includes(field)))
}

/** The parts of an expiry that all of these accounts can hold. */
export function expiryPartsOf(accounts: readonly KnownAccount[]): readonly ExpiryPart[] {
  const [first] = accounts
  return first?.provider.expiryParts.filter((part) => accounts.every((each) => each.provider.expiryParts.includes(part))) ?? []
}

/** The fields that some of these accounts can hold, and others cannot. */
export function unsharedOf(accounts: readonly KnownAccount[]): readonly Field[] {
  const shared = fieldsOf(accounts)
  return FIELDS.filter((field) => !shared.includes(field) && accounts.some((each) => each.provider.creatableLinkFields.includes(field)))
}

/** Returns what the reader has entered, without what was left empty. */
export function inputOf(form: FormData, accounts: readonly KnownAccount[], idempotencyKey: string): CreateLinkInput {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const tags = text('tags').split(',').map((tag) => tag.trim()).filter(Boolean)
  const expiry = expiryOf(form)
  const texts = ['slug', 'domain', 'title', 'note', 'password'].flatMap((name) => (text(name) ? [[name, text(name)]] : []))
  return {
    accounts: accounts.map((each) => each.key),
    destination: text('destination'),
    ifExists: form.has('again') ? 'CREATE' : 'FAIL',
    idempotencyKey,
    ...Object.fromEntries(texts),
    ...(tags.length > 0 ? { tags } : {}),
    ...(expiry ? { expiry } : {}),
  }
}
