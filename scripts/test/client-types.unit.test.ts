import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { clientFile } from '../src/docs/client-file'
import { clientTypes } from '../src/docs/client-types'
import { contentOf } from '../src/docs/documents'
import { cloneRoot } from '../src/infra'

test('the client has the types of the published documents', () => {
  const paths = readdirSync(join(cloneRoot, 'docs/openapi')).map((name) => `docs/openapi/${name}`)
  const { path, content } = clientFile(paths.map((file) => ({ path: file, content: contentOf(file) ?? '' })))
  expect(contentOf(path)).toBe(content)
})

test('what may be left out is optional, what may be nothing says so, and what is long has a name', () => {
  const line = { type: 'object', properties: { id: { type: 'string' }, pieces: { type: 'integer' } }, required: ['id'] }
  const order = {
    type: 'object',
    properties: { status: { enum: ['open', 'done'] }, total: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
    required: ['status', 'total'],
  }
  const json = (schema: object) => ({ content: { 'application/json': { schema } } })
  const get = {
    operationId: 'getOrder',
    parameters: [
      { in: 'path', name: 'id', required: true, schema: { type: 'string' } },
      { in: 'header', name: 'if-none-match', schema: { type: 'string' } },
    ],
    responses: { 200: json({ ...order, properties: { ...order.properties, lines: { type: 'array', items: line } } }) },
  }
  const remove = { operationId: 'removeOrder', parameters: get.parameters.slice(0, 1), responses: { 204: {} } }
  const refused = { example: { type: '/problems/not-found' } }
  const text = clientTypes({
    shop: { paths: { '/orders/{id}': { get, delete: remove } }, components: { responses: { refused } } },
  })
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      `      headers?: { readonly 'if-none-match'?: string }`,
      '      answer: GetOrderAnswer',
      `    'DELETE /orders/{id}': { path: { readonly id: string }; answer: undefined }`,
      `  readonly status: 'open' | 'done'`,
      '  readonly total: number | null',
      '  readonly lines?: readonly { readonly id: string; readonly pieces?: number }[]',
      `  | 'not-found'`,
    ]),
  )
})
