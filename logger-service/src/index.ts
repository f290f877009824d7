export { participant } from './participant'
export { buildLoggerService } from './service'
