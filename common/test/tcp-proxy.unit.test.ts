import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { eventually, TcpProxy } from '@order-saga/common/testing'

let server: Server
let proxy: TcpProxy
let client: Socket
let heard: string

beforeEach(async () => {
  server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => socket.write(`<${chunk}>`))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy = await TcpProxy.to('127.0.0.1', (server.address() as AddressInfo).port)
  client = connect(proxy.port, '127.0.0.1')
  heard = ''
  client.on('data', (chunk) => {
    heard += chunk
  })
  client.on('error', () => {})
  await new Promise((resolve) => client.once('connect', resolve))
})
afterEach(async () => {
  client.destroy()
  await proxy.close()
  await new Promise((resolve) => server.close(resolve))
})

const hears = (text: string) => eventually(() => expect(heard).toBe(text))

it('keeps the sequence of what it delays, however the delays differ', async () => {
  proxy.delayMs = 1
  proxy.jitterMs = 20
  const words = Array.from({ length: 20 }, (_, n) => `${n},`)
  for (const word of words) {
    client.write(word)
    await new Promise(setImmediate)
  }
  await eventually(() => expect(heard.replaceAll(/[<>]/g, '')).toBe(words.join('')))
})

it('lets no more through than its bandwidth', async () => {
  proxy.bytesPerS = 10_000
  const beganMs = performance.now()
  client.write('x'.repeat(1_000))
  await eventually(() => expect(heard.length).toBeGreaterThanOrEqual(1_000))
  // there and back, a tenth of a second each
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(199)
})

it('cuts the connection instead of an answer that matches, and counts it', async () => {
  client.write('hello')
  await hears('<hello>')
  proxy.cutsAnswer = /done/
  const cut = new Promise((resolve) => client.once('close', resolve))
  client.write('done')
  await cut
  expect(heard).toBe('<hello>')
  expect(proxy.cuts).toBe(1)
})

it("speaks to the server in its clients' name", async () => {
  client.write('a')
  await hears('<a>')
  proxy.sayToServer(Buffer.from('b'))
  await hears('<a><b>')
})
