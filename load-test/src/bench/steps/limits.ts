import { serviceNames, settings } from '@order-saga/common'
import { ask, ShopClient } from '@order-saga/common/client'
import { baseUrlOf } from '@order-saga/scripts/shop/service-env'
import { servicesDown, shopUp } from '@order-saga/scripts/shop/shop-up'
import { register } from '../../shoppers/accounts'
import type { Step } from './step'

const BEYOND = 20

/** The shop as it is started every day, without the settings of a benchmark: one customer asks too much of it. */
export const limits: Step = {
  about: 'that the everyday limits refuse',
  async run(say) {
    await servicesDown()
    await shopUp(say)
    try {
      const { token } = await register(new ShopClient({ baseUrlOf }))
      const allowed = settings.writeLimit.fallback ?? 0
      const url = `${baseUrlOf('cart-service')}/cart`
      const statuses: number[] = []
      let unhinted = 0
      for (let n = 0; n < allowed + BEYOND; n++) {
        const answer = await ask({ url, method: 'DELETE', token, timeoutMs: 10_000 })
        statuses.push(answer?.status ?? 0)
        if (answer?.status === 429 && !answer.headers.has('retry-after')) unhinted++
      }
      const refused = statuses.filter((status) => status === 429).length
      const isMet = statuses.slice(0, allowed).every((status) => status < 300) && refused === BEYOND && unhinted === 0
      return [
        {
          what: `${allowed + BEYOND} changes of one customer within a minute, everyday limits, ${serviceNames.length} services`,
          target: `${BEYOND} refused with 429 and Retry-After`,
          measured: `${refused} refused, ${unhinted} without Retry-After`,
          isMet,
        },
      ]
    } finally {
      await servicesDown()
    }
  },
}
