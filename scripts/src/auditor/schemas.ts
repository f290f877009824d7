import { Id, UtcTime } from '@order-saga/common'
import Type from 'typebox'
import type { AuditReport } from '../audit/index'

const tags = ['audits']
const nullable = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])

const Invariant = Type.Object({
  id: Type.String(),
  says: Type.String(),
  checked: Type.Integer(),
  violations: Type.Array(Type.String()),
  violationCount: Type.Integer(),
  notChecked: Type.Optional(Type.String()),
})

const Report = Type.Object({
  invariants: Type.Array(Invariant),
  violationCount: Type.Integer(),
  tookMs: Type.Integer(),
})

const Run = Type.Object({
  id: Id,
  startedAt: UtcTime,
  endedAt: nullable(UtcTime),
  report: nullable(Type.Unsafe<AuditReport>(Report)),
  why: nullable(Type.String()),
})

export const beginSchema = {
  tags,
  summary: 'Audit the shop, once what is in flight has ended',
  response: { 202: Run },
  refusals: { 409: ['audit-running'] },
}

export const findSchema = {
  tags,
  summary: 'How far an audit has come, and what it found; the last twenty are remembered',
  params: Type.Object({ id: Id }),
  response: { 200: Run },
  refusals: { 404: ['not-found'] },
}
