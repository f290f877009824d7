import { type Queryable, statement } from '@order-saga/common'

/** A table whose rows are found by what is known of them, newest first. All of it is written in the code. */
export interface Findable<Filter> {
  readonly name: string
  readonly select: string
  /** For each known value the condition it makes, with `$` where the value goes. */
  readonly conditions: Readonly<Record<keyof Filter, string>>
}

/**
 * A statement of its own for every set of filters: with `$1 IS NULL OR` for each of them the planner could use no
 * index. One row more than asked for says that there is a next page.
 */
export function findNewest<Row, Filter extends object = object>(
  db: Queryable,
  { name, select, conditions }: Findable<Filter>,
  filter: Filter,
  limit: number,
): Promise<Row[]> {
  const keys = Object.keys(conditions) as (keyof Filter & string)[]
  const given = keys.filter((key) => filter[key] !== undefined)
  // a name may be 63 characters long
  const shape = keys.map((key) => (given.includes(key) ? '1' : '0')).join('')
  const where = given.map((key, index) => conditions[key].replaceAll('$', `$${index + 2}`))
  const text = [select, ['WHERE true', ...where].join(' AND '), 'ORDER BY id DESC LIMIT $1'].join(' ')
  const values = given.map((key) => filter[key])
  return db.query(statement<Row>(`${name}-${shape}`, text), [limit + 1, ...values])
}
