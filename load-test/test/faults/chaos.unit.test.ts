import type { Fault, Scene } from '../../src/faults/catalogue'
import { Chaos, type Happened } from '../../src/faults/chaos'

interface Trace {
  readonly active: Set<string>
  /** The most that were active at any moment. */
  most: number
  together: string[]
}

/** A fault that breaks nothing and writes down who was active with it. */
const traced =
  (trace: Trace, hasStruck = () => true) =>
  (kind: string): Fault => ({
    kind,
    about: '',
    targets: ['it'],
    lastsMs: [1, 1],
    hits: (target) => `${target} of ${kind[0]}`,
    strike: async (_scene, target) => {
      trace.together.push(...[...trace.active].filter((other) => other[0] === kind[0]))
      trace.active.add(kind)
      trace.most = Math.max(trace.most, trace.active.size)
      return {
        heal: async () => void trace.active.delete(kind),
        hasStruck,
        target,
      }
    },
  })

const REST_MS = 120

async function run(
  kinds: readonly string[],
  faultOf: (kind: string) => Fault,
  rush = async () => () => {},
): Promise<Happened[]> {
  const happened: Happened[] = []
  const chaos = new Chaos({
    scene: {} as Scene,
    appointments: kinds.map((kind, n) => ({ n, kind, target: 'it', atMs: 0, lastsMs: 200 })),
    nowMs: () => performance.now(),
    rush,
    onHappened: (fault) => happened.push(fault),
    faultOf,
    restMs: REST_MS,
  })
  await chaos.run()
  return happened
}

const fresh = (): Trace => ({ active: new Set(), most: 0, together: [] })

it('never more than two at once, never two that hit the same, and all of them in the end', async () => {
  const trace = fresh()
  const kinds = ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']
  const happened = await run(kinds, traced(trace))
  expect(trace.most).toBe(2)
  expect(trace.together).toEqual([])
  expect(happened.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted())
})

it('a fault that met nothing is tried again after a rest, three times at most', async () => {
  const happened = await run(
    ['a1'],
    traced(fresh(), () => false),
  )
  expect(happened.map(({ hasStruck }) => hasStruck)).toEqual([false, false, false])
  const rests = happened.slice(1).map(({ atMs }, n) => atMs - (happened[n]?.healedMs ?? 0))
  expect(rests.filter((ms) => ms < REST_MS)).toEqual([])
})

it('a fault that could not strike says why, and a fault that cannot be healed ends the run', async () => {
  const broken = (kind: string): Fault => ({
    ...traced(fresh())(kind),
    strike: async () => {
      throw new Error('nothing there')
    },
  })
  expect((await run(['a1'], broken))[0]).toMatchObject({ hasStruck: false, trouble: 'nothing there' })
  const incurable = (kind: string): Fault => ({
    ...traced(fresh())(kind),
    strike: async () => ({
      heal: async () => {
        throw new Error('still broken')
      },
      hasStruck: () => true,
    }),
  })
  await expect(run(['a1'], incurable)).rejects.toThrow('still broken')
})

it('a fault that wants a crowd strikes when it has come in, any other without one', async () => {
  const sequence: string[] = []
  const inRush = (kind: string): Fault => ({
    ...traced(fresh())(kind),
    isInRush: kind === 'a1',
    strike: async () => {
      sequence.push(kind)
      return { heal: async () => {}, hasStruck: () => true }
    },
  })
  await run(['a1', 'a2'], inRush, async () => {
    sequence.push('a crowd')
    return () => void sequence.push('calm')
  })
  expect(sequence).toEqual(['a crowd', 'a1', 'calm', 'a2'])
})
