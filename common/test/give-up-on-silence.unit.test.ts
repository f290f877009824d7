import { PassThrough, Writable } from 'node:stream'
import type { App } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { giveUpOnSilence } from '../src/http/give-up-on-silence'
import { testApp } from './support/app'

let app: App
let said: { level: number; msg: string }[]
let isAnswering: boolean
let asked: number
let endings: ((error?: Error) => void)[]

beforeEach(async () => {
  said = []
  asked = 0
  endings = []
  const write = (line: Buffer, _: string, done: () => void) => {
    said.push(JSON.parse(line.toString()))
    done()
  }
  app = await testApp({
    authenticate: () => Promise.reject(new Error('no route asks who it is')),
    logger: pino(new Writable({ write })),
  })
  giveUpOnSilence(app as unknown as FastifyInstance, async () => {
    asked++
    return isAnswering
  })
  app.get('/slow', { config: { access: 'public' } }, () => {
    return new Promise((resolve, reject) => {
      endings.push((error) => (error ? reject(error) : resolve({ answer: 42 })))
    })
  })
})
afterEach(() => app.close())

it('what waits for a silent server is answered 503, and of what comes of it later nothing is said', async () => {
  isAnswering = false
  const answers = [app.inject('/slow'), app.inject('/slow')]
  for (const answer of answers) {
    const { statusCode, headers } = await answer
    expect([statusCode, headers['retry-after']]).toEqual([503, expect.any(String)])
  }
  const [succeed, fail] = endings
  succeed?.()
  fail?.(new Error('too late'))
  await new Promise(setImmediate)
  expect(said.map(({ msg }) => msg)).toEqual(['service-unavailable', 'service-unavailable'])
})

it('what is slow while its server answers is waited for', async () => {
  isAnswering = true
  const answer = app.inject('/slow')
  await eventually(() => expect(asked).toBeGreaterThan(0))
  endings[0]?.()
  expect((await answer).json()).toEqual({ answer: 42 })
})

it('an answer that has begun is not given up: the stream goes on, and nothing is said', async () => {
  isAnswering = false
  const stream = new PassThrough()
  app.get('/stream', { config: { access: 'public' } }, (_request, reply) => reply.send(stream))
  stream.write('a begin')
  const answer = app.inject('/stream')
  // asked about twice: after that it would have been given up
  await eventually(() => expect(asked).toBeGreaterThan(1))
  stream.end(', an end')
  const { statusCode, body } = await answer
  expect([statusCode, body, said]).toEqual([200, 'a begin, an end', []])
})
