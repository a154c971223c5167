import { count, moment, plural } from '../../format'
import { useGateway } from '../../gateway'
import { graphql } from '../../generated'
import { AccountName } from '../../parts/AccountName'
import { Answer } from '../../parts/Answer'
import { Figure } from '../../parts/Figure'
import { Go } from '../../parts/Go'
import { Empty } from '../../parts/Notice'
import { Told } from '../../parts/Told'
import { useAct } from '../../parts/useAct'
import { addressOf } from '../../route'
import { JobRows } from './JobRows'
import { isRunning, type Job, useJob } from './useJob'

const CANCEL = graphql(`
  mutation CancelJob($job: ID!) {
    cancelJob(job: $job) {
      job { id state }
      errors { message }
    }
  }
`)

const RESUME = graphql(`
  mutation ResumeJob($job: ID!) {
    resumeJob(job: $job) {
      job { id state }
      errors { message }
    }
  }
`)

/** A copy that runs, or has ended: how far it is, and what came of each link. */
export function JobShown({ id }: { id: string }) {
  const asked = useJob(id)
  return (
    <Answer asked={asked} height={320}>
      {({ job }) =>
        job ? (
          <Shown job={job} again={asked.again} />
        ) : (
          <Empty>
            <p>There is no such copy, or you may not see it.</p>
            <Go href={addressOf('copy')}>All copies</Go>
          </Empty>
        )
      }
    </Answer>
  )
}

function Shown({ job, again }: { job: Job; again: () => void }) {
  const ended = job.done + job.failed
  return (
    <>
      <p className="lead">
        <AccountName of={job.from} /> → <AccountName of={job.to} />
      </p>
      <div className="panel act">
        <div className="progress-line">
          <strong role="status">{sentenceOf(job)}</strong>
          <span className="quiet">{job.finishedAt ? `ended ${moment(job.finishedAt)}` : job.startedAt ? `began ${moment(job.startedAt)}` : 'waits for its turn'}</span>
        </div>
        <progress max={Math.max(job.total, 1)} value={ended} aria-label={`${ended} of ${job.total} links`} />
        {job.error ? <Told problems={[job.error]} /> : null}
        <Buttons job={job} again={again} />
      </div>
      <dl className="figures">
        <Figure label="Copied" value={job.done} meaning={`of ${count(job.total)} links`} />
        <Figure label="Failed" value={job.failed} meaning="not copied, or it is not known whether they were" />
        <Figure label="To do" value={Math.max(job.total - ended, 0)} meaning={isRunning(job) ? 'wait for their turn' : ended < job.total ? 'were not tried' : 'none is left'} />
      </dl>
      <JobRows id={job.id} version={`${job.state}${ended}`} />
    </>
  )
}

function Buttons({ job, again }: { job: Job; again: () => void }) {
  const { mayWrite } = useGateway()
  const cancel = useAct(CANCEL, (data) => data.cancelJob.errors)
  const goOn = useAct(RESUME, (data) => data.resumeJob.errors)
  return (
    <>
      <Told problems={[...cancel.problems, ...goOn.problems]} />
      <div className="buttons">
        {isRunning(job) && mayWrite ? (
          <button type="button" className="danger" disabled={cancel.isBusy} onClick={() => void cancel.act({ job: job.id }).then(again)}>
            Cancel
          </button>
        ) : null}
        {!isRunning(job) && (job.state !== 'DONE' || job.failed > 0) && mayWrite ? (
          <button type="button" disabled={goOn.isBusy} onClick={() => void goOn.act({ job: job.id }).then(again)}>
            Go on
          </button>
        ) : null}
        <Go href={addressOf('links', { account: job.to.key })}>Links of <AccountName of={job.to} /></Go>
        <Go href={addressOf('copy')}>All copies</Go>
      </div>
    </>
  )
}

function sentenceOf(job: Job): string {
  if (job.state === 'DONE') return job.failed === 0 ? `${plural(job.done, 'link')} copied` : `${plural(job.done, 'link')} copied, ${count(job.failed)} not`
  if (job.state === 'CANCELLED') return `Cancelled after ${plural(job.done, 'link')}`
  if (job.state === 'FAILED') return `Failed after ${plural(job.done, 'link')}`
  return `${job.state === 'WAITING' ? 'Waiting' : 'Copying'}: ${count(job.done + job.failed)} of ${plural(job.total, 'link')}`
}
