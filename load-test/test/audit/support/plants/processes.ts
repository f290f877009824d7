import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { newId } from '@order-saga/common'
import type { Scene } from '../scene'
import { NOBODY, type Plant } from './plant'

const log = ({ directory }: Scene, line: string): string => {
  const file = join(directory, `${newId()}.log`)
  writeFileSync(file, `${line}\n`)
  return file
}

export const processes: Plant[] = [
  {
    name: 'a process ends badly',
    breaks: ['P1'],
    says: () => 'cart-service ended with 1',
    expectations: () => ({ exits: [{ service: 'cart-service', code: 1 }], allowedExitCodes: [137] }),
  },
  {
    name: 'a log tells of a crash',
    breaks: ['P1'],
    says: () => 'tells of a crash',
    expectations: (scene) => ({ logFiles: [log(scene, '    at run (/app/main.js:1:1)')] }),
  },
  {
    name: 'a secret is in a log',
    breaks: ['A1'],
    says: () => 'holds a planted secret',
    expectations: (scene) => ({ logFiles: [log(scene, '{"msg":"open sesame"}')], canaries: ['open sesame'] }),
  },
  {
    name: 'an address is in a log',
    breaks: ['A1'],
    says: () => 'holds an e-mail address',
    expectations: (scene) => ({ logFiles: [log(scene, `{"msg":"mail to ${scene.ada.email}"}`)] }),
  },
  {
    name: 'an accepted request is in no log',
    breaks: ['A1'],
    says: ({ paid }) => `order ${paid} was accepted; request ${NOBODY} is in no log`,
    expectations: (scene) => ({
      logFiles: [log(scene, '{"msg":"request","reqId":"another"}')],
      observations: [
        { kind: 'accepted', userId: scene.ada.id, idempotencyKey: null, orderId: scene.paid, requestId: NOBODY },
      ],
    }),
  },
  {
    name: "somebody sees another one's order",
    breaks: ['C1'],
    says: ({ eve, paid }) => `user ${eve.id} saw ${paid}`,
    expectations: ({ eve, paid }) => ({
      observations: [{ kind: 'answered', userId: eve.id, body: { items: [{ id: paid }] } }],
    }),
  },
]

/** Answers like an instance that has raised an alarm. */
export async function alarmedInstance(kind: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((_request, response) => response.end(`saga_alarms_total{kind="${kind}"} 1\n`))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
