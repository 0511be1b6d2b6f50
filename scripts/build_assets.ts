import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { Plugin } from 'esbuild'

const ASSET = /new URL\(\s*'([^']+)',\s*import\.meta\.url,?\s*\)/g

/**
 * Data files that modules find beside themselves (`new URL('x', import.meta.url)`) move to one folder of the package,
 * since the modules themselves move. Built files lie one folder deep, beside `assets`.
 */
export function assetPlugin(root: string, folder: string): Plugin {
  return {
    name: 'assets',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const code = readFileSync(path, 'utf8')
        if (!code.includes('import.meta.url')) return undefined
        const moved = code.replace(ASSET, (_, link: string) => {
          const file = resolve(dirname(path), link)
          const name = relative(root, file)
          if (!existsSync(file) || name.startsWith('..'))
            throw new Error(`${relative(root, path)}: there is no file ${link}.`)
          mkdirSync(dirname(join(folder, name)), { recursive: true })
          copyFileSync(file, join(folder, name))
          return `new URL('../assets/${name}', import.meta.url)`
        })
        return { contents: moved, loader: 'ts' }
      })
    },
  }
}
