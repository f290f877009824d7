import { SERVICES, type ServiceName } from '@order-saga/common'

/** What every container of ours is: no root, no privilege, nothing writable. */
export const containerSecurity = `          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }`

export const podSecurity = `      automountServiceAccountToken: false
      # a Service's address as a variable would be taken for a setting
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile: { type: RuntimeDefault }`

const spread = (service: ServiceName, key: string): string => `        - topologyKey: ${key}
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: { matchLabels: { app.kubernetes.io/name: ${service} } }`

const probes = `          # the broker or the database may take its time: that is readiness, never a reason to be killed
          startupProbe: { httpGet: { path: /livez, port: http }, periodSeconds: 1, failureThreshold: 60 }
          readinessProbe: { httpGet: { path: /readyz, port: http }, periodSeconds: 3, timeoutSeconds: 3, failureThreshold: 2 }
          livenessProbe: { httpGet: { path: /livez, port: http }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 }`

export const deployment = (service: ServiceName): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${service}
spec:
  replicas: 2
  strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  selector: { matchLabels: { app.kubernetes.io/name: ${service} } }
  template:
    metadata:
      labels: { app.kubernetes.io/name: ${service}, app.kubernetes.io/component: service }
      annotations: { order-saga/port: '${SERVICES[service].port}' }
    spec:
${podSecurity}
      # five seconds until nobody sends requests any more, twenty to drain
      terminationGracePeriodSeconds: 30
      topologySpreadConstraints:
${spread(service, 'kubernetes.io/hostname')}
${spread(service, 'topology.kubernetes.io/zone')}
      containers:
        - name: service
          image: order-saga
          command: [node, ${service}/dist/main.js]
          ports: [{ name: http, containerPort: ${SERVICES[service].port} }]
          envFrom:
            - configMapRef: { name: shop }
            - configMapRef: { name: ${service} }
            - secretRef: { name: ${service} }
          resources:
            requests: { cpu: 100m, memory: 192Mi }
            limits: { cpu: '1', memory: 512Mi }
${probes}
          lifecycle: { preStop: { sleep: { seconds: 5 } } }
${containerSecurity}
`

export const service = (name: ServiceName): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: { app.kubernetes.io/name: ${name} }
  ports: [{ name: http, port: ${SERVICES[name].port}, targetPort: http }]
`

export const disruptionBudget = (service: ServiceName): string => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${service}
spec:
  maxUnavailable: 1
  selector: { matchLabels: { app.kubernetes.io/name: ${service} } }
`
