import { defineConfig } from 'vite'

export default defineConfig({
  // The server mounts the built assets here; linkweave.edge.overview names the same path.
  base: '/overview/',
  // The whole of graphql-js is needed by no page whose documents were parsed when it was built.
  build: {
    outDir: '../../src/linkweave/edge/overview/static',
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
  },
})
