import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    isolate: false,
    // Most tests wait, for a server, a child process or the start of Spark: more at a time than there are processors.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: { provider: 'v8', include: ['libs/**', 'sources/**', 'pipeline/**'], exclude: ['**/*.test.ts'] },
  },
})
