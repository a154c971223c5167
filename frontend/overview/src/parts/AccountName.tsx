import { type Named, useNames } from '../gateway'

/** The name of an account, by which it can be told from all others. */
export function AccountName({ of }: { of: Named }) {
  return <>{useNames()(of)}</>
}
