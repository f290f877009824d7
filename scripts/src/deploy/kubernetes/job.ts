import type { Job } from '../containers'
import { reachedByJob } from '../reach'
import { egressRules } from './policy'
import { containerSecurity, podSecurity } from './workload'

/** What prepares databases or broker, once for each release, and may be repeated. */
export const jobFile = (job: Job): string => `apiVersion: batch/v1
kind: Job
metadata:
  name: ${job}
spec:
  backoffLimit: 10
  activeDeadlineSeconds: 900
  ttlSecondsAfterFinished: 86400
  template:
    metadata:
      labels: { app.kubernetes.io/name: ${job}, app.kubernetes.io/component: job }
    spec:
      restartPolicy: OnFailure
${podSecurity}
      containers:
        - name: ${job}
          image: order-saga
          command: [node, scripts/dist/${job}.js]
          envFrom: [{ configMapRef: { name: ${job} } }, { secretRef: { name: ${job} } }]
          resources:
            requests: { cpu: 100m, memory: 128Mi }
            limits: { cpu: '1', memory: 512Mi }
${containerSecurity}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${job}
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: ${job} } }
  policyTypes: [Ingress, Egress]
  egress:
${egressRules(reachedByJob(job))}
`
