import { readFileSync } from 'node:fs'

import { defineConfig } from 'vite'

// `npm run dev` shows the sources at /overview/ as you change them, with the answers of this gateway.
const gateway = process.env.GATEWAY ?? 'http://127.0.0.1:8000'

/** The hash of each document of the page, by the name of its operation. */
function hashes() {
  const documents = JSON.parse(readFileSync(new URL('src/generated/persisted-documents.json', import.meta.url), 'utf8'))
  return Object.fromEntries(Object.entries(documents).map(([hash, text]) => [/(?:query|mutation|subscription) (\w+)/.exec(text)[1], hash.replace('sha256:', '')]))
}

/** Lets the browser load the page while it runs what comes first. */
const preloadPage = {
  name: 'preload-page',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) =>
      Object.values(bundle ?? {})
        .filter((chunk) => chunk.name === 'main')
        .flatMap((chunk) => [chunk.fileName, ...chunk.imports.filter((file) => !bundle[file].isEntry)])
        .map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/overview/${file}` }, injectTo: 'head' })),
  },
}

export default defineConfig({
  // The server mounts the built assets here; linkweave.edge.overview names the same path.
  base: '/overview/',
  define: { HASHES: JSON.stringify(hashes()) },
  plugins: [preloadPage],
  server: { proxy: { '/graphql': { target: gateway, ws: true, changeOrigin: true, headers: { origin: gateway } } } },
  build: {
    outDir: '../../src/linkweave/edge/overview/static',
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    // "use client" speaks to servers that are not here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
})
