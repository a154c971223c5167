const WHOLE = new Intl.NumberFormat()
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
const SHORT_DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' })
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const SHORT_TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A number as the reader writes it. What is not known is a dash, and never zero. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : WHOLE.format(value)
}

/** A number with its noun, such as "1 link" and "2 links". */
export function plural(value: number, noun: string): string {
  return `${WHOLE.format(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** A number of seconds in the largest unit that fits, such as "2 min". */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '–'
  if (seconds < 1) return 'under 1 s'
  if (seconds < 90) return `${WHOLE.format(Math.ceil(seconds))} s`
  if (seconds < 5_400) return `${WHOLE.format(Math.ceil(seconds / 60))} min`
  return `${WHOLE.format(Math.ceil(seconds / 3_600))} h`
}

/** A size in bytes, in the unit that fits, such as "1.4 MB". */
export function bytes(value: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), 3)
  return new Intl.NumberFormat(undefined, { style: 'unit', unit: ['byte', 'kilobyte', 'megabyte', 'gigabyte'][power] ?? 'byte', maximumFractionDigits: power > 1 ? 1 : 0 }).format(value / 1000 ** power)
}

/** A day such as 2026-11-30. */
export function day(value: string | null | undefined): string {
  return value ? DAY.format(new Date(`${value}T00:00:00Z`)) : '–'
}

/** A day of a chart, such as "Nov 30". */
export function shortDay(value: Date): string {
  return SHORT_DAY.format(value)
}

/** The time of a moment, in the reader's time zone. */
export function time(value: string): string {
  return TIME.format(new Date(value))
}

/** The day of a moment, in the reader's time zone. */
export function date(value: string): string {
  return DATE.format(new Date(value))
}

/** A moment, in the reader's time zone. */
export function moment(value: string | null | undefined): string {
  return value ? MOMENT.format(new Date(value)) : '–'
}

/** A moment, without the day if that is today. */
export function recent(value: string): string {
  const isToday = new Date(value).toDateString() === new Date().toDateString()
  return isToday ? SHORT_TIME.format(new Date(value)) : moment(value)
}

/** A value of a field that has changed. The API gives a list as JSON. */
export function valueOf(text: string | null | undefined): string | null {
  if (!text?.startsWith('["')) return text ?? null
  try {
    return (JSON.parse(text) as string[]).join(', ')
  } catch {
    // It is a title that begins so.
    return text
  }
}

/** A name of the schema in words: RATE_LIMITED is "rate limited", and apiCallsToday "API calls today". */
export function words(name: string): string {
  const lower = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase().replaceAll('_', ' ')
  return lower.replace(/\b(ai|api|id|os|sms|utm)\b/g, (each) => each.toUpperCase())
}

/** A URL as people write it: without `https://`. */
export function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '')
}
