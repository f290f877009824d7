import { auditBroker } from './broker'
import { auditClients } from './clients'
import { Databases } from './databases'
import { auditEffects } from './effects'
import { auditEndings } from './endings'
import { auditEvents } from './events'
import { gatherFacts } from './facts'
import { auditDeadLetters, auditLeftovers } from './leftovers'
import { auditLetters } from './letters'
import { auditMoney } from './money'
import { auditProcesses } from './processes'
import { type AuditReport, Findings } from './report'
import type { AuditSources } from './sources'
import { auditStock } from './stock'

export { Databases } from './databases'
export { inFlight, whenQuiet } from './in-flight'
export { type InvariantId, invariants } from './invariants'
export type { Observation } from './observations'
export type { AuditReport, InvariantReport } from './report'
export { type AuditSources, type Exit, type Expectations, type Poison, SourceUnreachable, type Told } from './sources'

/**
 * Whether the shop keeps its promises, from its databases, the provider's ledger, the mail server and the broker alone.
 * Throws SourceUnreachable when one of them cannot be asked. What is still in flight may look broken: see `inFlight`.
 * Connecting is most of the work: whoever looks often opens the databases once, and closes them.
 */
export async function audit(sources: AuditSources, opened?: Databases): Promise<AuditReport> {
  const beganAtMs = performance.now()
  const databases = opened ?? new Databases(sources.databases)
  const findings = new Findings()
  try {
    await auditAll(databases, sources, findings)
    return findings.report(Math.round(performance.now() - beganAtMs))
  } finally {
    if (!opened) await databases.close()
  }
}

async function auditAll(databases: Databases, sources: AuditSources, findings: Findings): Promise<void> {
  const { expectations = {} } = sources
  const { observations, healedAt, injectedPoisons = [], toldByHand = [] } = expectations
  const [facts, tellings] = await Promise.all([
    gatherFacts(databases, sources),
    auditEvents(databases, toldByHand, findings),
  ])
  await Promise.all([
    auditMoney(databases, facts, findings),
    auditStock(databases, facts, findings),
    auditEndings(databases, healedAt, findings),
    auditLetters(databases, facts, expectations, findings),
    auditEffects(databases, facts, tellings, findings),
    auditLeftovers(databases, findings),
    auditDeadLetters(databases, injectedPoisons, findings),
    auditBroker(sources, findings),
    auditClients(facts.orders, observations, findings).then((seen) => auditProcesses(sources, seen, findings)),
  ])
}
