import Type from 'typebox'
import { carrying } from '../src/http/headers'
import { Problem } from '../src/http/problem'
import { onlyAsDescribed } from '../src/testing'
import { testApp } from './support/app'

const config = { access: 'public' } as const
const authenticate = async () => {
  throw new Error('nobody is asked')
}

test.each<[string, string, number, string]>([
  ['what is described', '/good', 200, ''],
  ['a header that is', '/tagged', 200, ''],
  ['a refusal that is', '/refused', 409, ''],
  ['another status', '/created', 500, 'the status 201 is not described'],
  ['another header', '/sent', 500, 'the header location is not described'],
  ['another refusal', '/slug', 500, 'must be equal to one of the allowed values'],
  ['another field', '/field', 500, 'must NOT have additional properties'],
])('%s', async (_what, url, status, why) => {
  const app = await testApp({ authenticate })
  onlyAsDescribed({ app })
  const schema = { response: { 200: Type.Object({ a: Type.Integer() }) } }
  app.get('/good', { config, schema }, async () => ({ a: 1 }))
  app.get(
    '/tagged',
    { config, schema: { response: { 200: carrying(schema.response[200], 'ETag') } } },
    async (_r, reply) => reply.header('etag', '"1"').send({ a: 1 }),
  )
  app.get('/refused', { config, schema: { ...schema, refusals: { 409: ['taken'] } } }, async () => {
    throw new Problem(409, 'taken', 'x')
  })
  app.get('/created', { config, schema }, async (_r, reply) => reply.code(201 as 200).send({ a: 1 }))
  app.get('/sent', { config, schema }, async (_r, reply) => reply.header('location', '/x').send({ a: 1 }))
  app.get('/slug', { config, schema: { ...schema, refusals: { 409: ['taken'] } } }, async () => {
    throw new Problem(409, 'other', 'x')
  })
  app.get('/field', { config, schema }, async (_r, reply) =>
    reply
      .type('application/json')
      .serializer(JSON.stringify)
      .send({ a: 1, b: 2 } as { a: number }),
  )
  const answer = await app.inject(url)
  expect([answer.statusCode, answer.body]).toEqual([status, expect.stringContaining(why)])
  await app.close()
})
