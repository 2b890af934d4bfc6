// Tests run from the TypeScript sources; the suffix of a spec says what it costs and which project runs it.
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
      },
    ],
  },
  moduleNameMapper: {
    '^@ballast/kernel/([a-z-]+)$': '<rootDir>/libs/kernel/src/$1/index.ts',
    '^@ballast/(contracts|platform|testing)$': '<rootDir>/libs/$1/src/index.ts',
    '^@ballast/embedded/home$': '<rootDir>/services/embedded/src/host/home.ts',
    '^@ballast/([a-z-]+)$': '<rootDir>/services/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['/dist/'],
};
const project = (displayName, suffix, more = {}) => ({
  ...shared,
  displayName,
  testMatch: [`<rootDir>/{libs,services}/**/*.${suffix}.spec.ts`],
  ...more,
});

// The setup is the built one: Jest does not map module names for it.
const withDatabase = {
  globalSetup: '<rootDir>/libs/testing/dist/jest-setup.js',
  globalTeardown: '<rootDir>/libs/testing/dist/jest-teardown.js',
};

export default {
  // A bound on tests that hang, generous because machines are busy; no test asserts on time.
  testTimeout: 120_000,
  projects: [
    project('unit', 'unit'),
    project('prop', 'prop'),
    project('int', 'int', withDatabase),
    project('sim', 'sim', withDatabase),
  ],
};
