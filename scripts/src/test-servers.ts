import { addresses, down, status, up } from './infra'

/** Starts the servers when they do not run, and then stops them again afterwards. */
export async function withServers<T>(say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  const wasRunning = (await status()).some(({ state }) => state !== 'stopped')
  await up(say)
  try {
    return await work()
  } finally {
    if (!wasRunning) await down({ volumes: false })
  }
}

/** Where tests find them. */
export function testServers(): NodeJS.ProcessEnv {
  const { postgresAdminUrl, amqpAdminUrl, amqpUrlBase, redisUrl } = addresses()
  return {
    TEST_POSTGRES_ADMIN_URL: postgresAdminUrl,
    TEST_MANAGEMENT_URL: amqpAdminUrl,
    TEST_AMQP_ADDRESS: new URL(amqpUrlBase).host,
    TEST_REDIS_URL: redisUrl,
  }
}
