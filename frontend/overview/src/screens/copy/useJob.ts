import { useEffect, useState } from 'react'

import { useGateway } from '../../gateway'
import { graphql } from '../../generated'
import type { CopyJobQuery } from '../../generated/graphql'
import { useEvents } from '../../live'
import type { Asked } from '../../parts/Answer'
import { useAsked, useRepeated } from '../../useAsked'

const JOB = graphql(`
  query CopyJob($id: ID!) {
    job(id: $id) {
      ...CopyJobShown
    }
  }
`)

const PROGRESS = graphql(`
  subscription CopyJobProgress($id: ID!) {
    job(id: $id) {
      ...CopyJobShown
    }
  }
`)

graphql(`
  fragment CopyJobShown on Job {
    id
    state
    from { key label }
    to { key label }
    done
    failed
    total
    error
    startedAt
    finishedAt
  }
`)

export type Job = NonNullable<CopyJobQuery['job']>

/** Whether a job has not ended. */
export function isRunning(job: Job): boolean {
  return job.state === 'RUNNING' || job.state === 'WAITING'
}

/** A job as it goes on: from the subscription, and by asking again where there is none. `again` asks at once. */
export function useJob(id: string): Asked<CopyJobQuery> & { again: () => void } {
  const { hasSubscriptions } = useGateway()
  const asked = useAsked(JOB, { id })
  const [told, setTold] = useState<Job | null>(null)
  const job = told ?? asked.data?.job
  const goesOn = job ? isRunning(job) : false
  const connection = useEvents(PROGRESS, { id }, (event) => setTold(event.job), { pause: !hasSubscriptions || !goesOn })
  useRepeated(asked.again, goesOn && !(hasSubscriptions && connection.state === 'LIVE'), 1)
  useEffect(() => setTold(null), [asked.data])
  return told ? { ...asked, data: { job: told } } : asked
}
