import { type App, callerOf, carrying, Id, OneOf, UtcTime } from '@order-saga/common'
import Type from 'typebox'
import type { Audits } from '../audits'

const config = { access: 'admin' } as const
const tags = ['audits']
const nullable = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const Time = Type.Unsafe<Date>(UtcTime)
const Count = Type.Integer()

const audit = {
  id: Id,
  startedAt: Time,
  endedAt: nullable(Time),
  by: Id,
  verdict: Type.Union([OneOf('clean', 'violated', 'failed'), Type.Null()], { description: 'null: it runs' }),
  why: Type.Union([Type.String(), Type.Null()], { description: 'of a failed one: it says nothing about the shop' }),
  checked: Type.Integer({ description: 'invariants' }),
  notChecked: Type.Integer({ description: 'invariants' }),
  violationCount: Count,
  violations: Type.Array(Type.Object({ invariant: Type.String(), text: Type.String() })),
  tookMs: nullable(Count),
}
const invariants = Type.Array(
  Type.Object({
    id: Type.String(),
    says: Type.String(),
    checked: Type.Integer({ description: 'orders, products, events …' }),
    violationCount: Count,
    violations: Type.Array(Type.String(), { description: 'the first of them' }),
    notChecked: nullable(Type.String()),
  }),
)
const page = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    after: Type.Optional(Type.String({ ...Id, description: '`next` of the page before' })),
  },
  { additionalProperties: false },
)

const beginSchema = {
  tags,
  summary: 'Have the shop audited, once what is in flight has ended',
  response: { 202: carrying(Type.Object({ id: Id }), 'Location') },
  refusals: { 409: ['audit-running'], 503: ['service-unreachable'] },
}
export const auditsSchema = {
  tags,
  summary: 'What audits have found, newest first',
  querystring: page,
  response: {
    200: Type.Object({ audits: Type.Array(Type.Object(audit)), next: nullable(Id) }),
  },
}
const findSchema = {
  tags,
  summary: 'One audit, with everything that was looked at',
  params: Type.Object({ id: Id }),
  response: { 200: Type.Object({ ...audit, invariants }) },
  refusals: { 404: ['not-found'] },
}

export function auditRoutes(app: App, audits: Audits): void {
  app.post('/audits', { config, schema: beginSchema }, async (request, reply) => {
    const id = await audits.begin(callerOf(request))
    return reply.code(202).header('location', `/audits/${id}`).send({ id })
  })
  app.get('/audits', { config, schema: auditsSchema }, (request) => audits.list(request.query, callerOf(request)))
  app.get('/audits/:id', { config, schema: findSchema }, ({ params }) => audits.find(params.id))
}
