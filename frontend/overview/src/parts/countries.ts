const NAMES = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' })

/** The name of a country as the reader knows it, by its ISO code. A vendor's own word stays as it is. */
export function countryOf(code: string, word = code): string {
  return (/^[A-Z]{2}$/.test(code) && NAMES.of(code)) || word
}
