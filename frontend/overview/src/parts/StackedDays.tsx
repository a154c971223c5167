import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'

import { count, day, shortDay } from '../format'
import { useMatches } from './useMatches'

/** The clicks of one account: a number per day, null where a day is not known. */
export type Layer = { name: string; colour: string; clicks: readonly (number | null)[] }

const HEIGHT = 240
// In seconds: what a bar needs on each side of its day.
const HALF_DAY = 43_200
const DAYS = [1, 2, 7, 14, 28].map((days) => days * 2 * HALF_DAY)

/** Returns the sums of the layers up to each layer, which is what a stacked chart draws. */
export function stack(layers: readonly Layer[], days: number): number[][] {
  const below = new Array<number>(days).fill(0)
  return layers.map((layer) => below.map((sum, index) => (below[index] = sum + (layer.clicks[index] ?? 0))))
}

/** Numbers per day in layers, with the same numbers as a table for those who cannot see the chart. `title` says what they count. */
export function StackedDays({ title, days, layers }: { title: string; days: readonly string[]; layers: readonly Layer[] }) {
  const place = useRef<HTMLDivElement>(null)
  const isDark = useMatches('(prefers-color-scheme: dark)')
  const [pointed, setPointed] = useState<number | null>(null)

  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const chart = new uPlot(optionsOf(layers, days, element, setPointed), dataOf(layers, days), element)
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
    // The chart reads its colours from the style sheet when it is made.
  }, [days, layers, isDark])

  return (
    <figure className="chart" aria-label={title}>
      <ChartTitle title={title} days={days} layers={layers} pointed={pointed} />
      <div ref={place} className="plot quiet" aria-hidden="true" />
      <figcaption>
        {layers.length > 1 ? <Legend layers={layers} pointed={pointed} /> : null}
        <details>
          <summary>The numbers of this chart</summary>
          <DayTable title={title} days={days} layers={layers} />
        </details>
      </figcaption>
    </figure>
  )
}

/** What the chart counts, or how many of it there are on the day that the reader points at. */
function ChartTitle({ title, days, layers, pointed }: { title: string; days: readonly string[]; layers: readonly Layer[]; pointed: number | null }) {
  const numbers = layers.flatMap((layer) => (pointed === null ? [] : (layer.clicks[pointed] ?? [])))
  const sum = numbers.length > 0 ? numbers.reduce((all, each) => all + each, 0) : null
  return <p className="chart-title">{pointed === null ? title : `${day(days[pointed])}: ${count(sum)}`}</p>
}

/** Whose layers they are; with their numbers of the day that the reader points at. */
function Legend({ layers, pointed }: { layers: readonly Layer[]; pointed: number | null }) {
  return (
    <div className="legend" aria-hidden="true">
      {layers.map((layer) => (
        <span key={layer.name}>
          <svg width="10" height="10">
            <rect width="10" height="10" fill={layer.colour} />
          </svg>
          {layer.name}
          {pointed === null ? null : <b>{count(layer.clicks[pointed])}</b>}
        </span>
      ))}
    </div>
  )
}

function DayTable({ title, days, layers }: { title: string; days: readonly string[]; layers: readonly Layer[] }) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {layers.map((layer) => (
              <th scope="col" key={layer.name}>
                {layer.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((each, index) => (
            <tr key={each}>
              <th scope="row">{day(each)}</th>
              {layers.map((layer) => (
                <td key={layer.name}>{count(layer.clicks[index])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

// The highest layer is drawn first, and each lower one over it.
function dataOf(layers: readonly Layer[], days: readonly string[]): uPlot.AlignedData {
  const seconds = days.map((each) => Date.parse(`${each}T00:00:00Z`) / 1000)
  return [seconds, ...stack(layers, days.length).reverse()]
}

function optionsOf(layers: readonly Layer[], days: readonly string[], element: HTMLElement, point: (index: number | null) => void): uPlot.Options {
  const ink = getComputedStyle(element).color
  const grid = { stroke: 'rgba(128, 128, 128, 0.2)', width: 1 }
  const bars = uPlot.paths.bars?.({ size: [0.75, 40] })
  return {
    width: Math.max(element.clientWidth, 200),
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    hooks: { setCursor: [(chart) => point(chart.cursor.left !== undefined && chart.cursor.left >= 0 ? (chart.cursor.idx ?? null) : null)] },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: { x: { time: true, range: (_, first, last) => [first - HALF_DAY, last + HALF_DAY] }, y: { range: (_, __, most) => [0, Math.max(most * 1.05, 1)] } },
    axes: [
      { stroke: ink, grid: { show: false }, ticks: { show: false }, size: 28, space: 64, incrs: DAYS, values: (_, ticks) => ticks.map((each) => shortDay(new Date(each * 1000))) },
      { stroke: ink, grid, ticks: { show: false }, size: 56, values: (_, ticks) => ticks.map((each) => (Number.isInteger(each) ? count(each) : '')) },
    ],
    series: [
      {},
      ...[...layers].reverse().map((layer) => ({
        label: layer.name,
        fill: layer.colour,
        width: 0,
        points: { show: false },
        ...(bars ? { paths: bars } : {}),
      })),
    ],
    padding: [8, 12, 0, 0],
  }
}
