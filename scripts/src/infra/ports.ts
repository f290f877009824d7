/** Every port of the infrastructure. All lie below 32768, where the kernel never picks one for an outgoing connection. */
export interface Ports {
  postgres: number
  amqp: number
  management: number
  erlangDistribution: number
  epmd: number
  redis: number
  smtp: number
  mailWeb: number
  provider: number
}

const declared: Record<keyof Ports, { variable: string; default: number }> = {
  postgres: { variable: 'SHOP_POSTGRES_PORT', default: 21432 },
  amqp: { variable: 'SHOP_AMQP_PORT', default: 21672 },
  management: { variable: 'SHOP_AMQP_MANAGEMENT_PORT', default: 21673 },
  erlangDistribution: { variable: 'SHOP_ERLANG_PORT', default: 21674 },
  epmd: { variable: 'SHOP_EPMD_PORT', default: 21675 },
  redis: { variable: 'SHOP_REDIS_PORT', default: 21379 },
  smtp: { variable: 'SHOP_SMTP_PORT', default: 21025 },
  mailWeb: { variable: 'SHOP_MAIL_WEB_PORT', default: 8025 },
  provider: { variable: 'SHOP_PROVIDER_PORT', default: 8090 },
}

export const portNames = Object.keys(declared) as (keyof Ports)[]
export const portVariable = (name: keyof Ports): string => declared[name].variable

const ports = (of: (name: keyof Ports) => number) =>
  Object.fromEntries(portNames.map((name) => [name, of(name)])) as unknown as Ports

export const portsFromEnv = (env: NodeJS.ProcessEnv = process.env): Ports =>
  ports((name) => Number(env[declared[name].variable] || declared[name].default))

/** The ports of a second instance beside the first, such as a broker that a test may kill. */
export const shiftPorts = (base: Ports, by: number): Ports => ports((name) => base[name] + by)
