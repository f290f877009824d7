export * from './apply'
export * from './known-participants'
export * from './management'
export * from './manifest'
