// Suites that talk to a running cluster; conformance/src/run.ts starts it and names it in NARU_KUBECONFIG.
import base from '../jest.config.js';

export default {
  ...base,
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/src/suites'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
};
