// @graphql-eslint's rules for schemas, recommended and Relay's, over a file; prints what they find.
import { readFileSync } from 'node:fs'

import graphqlEslint from '@graphql-eslint/eslint-plugin'
import { ESLint } from 'eslint'
import { Kind, parse } from 'graphql'

const file = process.argv[2]
const sdl = readFileSync(file, 'utf8')

// What is fetched by its id has one; a value, which is always fetched with what it belongs to, has none.
const values = parse(sdl)
  .definitions.filter(({ kind }) => kind === Kind.OBJECT_TYPE_DEFINITION)
  .filter(({ interfaces }) => !interfaces.some(({ name }) => name.value === 'Node'))
  .map(({ name }) => name.value)

const eslint = new ESLint({
  cwd: '/',
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.graphql'],
      plugins: { '@graphql-eslint': graphqlEslint },
      languageOptions: { parser: graphqlEslint.parser, parserOptions: { graphQLConfig: { schema: sdl } } },
      rules: {
        ...graphqlEslint.configs['flat/schema-recommended'].rules,
        ...graphqlEslint.configs['flat/schema-relay'].rules,
        // Vendors' lists cannot be walked backwards, and short lists come whole.
        '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
        // Groups, destinations and the rows of a plan are values: they have no ID by which they could be fetched again.
        '@graphql-eslint/relay-edge-types': [
          'error',
          { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
        ],
        '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { types: values } }],
      },
    },
  ],
})
const [result] = await eslint.lintText(sdl, { filePath: file })
console.log(JSON.stringify(result.messages.map(({ ruleId, line, message }) => ({ ruleId, line, message }))))
