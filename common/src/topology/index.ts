export * from './apply'
export * from './management'
export * from './manifest'
