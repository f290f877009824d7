import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, type Authenticate, buildApp, type Caller, Metrics } from '@order-saga/common'
import pino from 'pino'
import { consolePage } from '../src/http/console-page'
import { consoleRoutes } from '../src/http/console-routes'

const nobody: Authenticate = () => Promise.reject(new Error('nobody is asked who they are'))

/** The real page behind a server without anything else. */
async function serve(folder?: string, authenticate: Authenticate = nobody): Promise<App> {
  const app = await buildApp({
    service: 'logger-service',
    about: '',
    logger: pino({ level: 'silent' }),
    metrics: new Metrics('logger-service'),
    authenticate,
  })
  consolePage(app, folder)
  return app
}

let app: App
beforeAll(async () => {
  app = await serve()
})
afterAll(() => app.close())

const get = (url: string) => app.inject({ url })

it('answers at / without a token, and runs nothing but its own', async () => {
  const { statusCode, headers, body } = await get('/')
  expect(statusCode).toBe(200)
  expect(headers['content-type']).toBe('text/html; charset=utf-8')
  expect(headers['cache-control']).toBe('no-cache')
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
  expect(policy).toContain("require-trusted-types-for 'script'")
  expect(policy).not.toMatch(/unsafe|http|data:/)
  expect(body).not.toMatch(/<script>|style=|https?:/)
})

it('what the page names is there, and may be kept for a year', async () => {
  const { body } = await get('/')
  const names = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name)
  expect(names).toHaveLength(3)
  for (const name of names) {
    const { statusCode, headers } = await get(`/${name}`)
    expect([name, statusCode]).toEqual([name, 200])
    expect(headers['x-content-type-options']).toBe('nosniff')
    if (/\.(js|css)$/.test(String(name))) expect(headers['cache-control']).toContain('immutable')
  }
})

it('gives away no other file', async () => {
  for (const url of ['/console/', '/console/../main.js', '/console/%2e%2e/main.js', '/console/main.js'])
    expect([url, (await get(url)).statusCode]).toEqual([url, 404])
})

it('is no part of the API', async () => {
  await app.ready()
  expect(Object.keys(app.swagger().paths ?? {}).filter((path) => path === '/' || path.includes('console'))).toEqual([])
})

it('a service without the built page serves the rest', async () => {
  const without = await serve(join(tmpdir(), 'no such folder'))
  expect((await without.inject({ url: '/' })).statusCode).toBe(404)
  expect((await without.inject({ url: '/docs/json' })).statusCode).toBe(200)
  await without.close()
})

it('a file whose name says nothing of its content is asked for again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'console-'))
  writeFileSync(join(folder, 'icon.svg'), '<svg/>')
  const other = await serve(folder)
  expect((await other.inject({ url: '/console/icon.svg' })).headers['cache-control']).toBe('no-cache')
  await other.close()
  rmSync(folder, { recursive: true })
})

it.each([
  ['admin', 200, { traceUrl: 'http://jaeger.example/trace/{traceId}', currency: 'EUR' }],
  ['customer', 403, { type: '/problems/forbidden' }],
] as const)('the settings it has to know are told to administrators: %s', async (role, status, body) => {
  const caller = { userId: '019aa4d2-7c1e-7b3a-9d0f-0d6b1a6a2f11', role } as Caller
  const other = await serve(undefined, async () => caller)
  consoleRoutes(other, { traceUrl: 'http://jaeger.example/trace/{traceId}', currency: 'EUR' })
  const answer = await other.inject({ url: '/console/settings' })
  expect(answer.statusCode).toBe(status)
  expect(answer.json()).toMatchObject(body)
  await other.close()
})
