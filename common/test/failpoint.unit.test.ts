import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { failpoint, failpoints, parseFailpoints, readConfig, serviceNames } from '@order-saga/common'

const root = join(__dirname, '../..')

const sources = ['common', ...serviceNames].flatMap((workspace) => {
  const folder = join(root, workspace, 'src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  return files.map((file) => readFileSync(join(folder, file), 'utf8'))
})

it('each failpoint of the catalogue marks exactly one place, and no place has another name', () => {
  const marked = sources.flatMap((text) => [...text.matchAll(/\bfailpoint(?:OnceSent)?\('([^']*)'/g)])
  expect(marked.map(([, name]) => name).sort()).toEqual(Object.keys(failpoints).sort())
})

it('reads which failpoints are armed, for whom and for which pass', () => {
  expect(parseFailpoints('delivery.before_ack:confirmOrder=kill@1, relay.published=kill@20')).toEqual([
    { point: 'delivery.before_ack', name: 'confirmOrder', pass: 1 },
    { point: 'relay.published', name: undefined, pass: 20 },
  ])
  const [timer] = parseFailpoints('transaction.committed:parked events=kill@2')
  expect(timer?.name).toBe('parked events')
})

it.each(['', 'delivery.acked', 'delivery.lost=kill@1', 'delivery.acked=kill@0', 'delivery.acked=stop@1', 'a=kill@1,'])(
  'refuses "%s"',
  (raw) => {
    expect(() => parseFailpoints(raw)).toThrow('must be failpoints as in')
  },
)

/** A process that passes points of its own and says so. */
function run(armed: string, script: string) {
  const arm = `const common = require('./dist'), { armFailpoints } = require('./dist/failpoint');
    armFailpoints(common.parseFailpoints(${JSON.stringify(armed)}));`
  const { signal, stdout, stderr } = spawnSync(process.execPath, ['-e', arm + script], {
    cwd: join(__dirname, '..'),
    encoding: 'utf8',
  })
  return { signal, stdout, stderr }
}

const pass = (name: string) => `common.failpoint('delivery.acked', ['order.paid', '${name}']); console.log('passed');`

it('ends the process at once at the n-th pass by the one it is armed for, and says where', () => {
  const script = `${pass('other')}${pass('one')}common.failpoint('mail.accepted', ['one']);${pass('one')}${pass('one')}`
  expect(run('delivery.acked:one=kill@2', `process.on('exit', () => console.log('exit'));${script}`)).toEqual({
    signal: 'SIGKILL',
    stdout: 'passed\npassed\n',
    stderr: 'failpoint delivery.acked: killed with order.paid, one in hand\n',
  })
})

it('armed for nobody by name, anybody who passes is the one', () => {
  expect(run('delivery.acked=kill@1', pass('one'))).toMatchObject({ signal: 'SIGKILL', stdout: '' })
})

it('unset it does nothing, and costs less than a microsecond', () => {
  const names = ['one']
  const passes = 1_000_000
  const begunMs = performance.now()
  for (let n = 0; n < passes; n++) failpoint('transaction.committed', names)
  expect(performance.now() - begunMs).toBeLessThan(1_000)
})

describe('in production', () => {
  const env = {
    NODE_ENV: 'production',
    SHOP_DATABASE_URL: 'postgres://order_service_app:s3cret@127.0.0.1/order_service',
    SHOP_AMQP_URL: 'amqp://order-service:s3cret@127.0.0.1/shop',
    SHOP_REDIS_URL: 'redis://:s3cret@127.0.0.1',
  }

  it('no failpoint can be set: the service exits 78 and says why', () => {
    const script = join(root, 'order-service/dist/main.js')
    const { status, stderr } = spawnSync(process.execPath, [script], {
      env: { PATH: process.env.PATH, ...env, SHOP_FAILPOINTS: 'delivery.acked=kill@1' },
      encoding: 'utf8',
    })
    expect(status).toBe(78)
    expect(stderr).toContain('SHOP_FAILPOINTS kills the process on purpose, refused in production')
  })

  it('without the setting the same settings are fine, and nothing is armed', () => {
    expect(readConfig('order-service', [], env).failpoints).toEqual([])
  })
})
