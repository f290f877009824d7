import type { Databases } from './databases'
import type { Findings } from './report'

/** T2 and T4: every order has ended, once, and in time. */
export async function auditEndings(
  databases: Databases,
  healedAt: Date | undefined,
  findings: Findings,
): Promise<void> {
  const [pending, late, odd, [all]] = await Promise.all([
    databases.query<{ id: string }>('order-service', `SELECT id FROM orders WHERE status = 'pending' ORDER BY id`),
    healedAt ? databases.query<Late>('order-service', LATE, [healedAt]) : [],
    databases.query<Odd>('order-service', ODD),
    databases.query<{ count: number }>('order-service', 'SELECT count(*)::int FROM orders'),
  ])
  for (const { id } of pending) findings.broken('T2', `order ${id} is pending`)
  for (const { id, seconds } of late)
    findings.broken('T2', `order ${id} ended ${Math.round(seconds)} s after the last fault`)
  for (const { id, status, version, verdicts, last, versions } of odd)
    findings.broken(
      'T4',
      `order ${id} is ${status} in version ${version}; on record are ${verdicts} verdicts in ${versions} versions, the last is ${last}`,
    )
  findings.checked('T2', all?.count ?? 0)
  findings.checked('T4', all?.count ?? 0)
}

interface Late {
  readonly id: string
  readonly seconds: number
}

const LATE = `
  SELECT o.id, extract(epoch FROM t.at - $1)::float8 AS seconds
  FROM orders o JOIN order_transitions t ON t.order_id = o.id AND t.from_status = 'pending' AND t.to_status <> 'pending'
  WHERE t.at > greatest($1, o.created_at) + interval '60 s' ORDER BY o.id`

interface Odd {
  readonly id: string
  readonly status: string
  readonly version: number
  readonly verdicts: number
  readonly last: string
  readonly versions: number
}

const ODD = `
  WITH record AS (
    SELECT order_id, count(*)::int AS versions, max(version) AS version,
      (count(*) FILTER (WHERE to_status IN ('paid', 'cancelled') AND from_status IS DISTINCT FROM to_status))::int AS verdicts,
      (array_agg(to_status ORDER BY version DESC))[1] AS last
    FROM order_transitions GROUP BY order_id
  )
  SELECT o.id, o.status, o.version, coalesce(verdicts, 0) AS verdicts, coalesce(last, 'none') AS last,
    coalesce(versions, 0) AS versions
  FROM orders o LEFT JOIN record ON record.order_id = o.id
  WHERE o.status <> 'pending'
    AND (verdicts, last, record.version, versions) IS DISTINCT FROM (1, o.status, o.version, o.version)
  ORDER BY o.id`
