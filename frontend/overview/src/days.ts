/** How many days the reader may choose. */
export const RANGES: readonly string[] = ['7', '30', '90']

/** The number of days that the reader has chosen. */
export function daysOf(chosen: string | null): number {
  return chosen !== null && RANGES.includes(chosen) ? Number(chosen) : 30
}

/** The last `days` days up to today in UTC, oldest first. */
export function lastDays(days: number): string[] {
  const now = Date.now()
  return Array.from({ length: days }, (_, index) => new Date(now - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10))
}

/** These days as the API takes them. */
export function rangeOf(days: readonly string[]): { from: string | null; to: string | null } {
  return { from: days[0] ?? null, to: days.at(-1) ?? null }
}
