import { join } from 'node:path'
import { development } from './credentials'
import type { ClusterNode, Instance } from './instance'

const { user, password, vhost } = development.rabbitmq

export const configuration = ({
  dataDir,
  ports,
  node,
}: Instance): string => `${node ? clustered(node) : ''}listeners.tcp.1 = 127.0.0.1:${ports.amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = ${ports.management}
default_vhost = ${vhost}
default_user = ${user}
default_pass = ${password}
default_user_tags.administrator = true
loopback_users = none
disk_free_limit.absolute = 50MB
collect_statistics_interval = 1000
log.dir = ${join(dataDir, 'rabbitmq/log')}
log.file = rabbitmq.log
log.file.level = info
log.console = false
`

// Figures of queues are two seconds old at most: the auditor and the tests wait for them, ten seconds otherwise. Here is
// how often a quorum queue tells them, above how often they are collected.
export const advanced = '[{rabbit, [{quorum_tick_interval, 1000}]}].\n'

// a minority pauses: two halves that both go on would be two shops
const clustered = ({ seed }: ClusterNode) => `cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = ${seed}
cluster_partition_handling = pause_minority
`

/** Names every place RabbitMQ would otherwise look for in /etc/rabbitmq and /var/lib/rabbitmq. */
export function environment({ dataDir, ports, node }: Instance): NodeJS.ProcessEnv {
  const directory = join(dataDir, 'rabbitmq')
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: directory,
    // Makes the start script become the broker instead of its parent, so that the pid we know is the broker's
    RUNNING_UNDER_SYSTEMD: 'true',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: node?.name ?? 'shop@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_DIST_PORT: String(ports.erlangDistribution),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_CONF_ENV_FILE: join(directory, 'rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(directory, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(directory, 'mnesia'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_PID_FILE: join(directory, 'beam.pid'),
  }
}
