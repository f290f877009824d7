export type { NewId } from '../ids'
export type { Contract, DataOf } from './define-event'
export type { Cause, Envelope, EventOf } from './envelope'
