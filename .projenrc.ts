import { awscdk, javascript } from 'projen';
import { Compatibility, ImportDirection, LazyIndex, Rosetta, TemplateDiff, TestSuites } from './projenrc';

const NODE_VERSION = '22'; // of workflows

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-backup-dr',
  description: 'Multi-account, multi-region backup and disaster recovery for the AWS CDK, checked at synthesis',
  keywords: ['aws', 'cdk', 'awscdk', 'backup', 'disaster-recovery', 'dr', 'aws-backup', 'rpo', 'rto', 'vault-lock'],
  repositoryUrl: 'https://github.com/cdk-backup-dr/cdk-backup-dr.git',
  author: 'cdk-backup-dr maintainers',
  authorAddress: 'maintainers@users.noreply.github.com',
  authorOrganization: true,
  license: 'Apache-2.0',
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  projenVersion: '~0.103.25',
  sampleCode: false,
  tsconfigDevFile: 'tsconfig.dev.json',

  // The floor of the peer dependencies: docs/adr/0005-dependency-floor.md says why it is where it is.
  cdkVersion: '2.240.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.16.0',
  workflowNodeVersion: NODE_VERSION,

  devDeps: [
    '@aws-sdk/client-application-auto-scaling@3.1141.0',
    '@aws-sdk/client-backup@3.1092.0',
    '@aws-sdk/client-cloudformation@3.1169.0',
    '@aws-sdk/client-cloudwatch@3.1164.0',
    '@aws-sdk/client-cloudwatch-logs@3.1169.0',
    '@aws-sdk/client-dynamodb@3.1169.0',
    '@aws-sdk/client-ec2@3.1169.0', // a handler of the CDK wants it in the local AWS
    '@aws-sdk/client-ecr@3.1169.0',
    '@aws-sdk/client-ecs@3.1164.0',
    '@aws-sdk/client-elastic-load-balancing-v2@3.1142.0',
    '@aws-sdk/client-eventbridge@3.1169.0',
    '@aws-sdk/client-iam@3.1169.0',
    '@aws-sdk/client-organizations@3.1169.0',
    '@aws-sdk/client-s3@3.1169.0',
    '@aws-sdk/client-scheduler@3.1169.0',
    '@aws-sdk/client-secrets-manager@3.1164.0',
    '@aws-sdk/client-service-quotas@3.1138.0',
    '@aws-sdk/client-servicediscovery@3.1138.0',
    '@aws-sdk/client-sqs@3.1169.0',
    '@aws-sdk/client-ssm@3.1169.0',
    '@aws-sdk/client-sts@3.1169.0',
    '@jsii/spec@^1.134.0',
    '@types/aws-lambda@^8.10.161',
    'ajv@^8', // reads what is captured by the published JSON schemas
    'aws-ssm-document-language-service@1.0.0', // AWS's schema of automation documents
    'cdk-nag@2.38.2',
    'cloudstructs@0.13.17', // the benchmark compares load times with it
    'fast-check@^4.10.2',
    'fflate@0.8.3', // zips assets for the local AWS
  ],

  // Bundled, so that an app installs nothing more: the arguments of the command line.
  bundledDeps: ['commander@14.0.3'],

  compat: true, // jsii-diff against the last release; a deliberate break is a line of .compatignore
  bundlerOptions: { esbuildVersion: '0.28.2' },
  lambdaAutoDiscover: false, // the generated classes would load aws-lambda with the package
  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    jestConfig: {
      // What has only types is never loaded, and would count as not covered.
      collectCoverageFrom: ['src/**/*.ts', ...['*-props', '*-ref', '*-options', '*.contract'].map((name) => `!src/**/${name}.ts`)],
      coverageThreshold: { lines: 95, statements: 95, functions: 95, branches: 90 },
      maxWorkers: '100%', // a processor that stays idle would be for whoever watches
      globalSetup: '<rootDir>/test/global-setup.cjs',
      globalTeardown: '<rootDir>/test/global-teardown.cjs',
      setupFiles: ['<rootDir>/test/refuse-deprecated-use.ts'],
      // They want the app synthesized, the package compiled, or a browser: each is a suite of its own.
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/reference-app/', '<rootDir>/test/package/', '<rootDir>/test/deploy/', '<rootDir>/test/browser/'],
    },
  },
  eslintOptions: {
    dirs: ['.'],
    ignorePatterns: ['*.js', '*.d.ts', 'node_modules/', 'cdk.out/', 'coverage'],
  },
  npmignoreEnabled: false,
  gitignore: ['!/src/logs/', '!/test/logs/', '.npmignore', '.DS_Store', '.venv/', '/.benchmark/', '/benchmark/results.json', '/benchmark/drill-results.json', '/benchmark/capture-results.json', '/drill.json', '/.demo.lock', '.jsii.tabl.json', '/tmp/', 'cdk.out/', '/examples/reference-app/.library/', '/examples/python/.venv/', '__pycache__/'],

  buildWorkflowOptions: { mutableBuild: false }, // `npm ci`, and a build that changes a committed file fails
  githubOptions: { mergify: false },
  depsUpgradeOptions: { cooldown: 3 },
  publishToPypi: { distName: 'cdk-backup-dr', module: 'cdk_backup_dr' },
  publishToMaven: { javaPackage: 'io.github.cdkbackupdr', mavenGroupId: 'io.github.cdkbackupdr', mavenArtifactId: 'cdk-backup-dr' },
  publishToGo: { moduleName: 'github.com/cdk-backup-dr/cdk-backup-dr-go', packageName: 'cdkbackupdr' },
  publishToNuget: { dotNetNamespace: 'CdkBackupDr', packageId: 'CdkBackupDr' },
});

