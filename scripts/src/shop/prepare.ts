import {
  applyTopology,
  databaseOf,
  databaseUrl,
  Management,
  manifestOf,
  migrate,
  provisionDatabase,
  rolesOf,
} from '@order-saga/common'
import type { Addresses } from '../infra'
import { participants } from '../participants'
import { passwordOf } from './credentials'

/** Roles, databases and schemas of all services. Repeating it changes nothing. */
export async function prepareDatabases({ postgresAdminUrl }: Addresses): Promise<void> {
  for (const { service, migrations } of participants) {
    const roles = rolesOf(service, passwordOf)
    await provisionDatabase(postgresAdminUrl, service, roles)
    await migrate(service, databaseUrl(postgresAdminUrl, databaseOf(service), roles.owner), [...migrations])
  }
}

/** Exchanges, queues, bindings, users and rights on the broker. Repeating it changes nothing. */
export async function prepareBroker({ amqpAdminUrl, vhost }: Addresses): Promise<void> {
  await applyTopology(new Management(amqpAdminUrl), manifestOf(participants), { vhost, passwordOf })
}
