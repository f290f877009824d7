import { type Bus, type ServiceName, silent } from '@order-saga/common'
import type { Confirmation, OutgoingMessage } from '../../../common/src/messaging/bus'
import { RabbitBus } from '../../../common/src/messaging/rabbit-bus'

/** The real broker, to which every message goes twice: what a relay that lost its confirm does, while the saga runs. */
export class EchoBus extends RabbitBus implements Bus {
  constructor(service: ServiceName, url: string) {
    super({ service, url, heartbeatS: 5, log: silent })
  }

  override async publish(message: OutgoingMessage): Promise<Confirmation> {
    await super.publish(message)
    return super.publish(message)
  }
}
