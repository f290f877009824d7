import { growth } from './growth'
import { idle } from './idle'
import { limits } from './limits'
import { memory } from './memory'
import { overload } from './overload'
import { reads } from './reads'
import { startUp } from './start-up'
import type { Step } from './step'

export const PAST_ORDERS = 1_000_000

export const stepNames = ['start', 'idle', 'memory', 'reads', 'limits', 'overload', 'growth'] as const
export type StepName = (typeof stepNames)[number]

export const stepsOf = (pastOrders = PAST_ORDERS): Readonly<Record<StepName, Step>> => ({
  start: startUp,
  idle,
  memory,
  reads,
  limits,
  overload,
  growth: growth(pastOrders),
})
