const swc = [
  '@swc/jest',
  {
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    // half the time of a short test would go into loading what it never uses
    module: { type: 'commonjs', lazy: true },
    sourceMaps: 'inline',
  },
]

const shared = {
  testEnvironment: '<rootDir>/scripts/jest/environment.cjs',
  runtime: '<rootDir>/scripts/jest/runtime.cjs',
  transform: { '^.+\\.m?[tj]s$': swc },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  // tests read the sources, so that a failing line is the line you see
  moduleNameMapper: {
    '^@order-saga/common$': '<rootDir>/common/src/index.ts',
    '^@order-saga/common/(testing|client)$': '<rootDir>/common/src/$1/index.ts',
    '^@order-saga/common/services$': '<rootDir>/common/src/contracts/services.ts',
    '^@order-saga/common/testing/(.*)$': '<rootDir>/common/src/testing/$1.ts',
    '^@order-saga/([a-z]+-service)$': '<rootDir>/$1/src/index.ts',
    '^@order-saga/scripts/(infra|audit)$': '<rootDir>/scripts/src/$1/index.ts',
    '^@order-saga/scripts/(.*)$': '<rootDir>/scripts/src/$1.ts',
  },
}

const { TEST_BROWSER, TEST_CRASH_POINTS, TEST_PART, TEST_SPECIALS, TEST_THOROUGH } = process.env
const protocol = {
  ...shared,
  displayName: 'protocol',
  testMatch: ['**/test/protocol/*.unit.test.ts'],
  moduleNameMapper: {
    ...shared.moduleNameMapper,
    '^@order-saga/common$': '<rootDir>/load-test/test/protocol/support/common-at-once.cjs',
  },
}
const ordinary = [
  protocol,
  { ...shared, displayName: 'unit', testMatch: ['**/test/**/!(protocol)/*.unit.test.ts', '**/test/*.unit.test.ts'] },
  { ...shared, displayName: 'int', testMatch: ['**/test/**/*.int.test.ts'] },
  { ...shared, displayName: 'e2e', testMatch: ['**/test/**/*.e2e.test.ts'] },
]
const alone = { ...shared, displayName: 'alone', testMatch: ['**/test/**/*.alone.test.ts'] }
const special = { ...shared, displayName: 'special', testMatch: ['**/test/**/*.special.test.ts'] }
const browser = { ...shared, displayName: 'browser', testMatch: ['**/test/**/*.browser.test.ts'] }
const crashPoints = { ...shared, displayName: 'crash-points', testMatch: ['**/test/**/*.crash.test.ts'] }

function projects() {
  if (TEST_CRASH_POINTS) return [crashPoints]
  if (TEST_SPECIALS) return [special]
  if (TEST_BROWSER) return [browser]
  if (TEST_PART === 'alone') return [alone]
  return [...ordinary, ...(TEST_THOROUGH ? [browser, special] : []), ...(TEST_PART === 'together' ? [] : [alone])]
}

/**
 * unit: no servers; of these, protocol: the saga's decisions, millions of times. int: real PostgreSQL, RabbitMQ and
 * Redis. e2e: the services as processes. alone: needs the machine to itself, so `npm test` runs it at last. special: what
 * takes minutes, run by `npm run specials` and `npm run test:all` only. browser: pages as people see them, by `npm run
 * test:browser` and `npm run test:all` only. crash-points: by `npm run crash-points` only.
 */
module.exports = {
  // for what never ends: a test waits for conditions, which a busy machine may take long to bring about
  testTimeout: 120_000,
  // one more than cores, since much of a test's time is waiting for servers; a special one has the machine to itself
  maxWorkers: TEST_SPECIALS ? 1 : 3,
  testSequencer: '<rootDir>/scripts/jest/sequence.cjs',
  // what earlier files have left in a worker makes collecting garbage slow
  workerIdleMemoryLimit: '1GB',
  projects: projects(),
}
