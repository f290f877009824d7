import { writeSync } from 'node:fs'

/**
 * Every place where a test may end the process as `kill -9` does, each between two facts that become durable one
 * after the other, and what is durable there.
 */
export const failpoints = {
  'transaction.before_commit': 'All rows and events are written, and gone with the process.',
  'transaction.commit_sent': 'COMMIT is on its way; nobody here knows whether it arrived.',
  'transaction.committed': 'Rows and outbox are durable; nothing is published, answered or acknowledged.',
  'order.before_answer': 'The order is durable; its customer does not know.',
  'delivery.received': 'Nothing of the event; the broker waits for the ack.',
  'delivery.before_ack': 'The event is settled; the broker does not know and delivers it again.',
  'delivery.acked': 'The event is settled, at the broker too; what it made us tell may be unsent.',
  'relay.before_publish': 'The event is in the outbox, marked unsent; the broker does not have it.',
  'relay.published': 'The event is on its way to the broker, marked unsent; no confirm is read.',
  'relay.confirmed': 'The broker has the event, which is still marked unsent.',
  'relay.unmarked': 'The broker has the event, and it is not marked any more.',
  'provider.before_call': 'The payment is charging or refunding; the provider has not heard of it.',
  'provider.executed': 'The provider has moved the money or refused; its answer is not read.',
  'provider.answered': 'The provider has moved the money or refused; its answer is not recorded.',
  'mail.before_send': 'The mail is due and leased; the mail server does not have it.',
  'mail.accepted': 'The mail server has the mail, which is still due.',
  'migration.before_commit': 'The migrations before this one; its own changes are gone with the process.',
  'migration.committed': 'All tables; the rights on them may be missing.',
  'startup.before_listening': 'Whatever was there before; nobody can ask for anything yet.',
} as const satisfies Record<string, string>

export type Failpoint = keyof typeof failpoints

/** One that ends the process when it is passed for the `pass`-th time: by `name`, or without one by anything. */
export interface ArmedFailpoint {
  readonly point: Failpoint
  readonly name?: string | undefined
  readonly pass: number
}

/** What passes: handlers, event types, use cases, timers. A function, where telling costs something. */
export type Passing = readonly string[] | (() => readonly string[])

const isFailpoint = (text: string): text is Failpoint => Object.hasOwn(failpoints, text)

/** Reads `point[:name]=kill@pass`, several with commas between them. */
export function parseFailpoints(raw: string): readonly ArmedFailpoint[] {
  return raw.split(',').map((text) => {
    const [, point = '', name, pass] = /^([a-z._]+)(?::([^=]+))?=kill@([1-9]\d{0,8})$/.exec(text.trim()) ?? []
    if (!isFailpoint(point)) throw new Error('must be failpoints as in delivery.before_ack:confirmOrder=kill@1')
    return { point, name, pass: Number(pass) }
  })
}

let passes: ((point: Failpoint, passing: Passing) => void) | undefined

/** From now on these and no others. Nothing reaches this in production: the settings refuse it. */
export function armFailpoints(armed: readonly ArmedFailpoint[]): void {
  const left = armed.map((one) => ({ ...one }))
  const pass = (point: Failpoint, passing: Passing) => {
    for (const one of left) {
      if (one.point !== point) continue
      const names = typeof passing === 'function' ? passing() : passing
      if (one.name !== undefined && !names.includes(one.name)) continue
      if (--one.pass === 0) die(`failpoint ${point}: killed with ${names.join(', ') || 'nothing'} in hand`)
    }
  }
  passes = left.length > 0 ? pass : undefined
}

/** Marks a place in the code; each name marks one. Without effect unless armed. */
export function failpoint(point: Failpoint, passing: Passing = []): void {
  passes?.(point, passing)
}

/** The same behind a message to the broker, which its client has only queued: passed when the socket has it. */
export function failpointOnceSent(point: Failpoint, passing: Passing): void {
  // the client looks at its queues in the next turn
  if (passes) setImmediate(() => setImmediate(() => passes?.(point, passing)))
}

function die(lastWords: string): void {
  writeSync(process.stderr.fd, `${lastWords}\n`)
  process.kill(process.pid, 'SIGKILL')
  // should the signal be late, nothing that comes after this point may run
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
