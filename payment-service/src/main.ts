import { runService } from '@order-saga/common'
import { readPaymentConfig } from './config'
import { buildPaymentService } from './service'

void runService(() => buildPaymentService(readPaymentConfig(process.env)))
