import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Failpoint, ServiceName } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { asProcess, isLastWords } from '../../support/instance'
import type { TestShop } from '../../support/test-shop'

export interface Doom {
  readonly service: ServiceName
  readonly point: Failpoint
  /** Who passes it: a handler's event, a use case, a timer … */
  readonly name: string
}

// a process that lives longer than this never came by
const REACHED_WITHIN_MS = 60_000

export const failpointOf = ({ point, name }: Omit<Doom, 'service'>): string => `${point}:${name}=kill@1`

/** The running service dies when `name` next passes the point; answers what waits for that death. */
export async function arm(shop: TestShop, doom: Doom): Promise<() => Promise<void>> {
  const child = shop.process(doom.service)
  const death = deathOf(child, doom)
  const isArmed = once(child, 'message')
  child.send(failpointOf(doom))
  await isArmed
  return async () => {
    await death()
    await shop.buried(doom.service)
  }
}

/** Starts a service, which is not running, with the setting; resolves when it has died of it. */
export async function startAndDie(shop: TestShop, doom: Doom): Promise<void> {
  const settings = { SHOP_FAILPOINTS: failpointOf(doom) }
  const { child } = await asProcess(doom.service, shop.envOf(doom.service, settings), settings)
  if (child) await deathOf(child, doom)()
}

/** Listens from now on: a process that dies says nothing afterwards. Waits for a death by kill -9 at this very point. */
export function deathOf(child: ChildProcess, { point, name }: Omit<Doom, 'service'>): () => Promise<void> {
  let lastWords = ''
  child.stderr?.on('data', (text: Buffer) => {
    if (isLastWords(text)) lastWords += text.toString()
  })
  return async () => {
    await eventually(() => {
      if (child.signalCode === null && child.exitCode === null) throw new Error(`nobody was at ${point} with ${name}`)
    }, REACHED_WITHIN_MS)
    expect(child.signalCode).toBe('SIGKILL')
    // its end may be known before its last words are read
    await eventually(() => expect(lastWords).toContain(`failpoint ${point}: killed with `))
    expect(lastWords).toContain(name)
  }
}
