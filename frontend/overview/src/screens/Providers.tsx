import { words } from '../format'
import { graphql } from '../generated'
import type { ProviderMatrixQuery } from '../generated/graphql'
import { Answer } from '../parts/Answer'
import { useAsked } from '../useAsked'

const PROVIDERS = graphql(`
  query ProviderMatrix {
    providers { id name documentationUrl capabilities statsDimensions writableLinkFields accounts { key } }
  }
`)

type Provider = ProviderMatrixQuery['providers'][number]

/** What the matrix compares: a heading, and what of it each provider has. */
const PARTS: [string, (provider: Provider) => readonly string[]][] = [
  ['Can do', (each) => each.capabilities],
  ['Holds of a link', (each) => each.writableLinkFields],
  ['Tells clicks by', (each) => each.statsDimensions],
]

/** What each vendor can do, as its adapter says. */
export function Providers() {
  const asked = useAsked(PROVIDERS, {})
  return (
    <>
      <header className="title">
        <h1>Providers</h1>
      </header>
      <Answer asked={asked} height={600}>
        {({ providers }) => (
          <div className="scroll panel flush" tabIndex={0} role="region" aria-label="What each provider can do">
            <table className="matrix">
              <thead>
                <tr>
                  <td />
                  {providers.map((each) => (
                    <th scope="col" key={each.id}>
                      <a href={each.documentationUrl ?? undefined} rel="noreferrer noopener" target="_blank">
                        {each.name}
                      </a>
                    </th>
                  ))}
                </tr>
              </thead>
              {PARTS.map(([title, namesOf]) => (
                <Part key={title} title={title} namesOf={namesOf} providers={providers} />
              ))}
            </table>
          </div>
        )}
      </Answer>
    </>
  )
}

/** What most providers have comes first. */
function Part({ title, namesOf, providers }: { title: string; namesOf: (provider: Provider) => readonly string[]; providers: readonly Provider[] }) {
  const having = (name: string) => providers.filter((each) => namesOf(each).includes(name)).length
  const names = [...new Set(providers.flatMap(namesOf))].sort((one, other) => having(other) - having(one) || one.localeCompare(other))
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={providers.length + 1}>
          {title}
        </th>
      </tr>
      {names.map((name) => (
        <tr key={name}>
          <th scope="row">{words(name)}</th>
          {providers.map((each) => (
            <Mark key={each.id} has={namesOf(each).includes(name)} />
          ))}
        </tr>
      ))}
    </tbody>
  )
}

function Mark({ has }: { has: boolean }) {
  return (
    <td className={has ? 'good' : 'quiet'}>
      <span aria-hidden="true">{has ? '✓' : '·'}</span>
      <span className="unseen">{has ? 'yes' : 'no'}</span>
    </td>
  )
}
