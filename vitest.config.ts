import { defineConfig } from 'vitest/config';

/**
 * Three projects: `unit` needs nothing, `network` needs root (namespaces, raw sockets), `kernel` needs root and a
 * kernel with IPVS, and so may run inside the embedded one.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/integration/**'] } },
      {
        test: {
          name: 'network',
          include: ['test/integration/network/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'kernel',
          include: ['test/integration/kernel/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
