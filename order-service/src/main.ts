import { runService } from '@order-saga/common'
import { readOrderConfig } from './config'
import { buildOrderService } from './service'

void runService(() => buildOrderService(readOrderConfig(process.env)))
