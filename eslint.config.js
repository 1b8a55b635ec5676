import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** `from` may not be imported by files under `target`; the invariants of ARCHITECTURE.md. */
const zone = (target, from, message, except = []) => ({ target, from, message, ...(except.length && { except }) });

const server = './server/src';
const zones = [
  zone('./api', ['./server', './kubelet-lite', './cli', './conformance'], 'api imports nothing of ours'),
  zone('./kubelet-lite', ['./server', './cli', './conformance'], 'the agent reaches the server only through the API'),
  zone(
    './server',
    ['./kubelet-lite', './cli', './conformance'],
    'the server reaches the agent only through its HTTP API',
  ),
  zone(`${server}/kinds`, [`${server}/!(kinds)/**/*`, `${server}/*.ts`], 'kinds are data and pure functions'),
  zone(`${server}/store`, [`${server}/!(store)/**/*`, `${server}/*.ts`], 'the store knows neither kinds nor HTTP'),
  zone(
    `${server}/controllers`,
    ['store', 'watch', 'verbs', 'http', 'authn', 'authz', 'admission', 'validation'].map(
      (stage) => `${server}/${stage}`,
    ),
    'controllers use only the client',
  ),
  zone('./conformance', ['./server', './kubelet-lite', './cli'], 'conformance sees what users see'),
];

const limits = { 'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }] };
const noDocker = { group: ['dockerode'], message: 'only runtime/docker knows Docker' };
const noClientNode = {
  group: ['@kubernetes/client-node'],
  allowTypeImports: true,
  message: 'types and tests only: it costs 92 MB',
};
const restricted = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });

export default tseslint.config(
  { ignores: ['**/node_modules', '**/dist', '**/generated', '**/.angular', 'conformance/recorded', '**/coverage'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js'] } } },
    rules: {
      ...limits,
      ...restricted(noDocker, noClientNode),
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { maxDepth: 3 }],
    },
  },
  { files: ['kubelet-lite/src/runtime/docker/**'], rules: restricted(noClientNode) },
  { files: ['conformance/**', 'scripts/**', '**/*.test.ts'], rules: restricted() },
  { files: ['**/*.test.ts', '**/*.contract.ts'], rules: { 'max-lines': 'off' } },
);
