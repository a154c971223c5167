import { words } from '../format'
import { graphql } from '../generated'
import type { ProviderMatrixQuery } from '../generated/graphql'
import { Answer } from '../parts/Answer'
import { useAsked } from '../useAsked'

const PROVIDERS = graphql(`
  query ProviderMatrix {
    providers { id name documentationUrl capabilities creatableLinkFields updatableLinkFields statsDimensions }
  }
`)

type Provider = ProviderMatrixQuery['providers'][number]

/** What a provider has, each with a word on it. */
type Having = ReadonlyMap<string, string>

/** What the matrix compares: a heading, and what of it each provider has. */
const PARTS: [string, (provider: Provider) => Having][] = [
  ['Can do', (each) => allOf(each.capabilities)],
  ['Takes for a link', fieldsOf],
  ['Tells clicks by', (each) => allOf(each.statsDimensions)],
]

function allOf(names: readonly string[]): Having {
  return new Map(names.map((name) => [name, 'yes']))
}

/** A field may be taken for a new link alone, or for a change alone. */
function fieldsOf({ creatableLinkFields, updatableLinkFields }: Provider): Having {
  const word = (name: string) => (!updatableLinkFields.includes(name) ? 'new' : creatableLinkFields.includes(name) ? 'yes' : 'later')
  return new Map([...creatableLinkFields, ...updatableLinkFields].map((name) => [name, word(name)]))
}

/** What each vendor can do, as its adapter says. */
export function Providers() {
  const asked = useAsked(PROVIDERS, {})
  return (
    <>
      <header className="title">
        <h1>Providers</h1>
      </header>
      <p className="quiet">Of a link, a vendor may take a field only for a new link (new), or only when the link is changed (later).</p>
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
              {PARTS.map(([title, havingOf]) => (
                <Part key={title} title={title} columns={providers.map(havingOf)} />
              ))}
            </table>
          </div>
        )}
      </Answer>
    </>
  )
}

/** What most providers have comes first. */
function Part({ title, columns }: { title: string; columns: readonly Having[] }) {
  const having = (name: string) => columns.filter((each) => each.has(name)).length
  const names = [...new Set(columns.flatMap((each) => [...each.keys()]))].sort((one, other) => having(other) - having(one) || one.localeCompare(other))
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={columns.length + 1}>
          {title}
        </th>
      </tr>
      {names.map((name) => (
        <tr key={name}>
          <th scope="row">{words(name)}</th>
          {columns.map((each, index) => (
            <Mark key={index} word={each.get(name) ?? 'no'} />
          ))}
        </tr>
      ))}
    </tbody>
  )
}

const SIGNS: Record<string, string> = { yes: '✓', no: '·' }

function Mark({ word }: { word: string }) {
  const sign = SIGNS[word]
  return (
    <td className={word === 'no' ? 'quiet' : 'good'}>
      {sign ? <span aria-hidden="true">{sign}</span> : null}
      {sign ? <span className="unseen">{word}</span> : <small>{word}</small>}
    </td>
  )
}
