import { count, moment, words } from '../../format'
import { graphql } from '../../generated'
import { AccountName } from '../../parts/AccountName'
import { Answer } from '../../parts/Answer'
import { Go } from '../../parts/Go'
import { Empty } from '../../parts/Notice'
import { addressOf } from '../../route'
import { useAsked } from '../../useAsked'

const JOBS = graphql(`
  query CopyJobs {
    jobs(first: 20) {
      nodes { id state from { key label } to { key label } done failed total createdAt }
    }
  }
`)

/** The copies that were made before, newest first. */
export function Jobs() {
  const asked = useAsked(JOBS, {})
  return (
    <section aria-label="Copies">
      <h2>Copies so far</h2>
      <Answer asked={asked}>
        {({ jobs }) =>
          jobs.nodes.length === 0 ? (
            <Empty>No links were copied yet.</Empty>
          ) : (
            <div className="scroll panel flush" tabIndex={0} role="region" aria-label="Copies so far">
              <table className="wide">
                <thead>
                  <tr>
                    <th scope="col">Copy</th>
                    <th scope="col">State</th>
                    <th scope="col" className="number">
                      Copied
                    </th>
                    <th scope="col" className="number">
                      Failed
                    </th>
                    <th scope="col">Created</th>
                  </tr>
                </thead>
                <tbody>
                  {jobs.nodes.map((job) => (
                    <tr key={job.id}>
                      <th scope="row">
                        <Go href={addressOf('copy', { job: job.id })}>
                          <AccountName of={job.from} /> → <AccountName of={job.to} />
                        </Go>
                      </th>
                      <td>{words(job.state)}</td>
                      <td className="number">
                        {count(job.done)} of {count(job.total)}
                      </td>
                      <td className="number">{count(job.failed)}</td>
                      <td>{moment(job.createdAt)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
    </section>
  )
}
