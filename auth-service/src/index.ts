export { type AuthConfig, readAuthConfig } from './config'
export { participant } from './participant'
export { buildAuthService } from './service'
