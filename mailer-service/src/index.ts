export { participant } from './participant'
export { buildMailerService } from './service'
