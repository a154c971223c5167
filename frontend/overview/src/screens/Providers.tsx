import { words } from '../format'
import { graphql } from '../generated'
import { Answer } from '../parts/Answer'
import { useAsked } from '../useAsked'

const PROVIDERS = graphql(`
  query ProviderMatrix {
    providers { id name documentationUrl capabilities statsDimensions accounts { key } }
  }
`)

/** What each vendor can do, as its adapter says. */
export function Providers() {
  const asked = useAsked(PROVIDERS, {})
  return (
    <>
      <header className="title">
        <h1>Providers</h1>
      </header>
      <Answer asked={asked}>
        {({ providers }) => {
          const all = [...new Set(providers.flatMap((each) => each.capabilities))].sort()
          return (
            <div className="scroll panel flush" tabIndex={0} role="region" aria-label="What each provider can do">
              <table className="matrix">
                <thead>
                  <tr>
                    <th scope="col">Capability</th>
                    {providers.map((each) => (
                      <th scope="col" key={each.id}>
                        {each.name}
                        <small>{each.accounts.map((account) => account.key).join(', ')}</small>
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {all.map((capability) => (
                    <tr key={capability}>
                      <th scope="row">{words(capability)}</th>
                      {providers.map((each) => (
                        <td key={each.id}>{each.capabilities.includes(capability) ? <span className="good">yes</span> : <span className="quiet">no</span>}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }}
      </Answer>
    </>
  )
}
