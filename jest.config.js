// One runner for every workspace but dashboard. Sources are TypeScript modules, so Jest's module realm is ESM.
export default {
  testEnvironment: 'node',
  roots: ['api', 'server', 'kubelet-lite', 'cli', 'conformance'].map((folder) => `<rootDir>/${folder}/src`),
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/conformance/src/suites/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Each worker's heap grows with the module realms it keeps; a fresh one now and then costs less than swapping.
  workerIdleMemoryLimit: '768MB',
  maxWorkers: 2,
  // A busy machine may take several times as long as a quiet one; a test that hangs is told all the same.
  testTimeout: 30_000,
};
