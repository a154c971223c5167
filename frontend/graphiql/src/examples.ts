import type { GraphiQLProps } from 'graphiql'

const queries = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true })
const variables = import.meta.glob<string>('./examples/*.json', { query: '?raw', import: 'default', eager: true })

/** The tabs of a first visit, in the order of the file names; a tab is titled by its operation's name. */
export const examples: NonNullable<GraphiQLProps['defaultTabs']> = Object.entries(queries).map(([path, query]) => ({
  query,
  variables: variables[path.replace(/\.graphql$/, '.json')] ?? null,
}))
