import { Id, OneOf, Problem, Text } from '@order-saga/common'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Place, type Sort, sorts } from '../domain/sort'

// lower case can be longer than what it is of
const Key = Text(1_000, 0)
const Cursor = Type.Tuple([OneOf(...sorts), Key, Id])
const checked = Compile(Cursor)
const PlainId = Compile(Id)
const Price = /^\d{1,13}$/

/** By id a cursor is the id; else it holds the value as well, so that a product that changes moves nothing but itself. */
export const cursorOf = (sort: Sort, { key, id }: Place): string =>
  key === null ? id : Buffer.from(JSON.stringify([sort, key, id])).toString('base64url')

/** Refuses what is no cursor of ours, or one of a list sorted in another way. */
export function placeOf(sort: Sort, cursor: string): Place {
  if (sort === 'id' || sort === '-id') return PlainId.Check(cursor) ? { key: null, id: cursor } : refuse()
  const [madeFor, key, id] = read(cursor)
  const isSound = madeFor === sort && (!sort.endsWith('price') || Price.test(key))
  return isSound ? { key, id } : refuse()
}

function read(cursor: string): Static<typeof Cursor> {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (checked.Check(value)) return value
  } catch {
    // no JSON
  }
  return refuse()
}

function refuse(): never {
  throw new Problem(400, 'invalid-cursor', 'after takes the next of a page of the same sort.')
}
