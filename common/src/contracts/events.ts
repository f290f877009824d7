// Every publisher's file. A new one belongs here, and nowhere else.
export * from './inventory-events'
export * from './order-events'
export * from './payment-events'
export * from './product-events'
export * from './user-events'
