export * from './signature'
export * from './stripe-provider'
