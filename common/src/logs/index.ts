export * from './cover'
export * from './log-line'
export * from './log-receiver'
export * from './tell-lines'
