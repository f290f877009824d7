import { runService } from '@order-saga/common'
import { readAuthConfig } from './config'
import { buildAuthService } from './service'

void runService(() => buildAuthService(readAuthConfig(process.env)))
