import type { Plugin } from 'esbuild'

/** The client that libs/http makes its connections with, and the methods that requests are made by. */
const PARTS = `
Object.assign(require('undici/lib/dispatcher/dispatcher').prototype, require('undici/lib/api'))
exports.EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent')
`

/**
 * Takes of undici what is used. Its index requires everything, from WebSockets to mocks, and CommonJS cannot be shaken:
 * half a megabyte that every Spark task would carry along.
 */
export function undiciParts(root: string): Plugin {
  return {
    name: 'undici parts',
    setup(build) {
      build.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'undici-parts' }))
      build.onLoad({ filter: /.*/, namespace: 'undici-parts' }, () => ({ contents: PARTS, resolveDir: root }))
    },
  }
}
