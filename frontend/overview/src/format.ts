const WHOLE = new Intl.NumberFormat()
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A number as the reader writes it. What is not known is a dash, and never zero. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : WHOLE.format(value)
}

/** A day such as 2026-11-30. */
export function day(value: string | null | undefined): string {
  return value ? DAY.format(new Date(`${value}T00:00:00Z`)) : '–'
}

/** A moment, in the reader's time zone. */
export function moment(value: string | null | undefined): string {
  return value ? MOMENT.format(new Date(value)) : '–'
}

/** The last `days` days up to today in UTC, oldest first. */
export function lastDays(days: number): string[] {
  const now = Date.now()
  return Array.from({ length: days }, (_, index) => new Date(now - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10))
}

/** A name of the schema in words: RATE_LIMITED is "rate limited", and linksThisMonth "links this month". */
export function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase().replaceAll('_', ' ')
}
