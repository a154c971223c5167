import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { CombinedError } from '@urql/core'

import { hashOf } from './client'
import { authorizedFetch } from './token'

type Answered<Data> = { data?: Data; error?: CombinedError }

/**
 * Sends a mutation with a file as a multipart request. The file is the variable `input.file`.
 *
 * The gateway wants the text of the document beside a file, and not its hash alone. It is the text of the manifest.
 */
export async function sendWithFile<Data, Input extends object>(
  document: TypedDocumentNode<Data, { input: Input }>,
  input: Input,
  file: File,
): Promise<Answered<Data>> {
  const { default: texts } = await import('./generated/persisted-documents.json')
  const query = (texts as Record<string, string>)[`sha256:${hashOf(document)}`]
  const form = new FormData()
  form.append('operations', JSON.stringify({ query, variables: { input: { ...input, file: null } } }))
  form.append('map', JSON.stringify({ 0: ['variables.input.file'] }))
  form.append('0', file)
  try {
    const response = await authorizedFetch('/graphql', { method: 'POST', body: form, headers: { 'graphql-require-preflight': 'true' } })
    const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] }
    return { data: data ?? undefined, ...(errors ? { error: new CombinedError({ graphQLErrors: errors, response }) } : {}) }
  } catch (problem) {
    return { error: new CombinedError({ networkError: problem as Error }) }
  }
}
