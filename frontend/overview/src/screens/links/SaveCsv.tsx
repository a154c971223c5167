import { useEffect, useRef, useState } from 'react'

import { client } from '../../client'
import { count } from '../../format'
import { linesOf } from '../../parts/Answer'
import { toCsv } from '../../parts/csv'
import { LIST, PAGE, type Row, rowsOf } from './list'
import type { Question } from './useList'

const HEADER = ['short_url', 'destination', 'account', 'title', 'note', 'tags', 'created_at', 'last_click_at', 'archived', 'clicks']

/** Saves all links of the view as a file: those that the page has not read yet, too. */
export function SaveCsv({ question, total }: { question: Question; total: number | null }) {
  const [done, setDone] = useState<number | null>(null)
  const [problem, setProblem] = useState('')
  const stopped = useRef(false)
  useEffect(
    () => () => {
      stopped.current = true
    },
    [],
  )

  async function save() {
    stopped.current = false
    setProblem('')
    const parts = [toCsv([HEADER])]
    let [after, rows]: [string | null, number] = [null, 0]
    do {
      setDone(rows)
      const { data, error } = await client.query(LIST, { ...question, first: PAGE, after }).toPromise()
      if (stopped.current) return setDone(null)
      if (!data) {
        setDone(null)
        return setProblem(`Nothing was saved. After ${count(rows)} links: ${error ? linesOf(error).join(' ') : 'no answer'}`)
      }
      parts.push(toCsv(rowsOf(data).map(cellsOf)))
      rows += data.links.nodes.length
      after = data.links.pageInfo.hasNextPage ? (data.links.pageInfo.endCursor ?? null) : null
    } while (after !== null)
    setDone(null)
    offer(parts)
  }

  return (
    <div className="buttons">
      {problem ? (
        <span role="alert" className="bad">
          {problem}
        </span>
      ) : null}
      {done === null ? (
        <button type="button" onClick={() => void save()}>
          Save as CSV
        </button>
      ) : (
        <>
          <span role="status">
            Reading {count(done)} of {count(total)} links …
          </span>
          <button type="button" onClick={() => (stopped.current = true)}>
            Cancel
          </button>
        </>
      )}
    </div>
  )
}

function cellsOf(row: Row) {
  const archived = row.archived === null ? '' : String(row.archived)
  return [row.shortUrl, row.destination, row.account.key, row.title, row.note, row.tags.map((tag) => tag.name).join(', '), row.createdAt, row.lastClickAt, archived, row.clicks]
}

function offer(parts: string[]): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(parts, { type: 'text/csv' }))
  link.download = 'links.csv'
  link.click()
  URL.revokeObjectURL(link.href)
}
