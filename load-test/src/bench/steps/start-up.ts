import { prepareShop, servicesDown, shopUp } from '@order-saga/scripts/shop/shop-up'
import { NO_LIMITS } from '../../no-limits'
import type { Step } from './step'

const TARGET_S = 8

/** How long all services take from nothing to ready, with their servers up. */
export const startUp: Step = {
  about: 'how soon all services are ready',
  async run() {
    await servicesDown()
    await prepareShop(() => {})
    const beganMs = performance.now()
    await shopUp(() => {}, NO_LIMITS)
    const seconds = (performance.now() - beganMs) / 1_000
    const measured = `${seconds.toFixed(1)} s`
    return [{ what: 'start of all services', target: `≤ ${TARGET_S} s`, measured, isMet: seconds <= TARGET_S }]
  },
}
