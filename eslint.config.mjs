// What the compiler does not see. Pure code must not reach for the clock, chance, the environment or timers.
import tseslint from 'typescript-eslint';

const IMPURE = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'The time comes from the message (ctx.now).',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The time comes from the message (ctx.now).',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Chance comes from a seed.',
  },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Settings come through config.ts.',
  },
  {
    selector: 'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate)$/]',
    message: 'A timer is a task with a due time.',
  },
  { selector: "CallExpression[callee.name='randomUUID']", message: 'Ids follow from their cause (uuid5).' },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'coverage/**', 'libs/contracts/schemas/**', '.ballast/**'] },
  ...tseslint.configs.strict,
  {
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // An event type and the type of its data share one name on purpose: `PlanProposed`.
      '@typescript-eslint/no-redeclare': 'off',
      'no-redeclare': 'off',
      'max-lines': ['error', { max: 450, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 16],
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['libs/kernel/src/**/*.ts', 'services/*/src/domain/**/*.ts', 'services/*/src/application/**/*.ts'],
    ignores: ['services/paper-broker/**', '**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...IMPURE] },
  },
  {
    files: ['**/*.spec.ts', '**/*.conformance.ts', '**/*.fixture.ts', 'libs/testing/**', 'services/*/test/**'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      complexity: 'off',
      'no-console': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
    },
  },
  // A migration is one statement after another; cutting it up would hide the schema.
  { files: ['**/migrations/*.ts', '**/platform-migration.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['**/*.mjs'], rules: { 'no-console': 'off' } },
);
