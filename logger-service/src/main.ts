import { runService } from '@order-saga/common'
import { readLoggerConfig } from './config'
import { buildLoggerService } from './service'

void runService(() => buildLoggerService(readLoggerConfig(process.env)))
