import { runService } from '@order-saga/common'
import { readProductConfig } from './config'
import { buildProductService } from './service'

void runService(() => buildProductService(readProductConfig(process.env)))
