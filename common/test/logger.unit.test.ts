import { PassThrough } from 'node:stream'
import { Metrics } from '@order-saga/common'
import { buildApp } from '../src/http/build-app'
import { createLogger } from '../src/logger'

function lineOf(fields: object, message = 'said'): Record<string, unknown> {
  const written = new PassThrough()
  createLogger('order-service', 'info', written).info(fields, message)
  const text = String(written.read())
  expect(text.trimEnd()).not.toMatch(/[\r\n\p{Cc}]/u)
  return JSON.parse(text)
}

it('is one line of JSON that says who speaks, whatever is said', () => {
  expect(lineOf({ reason: 'a\r\n{"level":60}\u001b[2J' }, 'line\nbreak')).toMatchObject({
    service: 'order-service',
    reason: 'a\r\n{"level":60}\u001b[2J',
    msg: 'line\nbreak',
  })
})

it('tells of an error what it is, and none of the values it carries', () => {
  const values = {
    code: '23505',
    detail: 'Key (email)=(canary@example.com) already exists.',
    where: 'unnamed portal parameter $1 = canary',
    query: 'INSERT INTO users VALUES ($1)',
    parameters: ['canary@example.com'],
    driverError: { detail: 'canary' },
    options: { headers: { authorization: 'Bearer canary' } },
  }
  const cause = Object.assign(new Error('canary'), values)
  const error = Object.assign(new Error('duplicate key', { cause }), values)
  const line = lineOf({ err: error })
  expect(line.err).toEqual({
    type: 'Error',
    message: 'duplicate key',
    code: '23505',
    stack: expect.stringContaining('logger.unit.test.ts'),
  })
  expect(JSON.stringify(line)).not.toContain('canary')
})

it.each(['authorization', 'cookie', 'password', 'token', 'paymentToken', 'refreshToken', 'email'])(
  'never shows %s, at the top or one level down',
  (name) => {
    expect(JSON.stringify(lineOf({ [name]: 'canary', of: { [name]: 'canary' } }))).not.toContain('canary')
  },
)

it('tells loudly who was refused what is not theirs, and who changed something', async () => {
  const written = new PassThrough()
  const logger = createLogger('order-service', 'info', written)
  const options = { service: 'order-service', about: 'test', logger, metrics: new Metrics('order-service') } as const
  const authenticate = async (role = '') =>
    ({ userId: `some ${role}`, token: 't', role: role === 'admin' ? 'admin' : 'customer' }) as const
  const app = await buildApp({ ...options, authenticate, hasDocs: false })
  const config = { access: 'admin' } as const
  app.get('/secrets/:id', { config }, async () => ({}))
  app.delete('/secrets/:id', { config }, async () => ({}))
  for (const authorization of ['customer', 'admin'])
    for (const method of ['GET', 'DELETE'] as const)
      await app.inject({ method, url: '/secrets/1', headers: { authorization } })
  await app.close()
  const lines = String(written.read()).trim().split('\n')
  const route = '/secrets/:id'
  expect(lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')).toEqual([
    expect.objectContaining({ level: 40, method: 'GET', route, status: 403, userId: 'some customer' }),
    expect.objectContaining({ level: 40, method: 'DELETE', route, status: 403, userId: 'some customer' }),
    expect.objectContaining({ level: 30, method: 'DELETE', route, status: 200, userId: 'some admin' }),
  ])
})

it('says of a request by its route what became of it, and nothing of what was sent', async () => {
  const written = new PassThrough()
  const logger = createLogger('order-service', 'debug', written)
  const options = { service: 'order-service', about: 'test', logger, metrics: new Metrics('order-service') } as const
  const authenticate = () => Promise.reject(Object.assign(new Error('canary failed'), { code: 'canary' }))
  const app = await buildApp({ ...options, authenticate, hasDocs: false })
  app.post('/things/:id', { config: { access: 'public' } }, async () => {
    throw Object.assign(new Error('null value in column'), { detail: 'Failing row contains (canary).' })
  })
  const headers = {
    'content-type': 'application/json',
    authorization: 'canary',
    cookie: 'canary',
    'user-agent': 'canary',
  }
  const asked = { method: 'POST', url: '/things/canary?token=canary', headers } as const
  for (const payload of ['{}', '{"canary', '{"__proto__":"canary"}'])
    expect((await app.inject({ ...asked, payload })).statusCode).toBeGreaterThanOrEqual(400)
  await app.inject('/canary/canary')
  await app.close()
  const text = String(written.read())
  expect(text).toContain('"route":"/things/:id"')
  expect(text).toContain('null value in column')
  expect(text).not.toContain('canary')
})
