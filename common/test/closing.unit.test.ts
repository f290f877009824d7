import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { Metrics } from '@order-saga/common'
import pino from 'pino'
import { buildApp } from '../src/http/build-app'
import { unauthenticated } from '../src/http/problem'

it('a server that closes does not wait for connections opened in advance that never asked anything', async () => {
  const app = await buildApp({
    service: 'order-service',
    about: 'test',
    logger: pino({ level: 'silent' }),
    metrics: new Metrics('order-service'),
    authenticate: async () => {
      throw unauthenticated()
    },
    hasDocs: false,
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const accepted = once(app.server, 'connection')
  const silent = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  const hungUp = once(silent, 'close')
  await accepted
  // a client with more patience than the server should have
  const impatience = setTimeout(() => silent.destroy(new Error('nobody hung up')), 2_000)
  await app.close()
  await hungUp
  clearTimeout(impatience)
})
