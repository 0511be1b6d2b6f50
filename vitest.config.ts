import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: { provider: 'v8', include: ['libs/**', 'sources/**', 'pipeline/**'], exclude: ['**/*.test.ts'] },
  },
})
