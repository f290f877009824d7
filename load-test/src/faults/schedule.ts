import { Random } from '../random'
import { catalogue, faultOf } from './catalogue'
import { chaosMs, faultsIn, type Size } from './size'

/** One fault to come. */
export interface Appointment {
  readonly n: number
  readonly kind: string
  readonly target: string
  /** Since the first order. */
  readonly atMs: number
  readonly lastsMs: number
}

// the first orders come through undisturbed, and the last fault hits while there are still some to come
const FIRST_AT = 0.03
const LAST_AT = 0.93

/** The same seed and size are the same faults, in the same sequence, at the same times. */
export function schedule(seed: number, size: Size): Appointment[] {
  const random = new Random(seed)
  const drawn = Array.from({ length: size.further }, () => random.oneOf(catalogue).kind)
  const kinds = random.shuffled([...Array.from({ length: size.times }, () => size.kinds).flat(), ...drawn])
  const gapMs = (chaosMs(size) * (LAST_AT - FIRST_AT)) / faultsIn(size)
  const nextTarget = targetsInTurn(random)
  return kinds.map((wanted, n) => {
    const [kind = '', target = nextTarget(kind)] = wanted.split(' ')
    const { lastsMs } = faultOf(kind)
    const jitterMs = random.below(Math.ceil(gapMs / 2))
    return {
      n,
      kind,
      target,
      atMs: Math.round(chaosMs(size) * FIRST_AT + n * gapMs + jitterMs),
      lastsMs: random.between(...lastsMs),
    }
  })
}

/** Every target of a kind once before any of them comes again. */
function targetsInTurn(random: Random): (kind: string) => string {
  const rest = new Map<string, string[]>()
  return (kind) => {
    const left = rest.get(kind) ?? []
    const turn = left.length > 0 ? left : random.shuffled(faultOf(kind).targets)
    const [next = '', ...others] = turn
    rest.set(kind, others)
    return next
  }
}
