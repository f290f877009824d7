import { type Envelope, type Id, newId } from '@order-saga/common'
import fc from 'fast-check'
import {
  absentPayment,
  chargeReserved,
  type Payment,
  type ProviderAnswer,
  recordAnswer,
  refuseOrRefund,
  settlePayment,
} from '../src/domain'
import { cancelled, inAnHour, paid, reserved } from './given'
import { type Instance, World } from './world'

/** What is explored are the pure decisions; this shows that the set-based SQL does the same, however it is batched. */

let world: World
let service: Instance

beforeAll(async () => {
  world = await World.create()
  service = world.instance(world.provider, { isCalling: false })
})
afterAll(() => world.close())

type Kind = 'reserved' | 'paid' | 'cancelled' | ProviderAnswer['kind']
interface Step {
  readonly order: number
  readonly kind: Kind
  readonly isDuplicate: boolean
}

const answers: Record<ProviderAnswer['kind'], ProviderAnswer> = {
  succeeded: { kind: 'succeeded', chargeId: 'ch_1' },
  declined: { kind: 'declined', reason: 'card_expired' },
  refunded: { kind: 'refunded' },
  unknown: { kind: 'unknown', why: 'timeout' },
  forgotten: { kind: 'forgotten' },
}
const isAnswer = (kind: Kind): kind is ProviderAnswer['kind'] => kind in answers

const step: fc.Arbitrary<Step> = fc.record({
  order: fc.nat({ max: 2 }),
  // weighted towards what usually happens, so that histories get far
  kind: fc.constantFrom<Kind>(
    'reserved',
    'reserved',
    'succeeded',
    'succeeded',
    'declined',
    'cancelled',
    'paid',
    'refunded',
    'unknown',
  ),
  isDuplicate: fc.boolean(),
})
const history = fc.array(step, { minLength: 1, maxLength: 14 })
const cuts = fc.array(fc.boolean(), { minLength: 14, maxLength: 14 })

const deadlineAt = inAnHour()

/** The same history for orders of its own: one event object per step, a duplicate is the very same one. */
function play(steps: readonly Step[]): { ids: Id[]; inputs: (Envelope | { orderId: Id; answer: ProviderAnswer })[] } {
  const ids = [newId(), newId(), newId()]
  const earlier = new Map<string, Envelope>()
  const inputs = steps.map(({ order, kind, isDuplicate }) => {
    const orderId = ids[order] as Id
    if (isAnswer(kind)) return { orderId, answer: answers[kind] }
    const name = `${order} ${kind}`
    const event = { reserved, paid, cancelled }[kind]({ orderId, ...(kind === 'reserved' && { deadlineAt }) })
    const told = (isDuplicate && earlier.get(name)) || event
    earlier.set(name, told)
    return told
  })
  return { ids, inputs }
}

async function run(inputs: ReturnType<typeof play>['inputs'], isCut: (index: number) => boolean): Promise<void> {
  let events: Envelope[] = []
  let answered: { orderId: Id; call: 'charge' | 'refund'; answer: ProviderAnswer }[] = []
  const flush = async () => {
    if (events.length > 0) await service.hear(...events)
    if (answered.length > 0) await service.record(...answered)
    events = []
    answered = []
  }
  for (const [index, input] of inputs.entries()) {
    const isSameKind = 'answer' in input ? events.length === 0 : answered.length === 0
    if (!isSameKind || isCut(index)) await flush()
    if ('answer' in input) answered.push({ ...input, call: 'charge' })
    else events.push(input)
  }
  await flush()
}

const endOf = async (id: Id) => {
  const row = await world.payment(id).catch(() => undefined)
  if (!row) return undefined
  const { state, cancel, reason, charge_id, refund_by, total_minor, payment_token } = row
  const told = await world.toldTypes(id)
  // two steps of one batch are one write, but the last one is on record
  const last = (await world.transitions(id)).at(-1)?.step.split(' → ').at(-1) ?? 'absent'
  return { state, cancel, reason, charge_id, refund_by, total_minor, payment_token, told, last }
}

const foldedAlone = (id: Id, { inputs }: ReturnType<typeof play>): string[] => {
  let payment: Payment = absentPayment
  const told: string[] = []
  const seen = new Set<Id>()
  for (const input of inputs) {
    const decision = decide(payment, input, id, seen)
    if (!decision) continue
    if (decision.kind === 'changed') payment = decision.state
    if ('emits' in decision)
      told.push(...decision.emits.map(({ contract, repeats }) => (repeats ? `${contract.type} again` : contract.type)))
  }
  return [payment.state, ...told]
}

function decide(payment: Payment, input: Envelope | { orderId: Id; answer: ProviderAnswer }, id: Id, seen: Set<Id>) {
  if ('answer' in input) return input.orderId === id ? recordAnswer(payment, input.answer, newId) : undefined
  if (input.subject !== id || seen.has(input.id)) return undefined
  seen.add(input.id)
  const data = input.data as never
  if (input.type === 'inventory.reserved') return chargeReserved(payment, data, newId)
  return input.type === 'order.paid' ? settlePayment(payment, data, newId) : refuseOrRefund(payment, data, newId)
}

test('however a history is cut into batches, it ends the same, tells the same and is what the pure decisions say', async () => {
  await fc.assert(
    fc.asyncProperty(history, cuts, async (steps, cut) => {
      const [whole, single, random] = [play(steps), play(steps), play(steps)]
      await run(whole.inputs, () => false)
      await run(single.inputs, () => true)
      await run(random.inputs, (index) => cut[index] ?? false)
      for (const order of [0, 1, 2]) {
        const end = await endOf(single.ids[order] as Id)
        expect(await endOf(whole.ids[order] as Id)).toEqual(end)
        expect(await endOf(random.ids[order] as Id)).toEqual(end)
        if (end) expect([end.last, ...end.told]).toEqual(foldedAlone(single.ids[order] as Id, single))
      }
    }),
    { numRuns: 60 },
  )
})
