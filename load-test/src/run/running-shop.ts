import { type ServiceName, serviceNames } from '@order-saga/common'
import type { AuditSources } from '@order-saga/scripts/audit'
import { serverPids } from '@order-saga/scripts/infra'
import { auditSources } from '@order-saga/scripts/shop/audit-sources'
import { baseUrlOf } from '@order-saga/scripts/shop/service-env'
import { isRunning, pidOf } from '@order-saga/scripts/shop/service-processes'
import { shopUp } from '@order-saga/scripts/shop/shop-up'
import { NO_LIMITS } from '../no-limits'
import type { KnownProcess } from './process-times'

/** A shop that takes orders, as far as a load test has to know it. */
export interface Shop {
  url(service: ServiceName): string
  auditSources(): AuditSources
  /** Services and servers, where they are processes of this machine. */
  processes(): readonly KnownProcess[]
}

/** The shop of `npm run up`, started without limits. A service that runs already keeps the settings it has. */
export async function runningShop(say: (line: string) => void): Promise<Shop> {
  if (serviceNames.every(isRunning)) say('the shop runs already, with the settings it was started with')
  await shopUp(say, NO_LIMITS)
  await refuseLimits()
  return {
    url: baseUrlOf,
    auditSources,
    processes: () => [
      ...serviceNames.flatMap((name) => {
        const pid = pidOf(name)
        return pid === undefined ? [] : [{ name, pid }]
      }),
      ...serverPids().map(({ title, pid }) => ({ name: title, pid })),
    ],
  }
}

/** All customers come from one address: with everyday limits the shop would turn most of them away. */
async function refuseLimits(): Promise<void> {
  const answer = await fetch(`${baseUrlOf('auth-service')}/login`, { method: 'POST' })
  await answer.body?.cancel()
  const [, quota = NO_LIMITS.SHOP_WRITE_LIMIT] = /;q=(\d+)/.exec(answer.headers.get('ratelimit-policy') ?? '') ?? []
  if (Number(quota) < Number(NO_LIMITS.SHOP_WRITE_LIMIT))
    throw new Error('the shop that runs limits how much one address may ask: npm run down, then try again')
}
