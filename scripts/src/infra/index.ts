export { type Addresses, addresses } from './addresses'
export { chromium, installBrowser } from './browser'
export { development } from './credentials'
export { InfraError, tailOf, Unavailable } from './infra-error'
export { down, serverPids, status, up } from './infrastructure'
export { cloneRoot, defaultInstance, type Instance } from './instance'
export { freePorts } from './port-claims'
export { type Ports, portsFromEnv, shiftPorts } from './ports'
export { startPostgres, stopPostgres } from './postgres'
export { answers } from './probe'
export { runningPid, signal, startNode, startProcess, stopProcess } from './processes'
export { installPrometheus } from './prometheus'
export { exposeMetrics, rabbitMqCtl, startRabbitMq, stopRabbitMq } from './rabbitmq'
export {
  clusterInstance,
  type RabbitMqCluster,
  startCluster,
  startClusterNode,
  stopCluster,
  stopClusterNode,
} from './rabbitmq-cluster'
export { startRedis, stopRedis } from './redis'
export { separateInstance } from './separate-instance'
export { waitFor } from './wait-for'
