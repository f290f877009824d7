import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { Seen } from './clients'
import type { Findings } from './report'
import { type AuditSources, type Expectations, fetchFrom, SourceUnreachable } from './sources'

/** P1 and A1: what the processes say of themselves, in metrics, logs and exit codes. */
export async function auditProcesses(sources: AuditSources, { requests }: Seen, findings: Findings): Promise<void> {
  const { instances = [], expectations = {} } = sources
  const { exits, logFiles } = expectations
  await Promise.all(instances.map((url) => raisesNoAlarm(url, expectations, findings)))
  endedWell(expectations, findings)
  if (instances.length === 0 && !exits && !logFiles)
    findings.notChecked('P1', 'neither running instances nor exit codes nor logs given')
  if (logFiles) await auditLogs(logFiles, expectations, requests, findings)
  else findings.notChecked('A1', 'no log files given')
}

async function raisesNoAlarm(url: string, { queueWasLost }: Expectations, findings: Findings): Promise<void> {
  const metrics = await (await fetchFrom('metrics', `${url}/metrics`)).text()
  for (const [line] of metrics.matchAll(/^saga_alarms_total\{.*\} [1-9].*$/gm))
    if (!(queueWasLost && ofLostQueue.test(line))) findings.broken('P1', `${url} raised an alarm: ${line}`)
  findings.checked('P1', 1)
}

function endedWell({ exits = [], allowedExitCodes = [] }: Expectations, findings: Findings): void {
  for (const { service, code } of exits)
    if (code !== 0 && !(code !== null && allowedExitCodes.includes(code)))
      findings.broken('P1', `${service} ended with ${code ?? 'a signal'}`)
  findings.checked('P1', exits.length)
}

const crash = /unhandled ?rejection|uncaught ?exception|^\s+at .+:\d+:\d+\)?$/i
const alarm = /"msg":"alarm: /
// what was told meanwhile had nowhere to go, and logger-service misses the queue
const ofLostQueue = /kind="(unroutable|topology)"|"msg":"alarm: (no queue is bound|the broker differs)/

/** What no log may hold. */
const secrets: readonly (readonly [string, RegExp])[] = [
  ['an access token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/],
  ['a payment token', /\btok_\w+/],
  ['a password in a URL', /\b\w+:\/\/[^\s/:@"]*:[^\s/@"]+@/],
  ['an e-mail address', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY/],
]

async function auditLogs(
  files: readonly string[],
  { canaries = [], queueWasLost }: Expectations,
  requests: ReadonlyMap<string, string>,
  findings: Findings,
): Promise<void> {
  const missing = new Map(requests)
  for (const file of files) {
    let number = 0
    for await (const line of linesOf(file)) {
      number += 1
      const place = `${basename(file)}:${number}`
      if (crash.test(line)) findings.broken('P1', `${place} tells of a crash: ${line.trim().slice(0, 120)}`)
      if (alarm.test(line) && !(queueWasLost && ofLostQueue.test(line)))
        findings.broken('P1', `${place} is an alarm: ${line.slice(0, 300)}`)
      for (const [what, pattern] of secrets) if (pattern.test(line)) findings.broken('A1', `${place} holds ${what}`)
      for (const canary of canaries) if (line.includes(canary)) findings.broken('A1', `${place} holds a planted secret`)
      const requestId = /"reqId":"([^"]+)"/.exec(line)?.[1]
      if (requestId) missing.delete(requestId)
    }
    findings.checked('A1', number)
  }
  findings.checked('P1', files.length)
  for (const [requestId, orderId] of missing)
    findings.broken('A1', `order ${orderId} was accepted; request ${requestId} is in no log`)
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  } catch (error) {
    throw new SourceUnreachable('log', error)
  }
}
