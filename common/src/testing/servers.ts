/** Where the tests find real servers. The defaults are those of `npm run up`. */
export const servers = {
  postgresAdminUrl:
    process.env.TEST_POSTGRES_ADMIN_URL ?? 'postgres://shop_admin:development-only-admin@127.0.0.1:21432/postgres',
  managementUrl: process.env.TEST_MANAGEMENT_URL ?? 'http://shop_admin:development-only-admin@127.0.0.1:21673',
  /** Without user and vhost. */
  amqpAddress: process.env.TEST_AMQP_ADDRESS ?? '127.0.0.1:21672',
  redisUrl: process.env.TEST_REDIS_URL ?? 'redis://:development-only-redis@127.0.0.1:21379',
}

/** Passwords of development and tests; production refuses them. */
export const developmentPassword = (user: string): string => `development-only-${user}`
