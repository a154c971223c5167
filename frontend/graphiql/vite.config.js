import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vite'

const source = (file) => fileURLToPath(new URL(`src/${file}`, import.meta.url))

export default defineConfig({
  // The server mounts the built assets here; linkweave.edge.graphiql names the same path.
  base: '/graphiql/',
  resolve: {
    alias: {
      'monaco-editor/esm/vs/editor/edcore.main.js': source('editor.ts'),
      'prettier/parser-babel': source('json-formatting.ts'),
      'prettier/plugins/estree': source('json-formatting.ts'),
      // The same plug-in under its old name.
      'prettier/parser-graphql': 'prettier/plugins/graphql',
    },
  },
  build: {
    outDir: '../../src/linkweave/edge/graphiql/static',
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      // "use client" and "use no memo" speak to servers and compilers that are not here.
      checks: { moduleLevelDirective: false },
      output: {
        // Apart, so that a new example does not rewrite megabytes of unchanged code.
        codeSplitting: {
          groups: [
            { name: 'monaco', test: /node_modules\/monaco-/ },
            { name: 'vendor', test: /node_modules\/(?!prettier)/ },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
})
