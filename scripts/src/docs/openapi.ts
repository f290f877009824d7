import { documentOf, type RunnableParticipant, type ServiceName } from '@order-saga/common'
import { participants } from '../participants'
import type { Document } from './documents'

// nobody listens there: what a service says about its routes needs no server
const NOWHERE = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  SHOP_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
  SHOP_AMQP_URL: 'amqp://nobody@127.0.0.1:1/nothing',
  SHOP_REDIS_URL: 'redis://127.0.0.1:1',
}

export const openApiPath = (service: ServiceName): string => `docs/openapi/${service}.json`

/** The OpenAPI document that each service has at /docs/json, from its routes. */
export async function openApiDocuments(): Promise<Document[]> {
  const documents: Document[] = []
  for (const participant of participants) documents.push(await written(participant))
  return documents
}

async function written({ service, build }: RunnableParticipant): Promise<Document> {
  const runtime = await build(NOWHERE)
  try {
    await runtime.app.ready()
    return { path: openApiPath(service), content: `${JSON.stringify(documentOf(runtime.app), null, 2)}\n` }
  } finally {
    await runtime.stop()
  }
}
