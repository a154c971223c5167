// GraphQL Code Generator: the types of the schema and of one operation. Arguments: the schema (a file or an address,
// which is asked by introspection) and the operations' file. Prints the TypeScript.
import { generate } from '@graphql-codegen/cli'

const [schema, documents] = process.argv.slice(2)
const [file] = await generate(
  {
    schema,
    documents,
    silent: true,
    errorsOnly: true,
    generates: {
      'types.ts': {
        plugins: ['typescript', 'typescript-operations'],
        config: { scalars: { DateTime: 'string' }, enumsAsTypes: true },
      },
    },
  },
  false,
)
console.log(file.content)
