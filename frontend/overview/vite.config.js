import { defineConfig } from 'vite'

// `npm run dev` shows the sources at /overview/ as you change them, with the answers of this gateway.
const gateway = process.env.GATEWAY ?? 'http://127.0.0.1:8000'

export default defineConfig({
  // The server mounts the built assets here; linkweave.edge.overview names the same path.
  base: '/overview/',
  server: { proxy: { '/graphql': { target: gateway, ws: true, changeOrigin: true, headers: { origin: gateway } } } },
  build: {
    outDir: '../../src/linkweave/edge/overview/static',
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
  },
})
