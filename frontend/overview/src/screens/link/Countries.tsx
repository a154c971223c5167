import { lazy, Suspense } from 'react'

import { Loading } from '../../parts/Answer'
import { countryOf } from '../../parts/countries'
import { Breakdown, type Groups, numberOf } from './Breakdown'

const WorldMap = lazy(() => import('./WorldMap'))

/** The countries of the clicks, on a map and as a list. */
export function Countries({ breakdown, isOffered }: { breakdown: Groups | null | undefined; isOffered: boolean }) {
  const counts = new Map(breakdown?.buckets.map((each) => [each.key, numberOf(each)]))
  if (!breakdown || breakdown.buckets.length === 0) return <Breakdown title="Countries" breakdown={breakdown} isOffered={isOffered} />
  return (
    <div className="countries">
      <Suspense fallback={<Loading height={320} />}>
        <WorldMap counts={counts} />
      </Suspense>
      <Breakdown title="Countries" breakdown={breakdown} isOffered={isOffered} nameOf={({ key, label }) => countryOf(key, label)} />
    </div>
  )
}
