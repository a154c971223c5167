import { useGateway } from '../../gateway'
import { NeedsCatalog, ReadOnly } from '../../parts/Notice'
import { useRoute } from '../../route'
import { JobShown } from './JobShown'
import { Jobs } from './Jobs'
import { PlanForm } from './PlanForm'
import { PlanShown } from './PlanShown'

const STEPS = ['Choose', 'Plan', 'Copy'] as const

/** Copies links from one account to another: choose, see what would happen, then let it happen. */
export function Copy() {
  const route = useRoute()
  const { isKnown, hasCatalog, mayWrite } = useGateway()
  const [job, plan] = [route.get('job'), route.get('plan')]
  const step = job ? 2 : plan ? 1 : 0
  return (
    <>
      <header className="title">
        <h1>Copy links</h1>
        <ol className="steps" aria-label="Steps">
          {STEPS.map((name, index) => (
            <li key={name} aria-current={index === step ? 'step' : undefined}>
              {name}
            </li>
          ))}
        </ol>
      </header>
      {isKnown && !hasCatalog ? <NeedsCatalog what="Copies" /> : null}
      {hasCatalog && !mayWrite ? <ReadOnly what="copy links" /> : null}
      {hasCatalog && job ? <JobShown key={job} id={job} /> : null}
      {hasCatalog && mayWrite && !job && plan ? <PlanShown key={plan} id={plan} /> : null}
      {hasCatalog && !job && !plan ? (
        <>
          {mayWrite ? <PlanForm /> : null}
          <Jobs />
        </>
      ) : null}
    </>
  )
}
