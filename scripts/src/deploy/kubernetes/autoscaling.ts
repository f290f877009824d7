import { eventsQueue, type ServiceName, serviceNames } from '@order-saga/common'
import { participants } from '../../participants'

const BOUNDS = { min: 2, max: 8 }

const hears = (service: ServiceName): boolean =>
  participants.some(
    ({ service: name, reacts, hearsEverything }) => name === service && (hearsEverything || reacts.length > 0),
  )

/** By what waits in its queue, and by its processors. */
const scaledObject = (service: ServiceName): string => `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: ${service}
spec:
  scaleTargetRef: { name: ${service} }
  minReplicaCount: ${BOUNDS.min}
  maxReplicaCount: ${BOUNDS.max}
  cooldownPeriod: 300
  # with the broker away nobody knows what waits: as many as there should be anyway
  fallback: { failureThreshold: 3, replicas: ${BOUNDS.min} }
  triggers:
    - type: rabbitmq
      metadata: { protocol: http, vhostName: shop, queueName: ${eventsQueue(service)}, mode: QueueLength, value: '500' }
      authenticationRef: { name: queue-length }
    - type: cpu
      metricType: Utilization
      metadata: { value: '70' }
`

const horizontal = (service: ServiceName): string => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${service}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${service} }
  minReplicas: ${BOUNDS.min}
  maxReplicas: ${BOUNDS.max}
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]
`

/** Who hears events is scaled by its queue and its processors, who hears none by its processors alone. */
export const autoscaling = (): string =>
  serviceNames.map((service) => (hears(service) ? scaledObject(service) : horizontal(service))).join('---\n')
