import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)))

/** What is a secret by its form alone, wherever it stands. */
const SECRET_BY_FORM = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/]{20}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\b(?:gh[opsu]_|github_pat_|glpat-|npm_)\w{20,}/,
  /\b(?:sk|rk)_live_\w{10,}|\bwhsec_\w{20,}|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{30,}/,
]
const PASSWORD_IN_URL = /:\/\/[^/\s'"`:@$]*:([^@/\s'"`$]+)@/g
const GIVEN_VALUE = /(?:password|passphrase|secret|pepper|token|api_?key)['"]?\s*[:=]\s*['"]([^'"\n]{6,})['"]/gi

// an example in a document, a card of the simulated provider, and what every development server has
const isHarmless = (value: string) =>
  /development-only|^tok_\w+$|^correct horse battery staple$|^a horse of another colour$|^\d+(\.\d+)+$|^q9w-MDxaHhTMh3sUaXfD0lMZ0Lr1tJmAJ0S3SxkR1tk$/.test(
    value,
  )

function secretsIn(file: string, text: string): string[] {
  const byForm = SECRET_BY_FORM.flatMap((form) => form.exec(text)?.[0] ?? [])
  // tests are full of made-up passwords
  const isTest = /(^|\/)test\//.test(file)
  const values = isTest
    ? []
    : [PASSWORD_IN_URL, GIVEN_VALUE].flatMap((form) => [...text.matchAll(form)].map(([, value = '']) => value))
  return [...byForm, ...values.filter((value) => !isHarmless(value))].map(
    (secret) => `${file}: ${secret.slice(0, 12)}…`,
  )
}

it.each([
  `key = "-----BEGIN ${'EC'} PRIVATE KEY-----\nMHcCAQEEIBkg4LVWM9nuwNSk3yByxZpYRTBnV"`,
  ['eyJhbGciOiJFUzI1NiJ9', 'eyJzdWIiOiIxMjM0NSJ9', 'c2lnbmF0dXJl'].join('.'),
  `SHOP_AMQP_URL: amqp://order-service:${'hunter2hunter2'}@broker.example/shop`,
  `const password = '${'hunter2hunter2'}'`,
  `sk_${'live'}_51H8x0000000000`,
])('a secret is found: %.24s', (text) => {
  expect(secretsIn('some/file.ts', text)).toHaveLength(1)
})

it('no file of the repository holds a secret but the marked ones of development', () => {
  expect(tracked.length).toBeGreaterThan(500)
  const texts = tracked.filter((file) => file !== 'package-lock.json')
  expect(texts.flatMap((file) => secretsIn(file, read(file)))).toEqual([])
})

it('no file with settings or keys of a person is in the repository', () => {
  expect(
    tracked.filter((file) => /(^|\/)\.env($|\.(?!example$))|\.(pem|key|p12|pfx|jks)$|id_(rsa|ed25519)/.test(file)),
  ).toEqual([])
})

interface Locked {
  readonly version: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}
const lock = JSON.parse(read('package-lock.json')).packages as Readonly<Record<string, Locked>>
const installed = Object.entries(lock).filter(([path, { link }]) => path.includes('node_modules/') && !link)

const isAtLeast = (version: string, minimum: string): boolean =>
  version.localeCompare(minimum, 'en', { numeric: true }) >= 0

it.each([
  ['amqplib', '2.3.1', 'GHSA-37f9-7m79-6866, and headers beyond 64 KiB'],
  ['nodemailer', '10.0.0', 'GHSA-mm7p-fcc7-pg87, GHSA-c7w3-x93f-qmm8, GHSA-268h-hp4c-crq3'],
  ['jsonwebtoken', '9.0.0', 'CVE-2022-23529, CVE-2022-23539, CVE-2022-23540, CVE-2022-23541'],
])('%s is at least %s: %s', (name, minimum) => {
  const versions = installed.filter(([path]) => path.endsWith(`node_modules/${name}`)).map(([, { version }]) => version)
  expect(versions.length).toBeGreaterThan(0)
  expect(versions.filter((version) => !isAtLeast(version, minimum))).toEqual([])
})

it('compares versions as numbers', () => {
  expect([isAtLeast('10.0.0', '9.9.9'), isAtLeast('2.3.1', '2.3.1'), isAtLeast('2.3.0', '2.3.1')]).toEqual([
    true,
    true,
    false,
  ])
})

it('every package is what it was when it was locked', () => {
  expect(installed.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'))).toEqual([])
})

it('no package runs code of its own when it is installed', () => {
  expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true')
  const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)
  // each comes with what its script would build, for every platform that we know of
  expect(scripted).toEqual([
    'node_modules/@parcel/watcher',
    'node_modules/@swc/core',
    'node_modules/bcrypt',
    'node_modules/esbuild',
  ])
})

it('no script of ours counts on another that npm would run before or after it', () => {
  const manifests = tracked.filter((file) => /(^|\/)package\.json$/.test(file))
  expect(manifests.length).toBeGreaterThan(9)
  for (const file of manifests) {
    const names = Object.keys(JSON.parse(read(file)).scripts ?? {})
    const byThemselves = names.filter((name) => {
      const [, other = ''] = /^(?:pre|post)(.+)$/.exec(name) ?? []
      return names.includes(other) || /^(pre|post)?(install|prepare|publish|pack)$|^dependencies$/.test(name)
    })
    expect([file, byThemselves]).toEqual([file, []])
  }
})
