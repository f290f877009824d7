import { ProblemBody } from '@order-saga/common'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Received, Sent } from './wire'

type Check = (value: unknown) => string | undefined

const checks = new Map<TSchema, Check>()

/** Compiled once for each schema. */
function checkOf(schema: TSchema): Check {
  const known = checks.get(schema)
  if (known) return known
  const validator = Compile(schema)
  const check = (value: unknown) =>
    validator.Check(value) ? undefined : JSON.stringify([...validator.Errors(value)].slice(0, 3))
  checks.set(schema, check)
  return check
}

// a line of a stack, a place in a file, SQL, or the name of what we are built of
const INSIDES =
  /\bat .+:\d+:\d+|node_modules|\/(?:tmp|home|usr|work|dist|src)\/|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b .*\b(?:FROM|VALUES|SET|WHERE)\b|FST_ERR|ECONN|fastify|typeorm|postgres|amqp|ioredis|Error:/i

/**
 * What is wrong with an answer, whatever was asked: a failure of ours, an error that is no problem, or a word about its
 * insides. What is not in the service's own document is a failure of ours as well: see `onlyAsDescribed`.
 */
export function indecencies(sent: Sent, received: Received): string[] {
  const { status, headers, text } = received
  const found: string[] = []
  if (status >= 500) found.push(`${status} is a failure of ours`)
  if (text.includes('not-as-described')) found.push(text)
  if (headers['x-content-type-options'] !== 'nosniff') found.push('nosniff is missing')
  if (headers.server || headers['x-powered-by']) found.push('the server names itself')
  if (sent.method !== 'HEAD' && status >= 400) found.push(...wrongInProblem(received))
  if (status === 204 || status === 304) found.push(...(text === '' ? [] : [`${status} with a body`]))
  const { instance: _echo, ...own } = jsonOf(text) ?? {}
  const tells = INSIDES.exec(status >= 400 ? JSON.stringify(own) : '')
  if (tells) found.push(`its insides are told: ${tells[0]}`)
  return found
}

function wrongInProblem({ status, headers, text }: Received): string[] {
  const body = jsonOf(text)
  const wrong = checkOf(ProblemBody)(body)
  return [
    !String(headers['content-type']).startsWith('application/problem+json') &&
      `${headers['content-type']} is no problem`,
    wrong && `no problem details: ${wrong} in ${text.slice(0, 200)}`,
    body?.status !== status && `status ${status} is told as ${body?.status}`,
    body?.requestId !== headers['x-request-id'] && 'the request id is told in two ways',
  ].filter((problem) => typeof problem === 'string')
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
