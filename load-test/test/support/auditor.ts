import { buildAuditor } from '@order-saga/scripts/auditor/build-auditor'
import { freePorts } from '@order-saga/scripts/infra'
import { auditSourcesOf } from './audit-shop'
import type { TestShop } from './test-shop'

/** The auditor's process, in this one. It waits for nothing to end, and may go away and come back. */
export class TestAuditor {
  #running: Awaited<ReturnType<typeof buildAuditor>> | undefined

  private constructor(private readonly port: number) {}

  static async atSomePort(): Promise<TestAuditor> {
    const [port] = await freePorts(1)
    return new TestAuditor(port as number)
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async start(shop: TestShop): Promise<void> {
    const { jwksUrl } = shop
    const config = { jwksUrl, tokenIssuer: 'order-saga', tokenAudience: 'shop', host: '127.0.0.1', logLevel: 'silent' }
    this.#running = await buildAuditor({ ...config, port: this.port }, () => auditSourcesOf(shop), 0)
    await this.#running.start()
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
    this.#running = undefined
  }
}
