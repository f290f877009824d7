import type { Databases } from './databases'
import type { Facts } from './facts'
import type { Findings } from './report'

/** S1 to S3: every piece is somewhere, and nothing is held for an order that has ended. */
export async function auditStock(databases: Databases, facts: Facts, findings: Findings): Promise<void> {
  await Promise.all([auditProducts(databases, findings), auditMovements(databases, findings)])
  const { orders, reservations } = facts
  for (const { id, status } of orders.values()) {
    const state = reservations.get(id)?.state ?? 'missing'
    if ((status === 'paid') !== (state === 'sold'))
      findings.broken('S2', `order ${id} is ${status}, its reservation ${state}`)
    else if (status === 'cancelled' && state === 'reserved')
      findings.broken('S2', `stock is held for the cancelled order ${id}`)
  }
  for (const { orderId, state, quantities } of reservations.values()) {
    const order = orders.get(orderId)
    if (!order && (state === 'reserved' || state === 'sold'))
      findings.broken('S2', `stock is ${state} for order ${orderId}, which does not exist`)
    if (order && quantities !== null && quantities !== order.quantities)
      findings.broken('S3', `order ${orderId} has ${order.quantities}; reserved is ${quantities}`)
    if ((state === 'reserved' || state === 'sold') && quantities === null)
      findings.broken('S3', `order ${orderId} is ${state} without lines`)
  }
  findings.checked('S2', orders.size)
  findings.checked('S3', reservations.size)
}

interface Shelf {
  readonly id: string
  readonly available: number
  readonly reserved: number
  readonly sold: number
  /** By the book of movements. */
  readonly supplied: number
  readonly held: number
  readonly handed: number
  /** By the reservations. */
  readonly held_lines: number
  readonly sold_lines: number
}

async function auditProducts(databases: Databases, findings: Findings): Promise<void> {
  const shelves = await databases.query<Shelf>('product-service', SHELVES)
  for (const one of shelves) {
    const { id, available, reserved, sold, supplied } = one
    if (available + reserved + sold !== supplied)
      findings.broken(
        'S1',
        `product ${id}: ${supplied} supplied; ${available} available, ${reserved} reserved, ${sold} sold`,
      )
    if (available < 0) findings.broken('S1', `product ${id}: ${available} available`)
    if (reserved !== one.held || sold !== one.handed)
      findings.broken(
        'S1',
        `product ${id}: ${reserved} reserved, ${sold} sold; moved were ${one.held} and ${one.handed}`,
      )
    if (reserved !== one.held_lines || sold !== one.sold_lines)
      findings.broken(
        'S1',
        `product ${id}: ${reserved} reserved, ${sold} sold; reservations have ${one.held_lines} and ${one.sold_lines}`,
      )
  }
  findings.checked('S1', shelves.length)
}

const SHELVES = `
  WITH moved AS (
    SELECT product_id,
      sum(quantity) FILTER (WHERE kind IN ('initial', 'restock', 'adjust')) AS supplied,
      sum(CASE kind WHEN 'reserve' THEN quantity WHEN 'release' THEN -quantity WHEN 'sell' THEN -quantity END) AS held,
      sum(quantity) FILTER (WHERE kind = 'sell') AS handed
    FROM stock_movements GROUP BY product_id
  ), lines AS (
    SELECT line."productId" AS product_id,
      sum(line.quantity) FILTER (WHERE state = 'reserved') AS held,
      sum(line.quantity) FILTER (WHERE state = 'sold') AS sold
    FROM reservations CROSS JOIN json_to_recordset(lines) AS line("productId" uuid, quantity int)
    WHERE state IN ('reserved', 'sold') GROUP BY 1
  )
  SELECT id, available, reserved, p.sold,
    coalesce(moved.supplied, 0)::float8 AS supplied, coalesce(moved.held, 0)::float8 AS held,
    coalesce(moved.handed, 0)::float8 AS handed,
    coalesce(lines.held, 0)::float8 AS held_lines, coalesce(lines.sold, 0)::float8 AS sold_lines
  FROM products p LEFT JOIN moved ON moved.product_id = p.id LEFT JOIN lines ON lines.product_id = p.id`

interface Moved {
  readonly order_id: string
  readonly state: string
  readonly reserved: string
  readonly left: string
}

/** S3: what left the shelf for an order are its lines, and it came back or was sold as a whole. */
async function auditMovements(databases: Databases, findings: Findings): Promise<void> {
  const odd = await databases.query<Moved>(
    'product-service',
    `WITH moved AS (
       SELECT order_id,
         coalesce(string_agg(product_id || ' ' || quantity, ', ' ORDER BY product_id)
           FILTER (WHERE kind = 'reserve'), '') AS reserved,
         coalesce(string_agg(product_id || ' ' || quantity, ', ' ORDER BY product_id)
           FILTER (WHERE kind IN ('release', 'sell')), '') AS left
       FROM stock_movements WHERE order_id IS NOT NULL GROUP BY order_id
     ), held AS (
       SELECT r.order_id, r.state, (SELECT coalesce(string_agg(line."productId" || ' ' || line.quantity, ', '
           ORDER BY line."productId"), '') FROM json_to_recordset(r.lines) AS line("productId" uuid, quantity int)) AS lines
       FROM reservations r
     )
     SELECT coalesce(held.order_id, moved.order_id) AS order_id, coalesce(held.state, 'missing') AS state,
       coalesce(moved.reserved, '') AS reserved, coalesce(moved.left, '') AS left
     FROM held FULL JOIN moved ON moved.order_id = held.order_id
     WHERE coalesce(moved.reserved, '') <> coalesce(held.lines, '')
        OR coalesce(moved.left, '') <> CASE held.state WHEN 'reserved' THEN '' ELSE coalesce(moved.reserved, '') END`,
  )
  for (const { order_id, state, reserved, left } of odd)
    findings.broken(
      'S3',
      `reservation of order ${order_id} is ${state}; taken were [${reserved}], gone on are [${left}]`,
    )
}