// Projen asks for any version of these; pacmak's decides which jsii runtime the bindings need, and not every registry has the newer ones.
project.eslint!.allowDevDeps('benchmark/**');
project.addDevDeps('jsii-diff@1.134.0', 'jsii-pacmak@1.140.0', 'eslint@^9.39.5');
project.tsconfigDev.addExclude('**/node_modules');
project.tsconfigDev.addExclude('**/cdk.out');
project.tsconfigDev.addExclude('examples'); // a consumer, with a configuration and dependencies of its own
project.tsconfigDev.addExclude('test/browser'); // so has it
project.tsconfigDev.addInclude('.projenrc.ts');
project.tryFindObjectFile('.eslintrc.json')!.addOverride('parserOptions', {
  projectService: undefined,
  project: ['./tsconfig.dev.json', './examples/tsconfig.json', './examples/reference-app/tsconfig.json', './test/browser/tsconfig.json'],
});
// The browser and what drives it are dependencies of that folder, which are installed when its tests run.
project.eslint!.addOverride({ files: ['test/browser/**/*.ts'], rules: { 'import/no-unresolved': 'off' } });
// The small examples import the package by its name, which is the compiled one of this repository.
project.tryFindObjectFile('.eslintrc.json')!.addOverride('settings.import/resolver.typescript', {
  project: ['./tsconfig.json', './examples/tsconfig.json'],
  noWarnOnMultipleProjects: true,
});

// It takes whatever assembly of our name it finds last, and the reference app has one installed: here is but ours.
project.tasks.tryFind('docgen')!.reset([
  'rm -rf dist/docgen',
  'mkdir -p dist/docgen',
  'cp .jsii package.json dist/docgen',
  'ln -s ../../node_modules dist/docgen/node_modules',
  'cd dist/docgen',
  'jsii-docgen -o ../../API.md',
  'rm -rf ../docgen',
].join(' && '));

// Packaging for .NET needs its SDK: without one, only the code is generated.
const dotnet = project.tasks.tryFind('package:dotnet')!;
dotnet.reset();
dotnet.exec('jsii-pacmak -v --target dotnet', { condition: 'command -v dotnet > /dev/null' });
dotnet.exec('jsii-pacmak -v --target dotnet --code-only', { condition: '! command -v dotnet > /dev/null' });

project.package.addField('overrides', {
  '@aws-cdk/asset-node-proxy-agent-v6': '2.1.2', // the Go module of 2.1.3 is not published
  'cloudstructs': { 'aws-cdk-lib': '$aws-cdk-lib' }, // it asks for a newer one, and loads with ours, which is all that the benchmark does
  'unrs-resolver': '1.12.2', // 1.13.0 lists bindings that are not published, and then `npm ci` refuses the lockfile
});

// What the package is: a list of what is in it can't forget what is not. The compiled files are in it as one, and not beside it: an app
// with both would have two of each class. The handlers are in it as they are bundled, and so are the runbooks and the schemas of what is
// captured, for whoever has an alarm or a document and no GitHub.
project.package.addField('files', [
  '.jsii', 'API.md', 'SECURITY.md', 'assets', 'bin/cdk-backup-dr', 'docs/runbooks/*.md', 'docs/schemas/*.json', 'lib/index.js', 'lib/bundled/index.js', 'lib/**/*.d.ts', '!lib/**/*.lambda.*', '!lib/**/*.lambda-shared.*',
]);

project.addBins({ 'cdk-backup-dr': 'bin/cdk-backup-dr' });

// The handlers, bundled into assets/; the SDK is the runtime's own.
project.eslint!.allowDevDeps('src/ecs-config/ecs-apis.lambda-shared.ts');
for (const entrypoint of ['src/settings/region-settings.lambda.ts', 'src/settings/organization-settings.lambda.ts', 'src/ecs-config/ecs-capture.lambda.ts', 'src/ecs-restore/ecs-restore.lambda.ts']) {
  project.eslint?.allowDevDeps(entrypoint);
  project.bundler.addBundle(entrypoint, {
    platform: 'node',
    target: 'node24',
    externals: ['@aws-sdk/*'],
    tsconfigPath: project.tsconfigDev.fileName,
    // A runbook is more code than the others: without indentation, and in shorter syntax, it stays under 100 KB. Its names stay.
    esbuildArgs: entrypoint.startsWith('src/ecs-restore/') ? { '--minify-whitespace': true, '--minify-syntax': true } : undefined,
  });
}

// Lowest rank first; ARCHITECTURE.md says what each folder is. Those without sources yet keep their place.
new ImportDirection(project, [
  ['private'],
  ['handlers'],
  ['schedules', 'notification'],
  ['objectives'],
  ['roles', 'alarms', 'settings'],
  ['vault', 'buckets', 'targets'],
  ['logs', 'snapshots', 'plan'],
  ['capture'],
  ['configuration'],
  ['ecs-config', 'dynamodb-config', 'events', 'costs'],
  ['execution'],
  ['recovery'],
  ['ecs-restore'],
  ['monitoring'],
  ['central'],
  ['dashboard'],
  ['bundles', 'report'],
  ['pages'],
]);
// It is the default, and the workflow need not name it.
project.github!.tryFindWorkflow('release')!.file!.addDeletionOverride('jobs.release_npm.steps.9.env.NPM_REGISTRY');

new LazyIndex(project);
new Rosetta(project);
new TestSuites(project);
new Compatibility(project, ['20', '22', '24'], NODE_VERSION);
new TemplateDiff(project, NODE_VERSION);

project.synth();
