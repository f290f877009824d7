import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { serviceNames } from '@order-saga/common'

const root = join(__dirname, '../..')
const workspaces = ['common', ...serviceNames, 'load-test', 'scripts']

interface Source {
  readonly file: string
  readonly text: string
  readonly imports: readonly string[]
}

function sourcesOf(folder: string): Source[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts') && !/(^|\/)(node_modules|dist)\//.test(file))
    .map((name) => {
      const file = join(folder, name)
      const text = readFileSync(join(root, file), 'utf8')
      // static, dynamic and re-exported; a relative one is turned into a path from the root
      const found = [...text.matchAll(/(?:from|import|require)\s*\(?\s*'([^']+)'/g)].map(([, target = '']) => target)
      return {
        file,
        text,
        imports: found.map((to) => (to.startsWith('.') ? relative(root, join(root, file, '..', to)) : to)),
      }
    })
}

const all = workspaces.flatMap((workspace) => sourcesOf(`${workspace}/src`))
const within = (...folders: string[]) =>
  all.filter(({ file }) => folders.some((folder) => file.startsWith(`${folder}/`)))
const services = within(...serviceNames)

/** What breaks a rule, as `file → import`. */
const offences = (sources: readonly Source[], isForbidden: (to: string, from: string) => boolean): string[] =>
  sources.flatMap(({ file, imports }) => imports.filter((to) => isForbidden(to, file)).map((to) => `${file} → ${to}`))

const workspaceOf = (path: string) => /^(?:@order-saga\/)?([a-z-]+)/.exec(path)?.[1] ?? ''
const isOurs = (path: string) =>
  workspaces.includes(workspaceOf(path)) && (path.startsWith('@order-saga/') || path.includes('/'))

it('finds the sources', () => {
  expect(services.length).toBeGreaterThan(50)
  expect(all.flatMap(({ imports }) => imports).length).toBeGreaterThan(300)
})

it('a service imports no other service, only itself and common', () => {
  expect(
    offences(services, (to, from) => isOurs(to) && !['common', workspaceOf(from)].includes(workspaceOf(to))),
  ).toEqual([])
})

it('common imports no service; only scripts and load-test put services together', () => {
  expect(offences(within('common'), (to) => isOurs(to) && workspaceOf(to) !== 'common')).toEqual([])
})

it('common is imported by its name, never by its files', () => {
  const outside = all.filter(({ file }) => !file.startsWith('common/'))
  expect(
    offences(outside, (to) => to.startsWith('common/') || /^@order-saga\/common\/(?!testing|client|services)/.test(to)),
  ).toEqual([])
})

it('a domain knows nothing but itself and the vocabulary of common: no clock, no ids, no servers', () => {
  const domain = services.filter(({ file }) => file.includes('/src/domain/'))
  const isItself = (to: string, from: string) => to.startsWith(from.replace(/(\/src\/domain\/).*/, '$1'))
  const isVocabulary = (to: string) => to === '@order-saga/common' || /^typebox($|\/)/.test(to)
  // a list of words, and nothing that runs
  const isData = (to: string) => to === '@zxcvbn-ts/language-common'
  expect(offences(domain, (to, from) => !isItself(to, from) && !isVocabulary(to) && !isData(to))).toEqual([])
  const values =
    /import \{[^}]*(?<!type )\b(newId|statement|Database|Runtime|Metrics|Coalescer|Repeating|readConfig)\b[^}]*\} from/
  const impure = /\bDate\.now|new Date\(\)|Math\.random|\bprocess\.|\bconsole\.|\bawait\b|\basync\b/
  expect(domain.filter(({ text }) => values.test(text) || impure.test(text)).map(({ file }) => file)).toEqual([])
})

it('HTTP and saga tables reach the servers through use cases and repositories only', () => {
  const doors = services.filter(({ file }) => file.includes('/src/http/') || file.endsWith('/src/saga.ts'))
  expect(doors.length).toBeGreaterThan(7)
  expect(offences(doors, (to) => /^(pg|typeorm|amqplib|ioredis)($|\/)/.test(to))).toEqual([])
})

it('a use case knows neither fastify nor amqplib', () => {
  const useCases = services.filter(({ file }) => file.includes('/src/use-cases/'))
  expect(offences(useCases, (to) => /^(fastify|amqplib)($|\/)/.test(to))).toEqual([])
})

