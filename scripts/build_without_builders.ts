import type { Plugin } from 'esbuild'

const SAID = 'The folder bundles of this package is missing. Install it again.'

/**
 * The package carries the folders for Spark ready-made: the module that makes them stays out of it, and with it the
 * packages that only building needs.
 */
export const withoutBuilders: Plugin = {
  name: 'without-builders',
  setup(build) {
    build.onLoad({ filter: /\/pipeline\/bundle\/bundle_folder\.ts$/ }, () => ({
      contents: `export function bundleFolder() { throw new Error('${SAID}') }`,
      loader: 'ts',
    }))
  },
}
