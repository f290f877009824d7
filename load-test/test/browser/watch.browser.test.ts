import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@order-saga/common/testing'
import { chromium } from '@order-saga/scripts/infra'
import { type Browser, chromium as launcher } from 'playwright-core'
import { watch } from './support/watch'

/** What fails a browser test, on pages that do it. */

const bodies: Record<string, string> = {
  '/fine': '<title>fine</title><script>console.warn("no trouble")</script>',
  '/logs': '<script>console.error("it is broken")</script>',
  '/throws': '<script>throw new Error("it is thrown")</script>',
  '/misses': '<script>fetch("/nothing")</script>',
  '/hangs-up': '<script>fetch("/hang-up").catch(() => {})</script>',
  '/strays': '<img src="http://tracker.example/pixel.png">',
  '/favicon.ico': '',
}

let browser: Browser
const server = createServer((request, response) => {
  const body = bodies[request.url ?? '']
  if (request.url === '/hang-up') return request.socket.destroy()
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html' }).end(body)
})
const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await launcher.launch({ executablePath: chromium(), args: ['--no-sandbox'] })
})
afterAll(async () => {
  await browser?.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function troublesOn(path: string, arrived: (troubles: string[]) => void): Promise<string[]> {
  const troubles: string[] = []
  const context = await browser.newContext()
  await watch(context, [host()], (trouble) => troubles.push(trouble))
  const page = await context.newPage()
  await page.goto(`http://${host()}${path}`)
  await eventually(() => arrived(troubles))
  await context.close()
  return troubles
}

test.each([
  ['/logs', 'console: it is broken'],
  ['/throws', 'thrown: it is thrown'],
  ['/misses', '404: GET http://'],
  ['/hangs-up', 'net::ERR_EMPTY_RESPONSE: GET http://'],
  ['/strays', 'foreign host: http://tracker.example/pixel.png'],
])('%s is noticed: %s', async (path, trouble) => {
  await troublesOn(path, (troubles) => expect(troubles).toContainEqual(expect.stringContaining(trouble)))
})

test('a page without trouble has none', async () => {
  expect(await troublesOn('/fine', () => {})).toEqual([])
})