it('the auditor shares no code with those it audits', () => {
  const auditor = within('scripts/src/audit')
  expect(auditor.length).toBeGreaterThan(10)
  expect(offences(auditor, (to) => isOurs(to) && !to.startsWith('scripts/src/audit/'))).toEqual([])
})

it('amqplib is imported in exactly one file', () => {
  expect(offences(all, (to) => to === 'amqplib')).toEqual(['common/src/messaging/rabbit-link.ts → amqplib'])
})

it('the environment is read where a process begins, and nowhere else', () => {
  const readers = all
    .filter(({ text }) => /process\.env|\benv\b.*from 'node:process'/.test(text))
    .map(({ file }) => file)
  const isAllowed = (file: string) =>
    /\/(main|config)\.ts$/.test(file) || /^(scripts|load-test)\//.test(file) || /^common\/src\/testing\//.test(file)
  expect(readers.filter((file) => !isAllowed(file))).toEqual([])
})

it('tests are no part of what is shipped', () => {
  const shipped = services.filter(({ file }) => !file.includes('/test/'))
  expect(offences(shipped, (to) => to.startsWith('@order-saga/common/testing') || to.includes('/test/'))).toEqual([])
})

it('services import neither simulator nor mail catcher: they speak to them as to strangers', () => {
  const outside = /^(payment-service\/simulator|mailer-service\/catcher)/
  expect(offences(within('common', ...serviceNames), (to) => outside.test(to))).toEqual([])
})

it('failpoints are armed in one place, from the setting that production refuses', () => {
  const armed = all.filter(({ text, file }) => text.includes('armFailpoints(') && file !== 'common/src/failpoint.ts')
  expect(armed.map(({ file, text }) => [file, text.match(/.*armFailpoints\(.*/)?.[0].trim()])).toEqual([
    ['common/src/runtime.ts', 'if (config.failpoints.length > 0) armFailpoints(config.failpoints)'],
  ])
})

it('money is integer minor units: nothing is made of fractions or rounded for show', () => {
  // what people read is written out by Intl
  expect(services.filter(({ text }) => /\bparseFloat\b|\btoFixed\b/.test(text)).map(({ file }) => file)).toEqual([])
  const columns = services
    .filter(({ file }) => file.includes('/db/migrations/'))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/^\s*(?:ADD COLUMN )?(\w+_minor) (\w+)/gm)].map(([, name, type]) => [file, name, type]),
    )
  expect(columns.length).toBeGreaterThan(4)
  expect(columns.filter(([, , type]) => type !== 'bigint')).toEqual([])
})

/** Text that is put into SQL, other than constants: what came from outside has to be a parameter. */
function madeUpSql(text: string): string[] {
  const isSql = /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|ORDER BY|VALUES)\b/
  const templates = [...text.matchAll(/`[^`]*`/g)].map(([template]) => template).filter((one) => isSql.test(one))
  const insertions = templates.flatMap((template) =>
    [...template.matchAll(/\$\{([^}]*)\}/g)].map(([, put = '']) => put),
  )
  const joined = [...text.matchAll(/'[^'\n]*'\s*\+|\+\s*'[^'\n]*'/g)]
    .map(([one]) => one)
    .filter((one) => isSql.test(one))
  return [...insertions.filter((put) => !/^[A-Z][A-Z_]*$/.test(put)), ...joined]
}

it('knows SQL that is made up when it sees it', () => {
  const query = (put: string) => `query(\`SELECT id FROM orders WHERE id = $1 ORDER BY $\{${put}}\`)`
  expect([madeUpSql(query('request.query.sort')), madeUpSql(query('NEWEST'))]).toEqual([['request.query.sort'], []])
  expect(madeUpSql(`query('SELECT * FROM orders WHERE id = ' + id)`)).toHaveLength(1)
})

it('SQL is made of constants and parameters', () => {
  // names of databases and roles, by their owner, before any service runs
  const byOwner = /^common\/src\/(db\/(provision|migrate)\.ts|testing\/)/
  const sources = within('common', ...serviceNames).filter(({ file }) => !byOwner.test(file))
  expect(sources.filter(({ text }) => /\bSELECT\b/.test(text)).length).toBeGreaterThan(20)
  expect(sources.flatMap(({ file, text }) => madeUpSql(text).map((put) => `${file}: ${put}`))).toEqual([])
})
