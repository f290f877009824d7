/** Passwords of servers that only listen on loopback and only hold what a developer puts there. */
export const development = {
  postgres: { user: 'shop_admin', password: 'development-only-admin' },
  rabbitmq: { user: 'shop_admin', password: 'development-only-admin', vhost: 'shop' },
  redis: { password: 'development-only-redis' },
}
