import tseslint from 'typescript-eslint';

/** Imports that would turn an arrow of the layout around: functions → workflow → graph, tables, queue, http → domain. */
const layer = (files, forbidden, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: forbidden, message }] }] },
});

const outside = ['**/local/**', '**/test/**', '**/bench/**'];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'out/', '.local/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js', '*.mjs'] } } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['*.mjs', '*.js'],
    rules: { 'no-restricted-exports': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
  layer(['functions/**'], outside, 'Functions never import from local, test or bench: those are not deployed.'),
  layer(
    ['shared/*.ts', 'shared/clients/**'],
    [...outside, '**/functions/**'],
    'shared never imports from a function, nor from local, test or bench: those are not deployed.',
  ),
  layer(
    ['shared/workflow/**'],
    [...outside, '**/functions/**', '**/clients', '**/clients/**'],
    'shared/workflow may import shared/{graph,tables,queue,http,domain} only.',
  ),
  layer(
    ['shared/graph/**', 'shared/tables/**', 'shared/queue/**', 'shared/http/**', 'shared/events/**'],
    [...outside, '**/functions/**', '**/workflow/**', '**/clients', '**/clients/**'],
    'An adapter imports shared/domain, never the workflow or a function above it.',
  ),
  layer(
    ['shared/telemetry/**'],
    [
      ...outside,
      '**/functions/**',
      '**/workflow/**',
      '**/graph/**',
      '**/tables/**',
      '**/queue/**',
      '**/http/**',
      '**/webhooks/**',
      '**/clients',
      '**/clients/**',
    ],
    'shared/telemetry is below all that tells it something: it imports shared/domain only.',
  ),
  layer(
    ['shared/webhooks/**'],
    [
      ...outside,
      '**/functions/**',
      '**/workflow/**',
      '**/graph/**',
      '**/tables/**',
      '**/queue/**',
      '**/http/**',
      '**/events/**',
      '**/clients',
      '**/clients/**',
      '@azure/*',
    ],
    'shared/webhooks knows nothing of invitations: it imports shared/domain and shared/settings only.',
  ),
  layer(
    ['cli/**'],
    [
      ...outside,
      '**/functions/**',
      '**/workflow/**',
      '**/graph/**',
      '**/tables/**',
      '**/queue/**',
      '**/http/**',
      '**/webhooks/**',
    ],
    'The command line speaks to the API over HTTP like anybody; it may share the pure shared/domain.',
  ),
  {
    files: ['shared/domain/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                ...outside,
                '**/functions/**',
                '**/workflow/**',
                '**/graph/**',
                '**/tables/**',
                '**/queue/**',
                '**/http/**',
                '**/settings',
                '**/clients',
                '**/clients/**',
                '@azure/*',
                '@microsoft/*',
                'node:*',
                '!node:crypto',
                '!node:url',
              ],
              message:
                'shared/domain is pure: no I/O, no Azure, nothing but itself, zod and luxon (and node:crypto for hashes, node:url for punycode).',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Pass `now` in.' },
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Pass `now` in.',
        },
        { selector: "CallExpression[callee.object.name='performance']", message: 'Pass `now` in.' },
      ],
    },
  },
  {
    files: ['functions/**', 'shared/workflow/**', 'shared/graph/**', 'shared/queue/**', 'shared/http/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.property.name=/^(updateEntity|deleteEntity|upsertEntity|submitTransaction)$/]',
          message: 'Tables are written in shared/tables only, and there with an ETag.',
        },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
