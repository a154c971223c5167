import { lazy, Suspense } from 'react'

import { Loading } from '../../parts/Answer'
import { Breakdown, type Bucket, type Groups, numberOf } from './Breakdown'

const NAMES = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' })
const WorldMap = lazy(() => import('./WorldMap'))

/** The name of a country as the reader knows it. A vendor's own word stays as it is. */
function nameOf({ key, label }: Bucket): string {
  return (/^[A-Z]{2}$/.test(key) && NAMES.of(key)) || label
}

/** The countries of the clicks, on a map and as a list. */
export function Countries({ breakdown, isOffered }: { breakdown: Groups | null | undefined; isOffered: boolean }) {
  const counts = new Map(breakdown?.buckets.map((each) => [each.key, numberOf(each)]))
  if (!breakdown || breakdown.buckets.length === 0) return <Breakdown title="Countries" breakdown={breakdown} isOffered={isOffered} />
  return (
    <div className="countries">
      <Suspense fallback={<Loading height={320} />}>
        <WorldMap counts={counts} />
      </Suspense>
      <Breakdown title="Countries" breakdown={breakdown} isOffered={isOffered} nameOf={nameOf} />
    </div>
  )
}
