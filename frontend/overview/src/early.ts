/**
 * What the first screen asks for, sent before the code of the page is there.
 *
 * The page asks the same by itself later, and then takes these answers.
 */

const answers = new Map<string, Promise<Response>>()

/** Sends a document of this page by its hash. */
export function askEarly(operationName: string, sha256Hash: string, variables: object, token: string | null): void {
  const answer = fetch('/graphql', {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ operationName, variables, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
  })
  // Whoever takes the answer is told of the failure.
  answer.catch(() => undefined)
  answers.set(keyOf(operationName, variables), answer)
}

/** Returns the answer to a request that was sent early, once. */
export function takeEarly(body: BodyInit | null | undefined): Promise<Response> | undefined {
  if (answers.size === 0 || typeof body !== 'string') return undefined
  const { operationName, variables } = JSON.parse(body) as { operationName?: string; variables?: object }
  const key = keyOf(operationName ?? '', variables ?? {})
  const answer = answers.get(key)
  answers.delete(key)
  return answer
}

function keyOf(operationName: string, variables: object): string {
  return `${operationName} ${JSON.stringify(variables)}`
}
