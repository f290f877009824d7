export type { Answer, Ask, Question } from './ask'
export { PlacementUnknown, Refused } from './errors'
export * from './place-order'
export * from './poll-order'
