import { runService } from '@order-saga/common'
import { readMailerConfig } from './config'
import { buildMailerService } from './service'

void runService(() => buildMailerService(readMailerConfig(process.env)))
